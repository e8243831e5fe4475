import { expect, test } from 'vitest';
import { paintedWithoutUp, paintedWithUp } from './paintedSets';

/** Mean of the values of a tile at which `where` holds. */
function meanOf(
  { size, channels, pixels }: ReturnType<typeof paintedWithUp>,
  tile: number,
  where: (x: number, y: number) => boolean,
): number {
  let [sum, n] = [0, 0];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (where(x, y)) {
        sum += pixels[channels * (tile * size * size + y * size + x)];
        n++;
      }
  return sum / n;
}

test('with an up, a tile is bright below, at the right, above or at the left: that is its class', () => {
  const set = paintedWithUp(40);
  const sides = [
    (_: number, y: number) => y >= 4,
    (x: number) => x >= 4,
    (_: number, y: number) => y < 4,
    (x: number) => x < 4,
  ];
  set.labels.forEach((label, tile) => {
    const side = sides[label];
    expect(meanOf(set, tile, side)).toBeGreaterThan(meanOf(set, tile, (x, y) => !side(x, y)));
  });
});

test('without one, the corner lies in all four corners; fewer tiles are the first of more', () => {
  const set = paintedWithoutUp(160);
  const quarters = [
    (x: number, y: number) => x < 4 && y < 4,
    (x: number, y: number) => x >= 4 && y < 4,
    (x: number, y: number) => x < 4 && y >= 4,
    (x: number, y: number) => x >= 4 && y >= 4,
  ];
  const seen = new Set<number>();
  set.labels.forEach((label, tile) => {
    if (label !== 3) return;
    const means = quarters.map((quarter) => meanOf(set, tile, quarter));
    seen.add(means.indexOf(Math.max(...means)));
  });
  expect(seen.size).toBe(4);
  const few = paintedWithoutUp(8);
  expect(few.pixels).toEqual(set.pixels.subarray(0, few.pixels.length));
});
