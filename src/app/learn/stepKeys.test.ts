import { expect, test } from 'vitest';
import { isBlank, wayOf } from './stepKeys';

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
    expect(wayOf(press(key), null), key).toBe(way);
    for (const held of ['shiftKey', 'altKey', 'ctrlKey', 'metaKey'])
      expect(wayOf(press(key, { [held]: true }), null), `${held} ${key}`).toBe(0);
  }
  for (const key of ['Enter', 'Escape', 'Tab', 'Home', 'a', '1']) expect(wayOf(press(key), null)).toBe(0);
});

test('in a field of text a space is a space, and all else steps', () => {
  expect(wayOf(press(' '), 'words')).toBe(0);
  expect(wayOf(press('PageDown'), 'words')).toBe(1);
  expect(wayOf(press('ArrowLeft'), 'words')).toBe(-1);
});

test('in a count the arrows up and down change it, and all else steps', () => {
  for (const key of ['ArrowUp', 'ArrowDown', '7', 'Backspace']) expect(wayOf(press(key), 'count')).toBe(0);
  for (const key of ['PageDown', ' ', 'ArrowRight']) expect(wayOf(press(key), 'count')).toBe(1);
  for (const key of ['PageUp', 'ArrowLeft']) expect(wayOf(press(key), 'count')).toBe(-1);
});

test('a point or B makes the screen dark, but where words are written, and in no shortcut', () => {
  for (const key of ['.', 'b', 'B']) {
    expect(isBlank(press(key), null)).toBe(true);
    expect(isBlank(press(key), 'count')).toBe(true);
    expect(isBlank(press(key), 'words')).toBe(false);
    expect(isBlank(press(key, { ctrlKey: true }), null)).toBe(false);
  }
  expect(isBlank(press('a'), null)).toBe(false);
});
