import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridOf } from '../../lab/pictures/cut';
import { turnRaster } from '../../lab/pictures/turn';
import { QUARTER_TURNS } from '../../lab/symmetry/group';
import { cellBeside, cellUnder } from './cellMoves';

const scene = fc.record({
  width: fc.integer({ min: 8, max: 60 }),
  height: fc.integer({ min: 8, max: 60 }),
  turn: fc.integer({ min: 0, max: 3 }),
});

/** The cell of each pixel of the turned scene, by turning the cells of the upright one; −1 in the margin. */
function painted({ width, height, turn }: { width: number; height: number; turn: number }) {
  const grid = gridOf({ width, height }, 'scene', 8);
  const cells = Float32Array.from({ length: width * height }, (_, i) => {
    const column = Math.floor(((i % width) + 0.5 - grid.left) / 8);
    const row = Math.floor((Math.floor(i / width) + 0.5 - grid.top) / 8);
    const isInside = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
    return isInside ? row * grid.columns + column : -1;
  });
  const turned = turnRaster(cells, { width, height }, 1, QUARTER_TURNS[turn]);
  const [across, down] = turn % 2 === 0 ? [width, height] : [height, width];
  return { grid, turned, across, down };
}

test('the cell under each pixel of a turned scene is the one that was turned there', () => {
  fc.assert(
    fc.property(scene, (each) => {
      const { grid, turned, across, down } = painted(each);
      turned.forEach((cell, i) => {
        const at = [((i % across) + 0.5) / across, (Math.floor(i / across) + 0.5) / down] as const;
        expect(cellUnder(grid, each, at, each.turn) ?? -1).toBe(cell);
      });
    }),
    { numRuns: 40 },
  );
});

test('an arrow key goes to the cell on that side of the turned scene', () => {
  fc.assert(
    fc.property(scene, fc.nat(), (each, some) => {
      const { width, height, turn } = each;
      const grid = gridOf({ width, height }, 'scene', 8);
      const cells = Float32Array.from({ length: grid.columns * grid.rows }, (_, i) => i);
      const size = { width: grid.columns, height: grid.rows };
      const turned = [...turnRaster(cells, size, 1, QUARTER_TURNS[turn])];
      const across = turn % 2 === 0 ? grid.columns : grid.rows;
      const at = some % turned.length;
      const [x, y] = [at % across, Math.floor(at / across)];
      const beside = (dx: number, dy: number) => {
        const isInside = x + dx >= 0 && x + dx < across && turned[(y + dy) * across + x + dx] !== undefined;
        return isInside ? turned[(y + dy) * across + x + dx] : turned[at];
      };
      const press = (key: string) => cellBeside(grid, turned[at], key, turn);
      expect(press('ArrowRight')).toBe(beside(1, 0));
      expect(press('ArrowLeft')).toBe(beside(-1, 0));
      expect(press('ArrowDown')).toBe(beside(0, 1));
      expect(press('ArrowUp')).toBe(beside(0, -1));
      expect(press('a')).toBeUndefined();
    }),
  );
});
