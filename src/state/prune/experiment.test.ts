import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import type { Setting } from '../../worker/protocol/choices';
import type { Finetuned } from '../../worker/protocol/results';
import {
  beginWith,
  changeWay,
  DEFAULT_SETTING,
  type Finetuning,
  finetuningOf,
  HELD,
  HISTORY,
  preview,
  pruningKey,
  putExtraction,
  putFinetuning,
  redo,
  reset,
  settle,
  undo,
  useExperiment,
} from './experiment';
import { DEFAULT_WAY } from './way';

const state = useExperiment.getState;
beforeEach(() => {
  beginWith(DEFAULT_SETTING, DEFAULT_WAY);
  useExperiment.setState({ finetunings: {}, extractions: {} });
});

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

test('what goes of a transformer, and how it is ranked, are steps like any other', () => {
  settle({ removed: 5 });
  changeWay({ unit: 'heads' });
  expect(state()).toMatchObject({ way: { unit: 'heads', ranking: 'network' }, setting: { removed: 0 } });
  changeWay({ unit: 'heads' });
  expect(state().past.length).toBe(2);
  undo();
  expect(state()).toMatchObject({ way: DEFAULT_WAY, settled: { removed: 5 } });

  // Whatever was done, undo goes back through what was seen, and redo forward again.
  const shown = () => JSON.stringify([state().settled, state().way]);
  const doing = fc.oneof(
    fc.nat(9).map((removed) => () => settle({ removed })),
    fc.constantFrom('mlp' as const, 'heads' as const).map((unit) => () => changeWay({ unit })),
    fc.constantFrom('network' as const, 'block' as const).map((ranking) => () => changeWay({ ranking })),
  );
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 30 }), (all) => {
      beginWith(DEFAULT_SETTING, DEFAULT_WAY);
      const seen = [shown()];
      for (const each of all) {
        each();
        if (shown() !== seen.at(-1)) seen.push(shown());
      }
      expect(state().past.length).toBe(seen.length - 1);
      for (const before of seen.slice(0, -1).toReversed()) {
        undo();
        expect(shown()).toBe(before);
      }
      for (const after of seen.slice(1)) {
        redo();
        expect(shown()).toBe(after);
      }
    }),
  );
});

test('the history forgets its oldest steps, and undo goes back through all others', () => {
  for (let removed = 1; removed <= 2 * HISTORY; removed++) settle({ removed });
  expect(state().past.length).toBe(HISTORY);
  for (let steps = 0; steps < 2 * HISTORY; steps++) undo();
  expect(state().settled.removed).toBe(HISTORY);
  expect(state().future.length).toBe(HISTORY);
  for (let steps = 0; steps < 2 * HISTORY; steps++) redo();
  expect(state().settled.removed).toBe(2 * HISTORY);
  expect(state().past.length).toBe(HISTORY);
});

const tuningAt = (removed: number, status: 'done' | 'running'): Finetuning => {
  const common = { epochs: [], inEpoch: 0, resumedFrom: null, elsewhere: false, note: null };
  const result = {} as unknown as Finetuned;
  return { ...common, setting: at(removed), ...(status === 'done' ? { status, result } : { status }) };
};
const extraction = {} as unknown as Extraction;
const at = (removed: number): Setting => ({ ...DEFAULT_SETTING, removed });
const held = (removed: number) => finetuningOf(state(), at(removed))?.status;

test('of settings those written last are held, and what is shown or settled on', () => {
  const settings = fc.array(fc.integer({ min: 1, max: 3 * HELD }), { maxLength: 5 * HELD });
  fc.assert(
    fc.property(settings, fc.nat(3 * HELD), fc.nat(3 * HELD), (all, shown, settled) => {
      useExperiment.setState({ finetunings: {}, extractions: {} });
      beginWith(at(settled));
      preview(shown);
      for (const removed of all) {
        putFinetuning(tuningAt(removed, 'done'));
        putExtraction(at(removed), extraction);
      }
      const last = [...new Set(all.toReversed())];
      const expected = last.filter((each, i) => i < HELD || each === shown || each === settled);
      const { finetunings, extractions } = state();
      expect(
        Object.values(finetunings)
          .map(({ setting }) => setting.removed)
          .sort(),
      ).toEqual(expected.toSorted());
      expect(Object.keys(extractions).sort()).toEqual(expected.map((each) => pruningKey(at(each))).sort());
    }),
  );
});

test('what runs stays, however many come after it', () => {
  putFinetuning(tuningAt(1, 'running'));
  putExtraction(at(1), null);
  for (let removed = 2; removed < 3 * HELD; removed++) {
    putFinetuning(tuningAt(removed, 'done'));
    putExtraction(at(removed), extraction);
  }
  expect(held(1)).toBe('running');
  expect(state().extractions[pruningKey(at(1))]).toBeNull();
  expect([held(2), held(2 * HELD - 1)]).toEqual([undefined, undefined]);
  expect(Object.keys(state().finetunings).length).toBe(HELD + 1);
});
