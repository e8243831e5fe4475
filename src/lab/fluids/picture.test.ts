import { expect, test } from 'vitest';
import { interleaved } from './action';
import { randomVorticity } from './flows';
import {
  arrowsOf,
  colourOf,
  refined,
  speedOfFrame,
  TURNING_COLOURS,
  turningPicture,
  vorticityOfFrame,
} from './picture';
import { flowOf, velocityOf, vorticityOf } from './solver';

test('the vorticity of a frame is the flow’s', () => {
  const n = 16;
  const flow = flowOf(randomVorticity(n, 8), { n, viscosity: 0 });
  const seen = vorticityOfFrame(interleaved(velocityOf(flow)), n);
  for (const [i, value] of vorticityOf(flow).entries()) expect(seen[i]).toBeCloseTo(value, 10);
});

test('colours: blue, white and red, nothing darker than the last, and all of a kind where nothing turns', () => {
  const last = TURNING_COLOURS.length - 1;
  expect([-9, -2, 0, 2, 9].map((value) => colourOf(value, 2))).toEqual([0, 0, last / 2, last, last]);
  expect([colourOf(0, 0), colourOf(Number.NaN, 2)]).toEqual([last / 2, last / 2]);
  expect(colourOf(1, 2)).toBeGreaterThan(colourOf(0.5, 2));
  expect([...turningPicture([-2, 0, 2], 2)]).toEqual([
    0x21, 0x66, 0xac, 255, 0xf7, 0xf7, 0xf7, 255, 0xa5, 0x0f, 0x26, 255,
  ]);
});

test('arrows stand in the middle of their places and say the velocity there', () => {
  const n = 4;
  const frame = Float32Array.from({ length: 2 * n * n }, (_, i) => i);
  expect(arrowsOf(frame, n, 2)).toEqual([
    { x: 1.5, y: 1.5, u: 10, v: 11 },
    { x: 3.5, y: 1.5, u: 14, v: 15 },
    { x: 1.5, y: 3.5, u: 26, v: 27 },
    { x: 3.5, y: 3.5, u: 30, v: 31 },
  ]);
});

test('a field refined goes through what is there, in straight lines and round the square', () => {
  // Of odd refinements the middle ones stand where a place does.
  expect([...refined([0, 3, 6, 9], 2, 3)].filter((_, i) => [7, 10, 25, 28].includes(i))).toEqual([
    0, 3, 6, 9,
  ]);
  const row = [...refined([0, 3, 0, 3], 2, 3).subarray(0, 6)];
  for (const [i, value] of [1, 0, 1, 2, 3, 2].entries()) expect(row[i]).toBeCloseTo(value, 12);
  expect([...speedOfFrame([3, 4, 0, -1])]).toEqual([5, 1]);
});
