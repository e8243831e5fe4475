import { expect, test } from 'vitest';
import type { Sheet, SheetCurve } from '../lab/prune/sheet';
import { deadAmongRemoved, losslessTo, pointOf, pruneFacts } from './study';

/** Four neurons; accuracy by neurons kept, 0 … 4, upright and at the other turns. */
function sheetOf(upright: number[], dead = [0, 0, 0, 0]): { sheet: Sheet; curve: SheetCurve } {
  const accuracy = [upright, upright, upright, upright].map((values) => Float64Array.from(values));
  const counts = Uint32Array.from([9, 7, 5, 3, 1]);
  const curve = {
    method: 'l2',
    compensation: 'none',
    order: Uint32Array.from([2, 0, 3, 1]),
    accuracy,
    changed: counts,
    undecided: counts,
  } as const;
  const cost = Float64Array.from([0, 10, 20, 30, 40]);
  const sheet = {
    units: 4,
    tiles: 10,
    ofTiles: 10,
    statisticsTiles: 30,
    dead: Uint8Array.from(dead),
    params: cost,
    bytes: cost,
    macs: cost,
    curves: [curve],
  };
  return { sheet, curve };
}

test('looks up the position with so many removed, and always leaves one', () => {
  const { sheet, curve } = sheetOf([0.1, 0.5, 0.7, 0.8, 0.9]);
  expect(pointOf(sheet, curve, 1)).toMatchObject({ kept: 3, accuracy: 0.8, changed: 3, params: 30 });
  expect(pointOf(sheet, curve, 9)).toMatchObject({ kept: 1, accuracy: 0.5 });
});

test('finds how far nothing is lost: up to the first loss, not beyond a later recovery', () => {
  const lossless = (upright: number[]) => {
    const { sheet, curve } = sheetOf(upright);
    return losslessTo(sheet, curve);
  };
  expect(lossless([0.1, 0.9, 0.9, 0.9, 0.9])).toBe(3);
  expect(lossless([0.1, 0.9, 0.8, 0.9, 0.9])).toBe(1);
  expect(lossless([0.1, 0.5, 0.7, 0.8, 0.9])).toBe(0);
});

test('counts the dead among those that went, the last of the order first', () => {
  const { sheet, curve } = sheetOf([0, 0, 0, 0, 0], [1, 1, 0, 0]);
  expect([0, 1, 2, 3].map((removed) => deadAmongRemoved(sheet, curve, removed))).toEqual([0, 1, 1, 2]);
});

test('gathers what sentences are made of', () => {
  const { sheet } = sheetOf([0.1, 0.5, 0.7, 0.9, 0.9], [0, 1, 0, 0]);
  expect(pruneFacts(sheet, { method: 'l2', compensation: 'none', removed: 1, scope: 'head' })).toEqual({
    removed: 1,
    units: 4,
    baseline: 0.9,
    accuracy: 0.9,
    losslessTo: 1,
    deadRemoved: 1,
    dead: 1,
    statisticsTiles: 30,
  });
});
