import { beforeEach, expect, test } from 'vitest';
import { beginWith, DEFAULT_SETTING, preview, redo, reset, settle, undo, useExperiment } from './experiment';

const state = useExperiment.getState;
beforeEach(() => beginWith(DEFAULT_SETTING));

test('a drag is one step of the history, however many ticks it had', () => {
  for (const removed of [3, 9, 27]) preview(removed);
  expect(state().setting.removed).toBe(27);
  expect(state().settled.removed).toBe(0);
  settle();
  expect(state().settled.removed).toBe(27);
  expect(state().past.length).toBe(1);
});

test('undo and redo walk the history, and a new step ends the way forward', () => {
  settle({ removed: 5 });
  settle({ method: 'variance' });
  undo();
  expect(state().setting).toEqual({ ...DEFAULT_SETTING, removed: 5 });
  undo();
  undo();
  expect(state().setting).toEqual(DEFAULT_SETTING);
  redo();
  redo();
  redo();
  expect(state().setting).toEqual({ ...DEFAULT_SETTING, removed: 5, method: 'variance' });
  undo();
  settle({ compensation: 'mean' });
  expect(state().future).toEqual([]);
});

test('settling where one already is adds nothing, and reset can be undone', () => {
  settle({ removed: 5 });
  settle({ removed: 5 });
  expect(state().past.length).toBe(1);
  reset();
  expect(state().setting.removed).toBe(0);
  undo();
  expect(state().setting.removed).toBe(5);
});
