/** From the ground to the sensor: season, light, haze, blur and noise, then whole bytes. */

import { type Canvas, clamp, PIXELS, SIDE } from './canvas';
import { DIFFICULTY } from './difficulty';
import type { Random } from './random';

const VEIL = [122, 138, 158] as const;

/** Made once: a data set of 1,200 tiles would otherwise make half a gigabyte of them. Each tile writes all of it before it reads. */
const scratch = {
  sums: new Float64Array(3 * PIXELS),
  blurred: new Float64Array(3 * PIXELS),
  draws: new Float64Array(9 * PIXELS),
};

/** The tile as the satellite sees it: 64 × 64 × 3 bytes. */
export function observe(canvas: Canvas, random: Random): Uint8Array {
  const gain = random.range(DIFFICULTY.gain[0], DIFFICULTY.gain[1]);
  const tints = VEIL.map(() => gain * random.range(1 - DIFFICULTY.tint, 1 + DIFFICULTY.tint));
  const veil = random.range(0, 1) * random.range(0, DIFFICULTY.haze);
  const noise = random.range(DIFFICULTY.noise[0], DIFFICULTY.noise[1]);
  const blur = random.range(DIFFICULTY.blur[0], DIFFICULTY.blur[1]);

  const seen = blurCanvas(canvas, blur);
  const { draws } = scratch;
  random.fill(draws);
  const bytes = new Uint8Array(seen.length);
  for (let i = 0; i < seen.length; i++) {
    const c = i % 3;
    const at = 3 * i;
    // Three uniform numbers on −1 … 1 have variance 1 together.
    const grain = noise * (2 * draws[at] - 1 + (2 * draws[at + 1] - 1) + (2 * draws[at + 2] - 1));
    const value = seen[i] * tints[c] * (1 - veil) + VEIL[c] * veil + grain;
    bytes[i] = Math.floor(clamp(value, 0, 255) + 0.5);
  }
  return bytes;
}

/** A share of each pixel is replaced by the mean of its 3 × 3 surroundings. */
function blurCanvas(canvas: Canvas, share: number): Canvas {
  const threes = rowSums(canvas);
  const width = 3 * SIDE;
  const out = scratch.blurred;
  for (let y = 0; y < SIDE; y++) {
    const above = width * Math.max(0, y - 1);
    const here = width * y;
    const below = width * Math.min(SIDE - 1, y + 1);
    for (let x = 0; x < width; x++) {
      const sum = threes[above + x] + threes[here + x] + threes[below + x];
      out[here + x] = canvas[here + x] + share * (sum / 9 - canvas[here + x]);
    }
  }
  return out;
}

/** Each value with those on its left and right; at the border it stands for the one that is missing. */
function rowSums(canvas: Canvas): Canvas {
  const { sums } = scratch;
  for (let start = 0; start < canvas.length; start += 3 * SIDE) {
    for (let x = 0; x < SIDE; x++) {
      const left = start + 3 * Math.max(0, x - 1);
      const middle = start + 3 * x;
      const right = start + 3 * Math.min(SIDE - 1, x + 1);
      for (let c = 0; c < 3; c++)
        sums[middle + c] = canvas[left + c] + canvas[middle + c] + canvas[right + c];
    }
  }
  return sums;
}
