import { expect, test } from 'vitest';
import { wayOf } from './stepKeys';

const press = (key: string, held: object = {}) => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...held,
});

test('arrows, pages and Space step; with another key held they are the control’s or the browser’s', () => {
  const ways = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  for (const [key, way] of Object.entries(ways)) {
    expect(wayOf(press(key), false), key).toBe(way);
    for (const held of ['shiftKey', 'altKey', 'ctrlKey', 'metaKey'])
      expect(wayOf(press(key, { [held]: true }), false), `${held} ${key}`).toBe(0);
  }
  for (const key of ['Enter', 'Escape', 'Tab', 'Home', 'a', '1']) expect(wayOf(press(key), false)).toBe(0);
});

test('in a field of text a space is a space, and all else steps', () => {
  expect(wayOf(press(' '), true)).toBe(0);
  expect(wayOf(press('PageDown'), true)).toBe(1);
  expect(wayOf(press('ArrowLeft'), true)).toBe(-1);
});
