import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptCount } from '../units/units';
import { rankUnits } from './rank';

const blocks = fc.array(
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 5 },
);
const ratios = fc.integer({ min: 0, max: 99 }).map((percent) => percent / 100);
const from = (values: number[][]) => values.map((each) => Float64Array.from(each));

test('over all blocks together, as many stay as asked for, no block is empty, and nothing better goes', () => {
  fc.assert(
    fc.property(blocks, ratios, (values, ratio) => {
      const { kept, floored } = rankUnits(from(values), ratio, 'network');
      const total = values.flat().length;
      expect(kept.flatMap((each) => Array.from(each))).toHaveLength(
        Math.max(values.length, keptCount(total, ratio)),
      );
      const isNeeded = (block: number, unit: number) =>
        kept[block].length === 1 && values[block].every((value) => value <= values[block][unit]);
      const gone = values.flatMap((each, b) => each.filter((_, u) => !kept[b].includes(u)));
      const best = Math.max(...gone, Number.NEGATIVE_INFINITY);
      kept.forEach((each, block) => {
        expect(each.length).toBeGreaterThan(0);
        expect([...each]).toEqual([...each].sort((a, b) => a - b));
        // What stays though something better goes is the last of its block.
        for (const unit of each) if (values[block][unit] < best) expect(isNeeded(block, unit)).toBe(true);
        if (floored.includes(block)) expect(each).toHaveLength(1);
      });
    }),
  );
});

test('block by block, the same share of each stays', () => {
  fc.assert(
    fc.property(blocks, ratios, (values, ratio) => {
      const { kept, floored } = rankUnits(from(values), ratio, 'block');
      expect(kept.map(({ length }) => length)).toEqual(values.map(({ length }) => keptCount(length, ratio)));
      expect(floored).toEqual([]);
    }),
  );
});

test('a block all of whose units are worse than the others’ keeps its best one, and that is said', () => {
  const { kept, floored } = rankUnits(
    from([
      [5, 6, 7],
      [1, 3, 2],
      [8, 9, 4],
    ]),
    0.5,
    'network',
  );
  expect(kept.map((each) => [...each])).toEqual([[2], [1], [0, 1]]);
  expect(floored).toEqual([1]);
});
