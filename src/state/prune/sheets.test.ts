import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankUnits } from '../../lab/prune/blocks/rank';
import { handSheet } from '../../lab/testing/sheets';
import { deadAmongRemoved, flooredBlocks, losslessTo, pointOf, pruneFacts, stopBeside } from './sheets';

test('looks up the position with so many removed, and always leaves one', () => {
  const { sheet, curve } = handSheet([0.1, 0.5, 0.7, 0.8, 0.9]);
  expect(pointOf(sheet, curve, 1)).toMatchObject({ kept: 3, accuracy: 0.8, changed: 3, params: 30 });
  expect(pointOf(sheet, curve, 9)).toMatchObject({ kept: 1, accuracy: 0.5, error: 0.1 });
});

test('agreement is among the decided tiles, and whole where none is decided', () => {
  const { sheet, curve } = handSheet([0, 0, 0, 0, 0]);
  expect([0, 1, 2].map((removed) => pointOf(sheet, curve, removed).agreement)).toEqual([1, 0.4, 0.5]);
});

test('finds how far nothing is lost: up to the first loss, not beyond a later recovery', () => {
  const lossless = (upright: number[]) => {
    const { sheet, curve } = handSheet(upright);
    return losslessTo(sheet, curve);
  };
  expect(lossless([0.1, 0.9, 0.9, 0.9, 0.9])).toBe(3);
  expect(lossless([0.1, 0.9, 0.8, 0.9, 0.9])).toBe(1);
  expect(lossless([0.1, 0.5, 0.7, 0.8, 0.9])).toBe(0);
});

test('counts the dead among those that went, the last of the order first', () => {
  const { sheet, curve } = handSheet([0, 0, 0, 0, 0], [1, 1, 0, 0]);
  expect([0, 1, 2, 3].map((removed) => deadAmongRemoved(sheet, curve, removed))).toEqual([0, 1, 1, 2]);
});

test('gathers what sentences are made of', () => {
  const { sheet } = handSheet([0.1, 0.5, 0.7, 0.9, 0.9], [0, 1, 0, 0]);
  expect(pruneFacts(sheet, { method: 'l2', compensation: 'none', removed: 1, scope: 'head' })).toEqual({
    removed: 1,
    units: 4,
    unit: 'neuron',
    baseline: 0.9,
    accuracy: 0.9,
    losslessTo: 1,
    deadRemoved: 1,
    dead: 1,
    floored: [],
    statisticsTiles: 30,
  });
});

test('a slider that stops at few places shows what was measured at the nearest, and nothing between', () => {
  const { sheet, curve } = handSheet([0.1, Number.NaN, 0.7, Number.NaN, 0.9]);
  const few = { ...sheet, stops: Uint32Array.of(0, 2) };
  expect([0, 1, 2, 3].map((removed) => pointOf(few, curve, removed).kept)).toEqual([4, 4, 2, 2]);
  expect([0, 1, 2].map((removed) => stopBeside(few, removed, 1))).toEqual([2, 2, 2]);
  expect(stopBeside(few, 2, -5)).toBe(0);
  expect(losslessTo(few, curve)).toBe(0);
  expect(losslessTo(few, { ...curve, accuracy: [Float64Array.of(0, 0, 0.9, Number.NaN, 0.9)] })).toBe(2);
});

test('blocks that keep a unit that others rank above are named, as the lab finds them', () => {
  const saliency = fc.array(
    fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }).map((values) => Float64Array.from(values)),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(saliency, fc.double({ min: 0, max: 0.99, noNaN: true }), (blocks, ratio) => {
      const layers = blocks.map(({ length }) => length);
      const units = layers.reduce((sum, count) => sum + count, 0);
      const { kept, floored } = rankUnits(blocks, ratio, 'network');
      const removed = units - kept.reduce((sum, { length }) => sum + length, 0);
      const { sheet, curve } = handSheet([0, 0, 0, 0, 0]);
      const all = Float64Array.from(blocks.flatMap((each) => Array.from(each)));
      const own = { ...sheet, units, layers, ranking: 'network' as const };
      expect(flooredBlocks(own, { ...curve, saliency: all }, removed)).toEqual(
        floored.map((block) => block + 1),
      );
    }),
  );
});
