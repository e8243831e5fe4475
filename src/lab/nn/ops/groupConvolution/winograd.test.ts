import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GROUP_NAMES, GROUPS } from '../../../symmetry/group';
import { cases } from '../../../testing/properties';
import { byWinograd, cellsOf } from './winograd';

test('runs where Fourier over the group takes half as many multiplications again, and with whole 3×3 filters', () => {
  const layer = { fieldsIn: 3, fieldsOut: 5 };
  const runs = (kernel: number, isLifting: boolean, positions?: number[]) =>
    GROUP_NAMES.filter((group) => {
      const sizeIn = isLifting ? 1 : GROUPS[group].order;
      return byWinograd({ ...layer, group, kernel, sizeIn, ...(positions && { positions }) });
    });
  expect(runs(3, false)).toEqual(['C1', 'C2', 'C4', 'D1']);
  expect(runs(3, true)).toEqual(['C1', 'C2', 'D1']);
  expect(runs(5, false)).toEqual([]);
  expect(runs(3, false, [0, 2, 4, 6, 8])).toEqual([]);
});

test('cells of a chunk cover each pixel of its tiles once, in every band', () => {
  const maps = fc.record({
    height: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 80 }),
    pools: fc.boolean(),
  });
  fc.assert(
    fc.property(maps, ({ height, width, pools }) => {
      fc.pre(!pools || (height % 2 === 0 && width % 2 === 0));
      const { together, band, stride, table } = cellsOf(1, 1, height, width, pools);
      const step = pools ? 2 : 1;
      const [rows, columns] = [height / step, width / step];
      const seen = new Int32Array(together * rows * columns);
      for (let top = 0; top < height; top += band) {
        const down = Math.ceil(Math.min(band, height - top) / 4);
        const cells = together * down * Math.ceil(width / 4);
        for (let cell = 0; cell < cells; cell++) {
          const [read, written, row, count] = [0, 1, 2, 3].map(
            (word) => table[16 * (cell >> 2) + 4 * word + (cell & 3)],
          );
          // What is read lies in the padded rows.
          expect(read / 4 + 5 * stride + 6).toBeLessThanOrEqual(together * (band + 2) * stride);
          for (let r = 0; r < 4 && top + row + r < height; r += step)
            for (let c = 0; c < count; c += step)
              seen[written / 4 + (top / step) * columns + (r / step) * columns + c / step]++;
        }
      }
      expect(seen.every((times) => times === 1)).toBe(true);
    }),
    { numRuns: cases(200) },
  );
});
