import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniform } from '../random';
import { augmentTiles } from './augment';

const normalisation = { mean: [0.5, 0.25], std: [0.25, 0.5] };
/** Two tiles of 5×5×2 whose numbers are all different. */
const tiles = Float32Array.from({ length: 2 * 50 }, (_, i) => i + 10);
const at = (tile: number, y: number, x: number, c: number) =>
  y < 0 || y > 4 || x < 0 || x > 4 ? [-2, -0.5][c] : tiles[((tile * 5 + y) * 5 + x) * 2 + c];

test('a tile is shifted within bounds, mirrored or not, and black comes in', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 3 }), fc.boolean(), (seed, crop, flip) => {
      const out = augmentTiles(tiles, { size: 5, channels: 2 }, { crop, flip }, normalisation, uniform(seed));
      for (const tile of [0, 1]) {
        const given = Array.from(out.subarray(tile * 50, (tile + 1) * 50));
        const fits: string[] = [];
        for (let down = -crop; down <= crop; down++) {
          for (let right = -crop; right <= crop; right++) {
            for (const mirrored of flip ? [false, true] : [false]) {
              const expected = given.map((_, i) => {
                const [y, x, c] = [Math.floor(i / 10), Math.floor(i / 2) % 5, i % 2];
                return at(tile, y - down, (mirrored ? 4 - x : x) - right, c);
              });
              if (given.every((value, i) => value === expected[i])) fits.push(`${down},${right},${mirrored}`);
            }
          }
        }
        expect(fits).toHaveLength(1);
        seen.add(fits[0]);
      }
    }),
    { numRuns: 60 },
  );
  // It is not always the same.
  expect(seen.size).toBeGreaterThan(20);
});

test('the same numbers change the same tiles in the same way', () => {
  const change = (seed: number) =>
    augmentTiles(tiles, { size: 5, channels: 2 }, { crop: 2, flip: true }, normalisation, uniform(seed));
  expect(change(3)).toEqual(change(3));
  expect(change(4)).not.toEqual(change(3));
});
