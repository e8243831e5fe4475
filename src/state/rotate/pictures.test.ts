import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CELL, MAX_CELLS } from '../../lab/pictures/cut';
import { isScene, sceneGrid } from './pictures';
import { CELLS, OVERLAPS } from './turning';

test('every scene can be cut in every way that can be chosen, into no more cells than are mapped', () => {
  const side = fc.oneof(fc.integer({ min: CELL, max: 300 }), fc.integer({ min: CELL, max: 4096 }));
  const cell = fc.integer({ min: CELLS.least, max: CELLS.most });
  fc.assert(
    fc.property(side, side, cell, fc.constantFrom(...OVERLAPS), (width, height, cell, overlap) => {
      fc.pre(isScene({ width, height }));
      const grid = sceneGrid({ width, height }, 'it', { cell, overlap });
      expect(grid.cell).toBe(Math.min(cell, width, height));
      expect(grid.columns * grid.rows).toBeGreaterThan(0);
      expect(grid.columns * grid.rows).toBeLessThanOrEqual(MAX_CELLS);
    }),
  );
  expect(sceneGrid({ width: 640, height: 512 }, 'it', { cell: 32, overlap: 50 })).toMatchObject({
    ...{ cell: 32, stride: 16, columns: 39, rows: 31 },
  });
});
