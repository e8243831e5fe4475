import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniform } from '../random';
import { augmentBytes, augmentTiles } from './augment';

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

test('a tile is turned by each number of quarters, exactly', () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const out = augmentTiles(tiles, { size: 5, channels: 2 }, { turn: true }, normalisation, uniform(seed));
    for (const tile of [0, 1]) {
      const fits = [0, 1, 2, 3].filter((quarters) =>
        Array.from({ length: 50 }, (_, i) => i).every((i) => {
          let [y, x] = [Math.floor(i / 10), Math.floor(i / 2) % 5];
          // Backwards, a quarter at a time: what lies at (y, x) lay at (x, last − y).
          for (let q = 0; q < quarters; q++) [y, x] = [x, 4 - y];
          return out[tile * 50 + i] === at(tile, y, x, i % 2);
        }),
      );
      expect(fits).toHaveLength(1);
      seen.add(fits[0]);
    }
  }
  expect(seen.size).toBe(4);
});

test('brightness multiplies what was before normalisation, within its bounds, and white stays white', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0.05, max: 0.9, noNaN: true }), (seed, brightness) => {
      const bytes = Uint8Array.from({ length: 75 }, (_, i) => (i * 37) % 256);
      const out = augmentBytes(bytes, { size: 5, channels: 3 }, { brightness }, uniform(seed));
      const factors = [...bytes].flatMap((value, i) => (out[i] < 255 && value > 100 ? [out[i] / value] : []));
      for (const factor of factors) {
        expect(factor).toBeGreaterThan(1 - brightness - 0.006);
        expect(factor).toBeLessThan(1 + brightness + 0.006);
        expect(Math.abs(factor - factors[0])).toBeLessThan(0.012);
      }
      expect(Math.max(...out)).toBeLessThanOrEqual(255);
    }),
    { numRuns: 40 },
  );
});

test('what is not asked for draws no numbers: shifts and mirrors are those of before there were turns', () => {
  const drawn = (changes: object) => {
    let count = 0;
    augmentTiles(tiles, { size: 5, channels: 2 }, changes, normalisation, () => {
      count++;
      return 0.5;
    });
    return count;
  };
  expect([
    drawn({ crop: 2, flip: true }),
    drawn({ turn: true }),
    drawn({ turn: true, brightness: 0.2 }),
  ]).toEqual([6, 8, 10]);
});
