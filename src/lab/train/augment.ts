/** Training tiles shifted, mirrored, turned, made brighter or darker at random: another picture in every epoch, from numbers that only the step decides. */
import { z } from 'zod';
import type { Normalisation } from '../nn/model';

export const augmentSchema = z.strictObject({
  crop: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Shifted by up to so many pixels in both directions; what comes in is black.'),
  flip: z.literal(true).optional().describe('Every second tile, by chance, is mirrored left to right.'),
  turn: z.literal(true).optional().describe('Turned by none, one, two or three quarters, by chance.'),
  brightness: z
    .number()
    .positive()
    .max(0.9)
    .optional()
    .describe('Values are multiplied by a number from 1 less this to 1 more; what passes white stays white.'),
});

export type Augment = z.infer<typeof augmentSchema>;

/** The same, where what is off may be said. */
type Changes = Omit<Augment, 'flip'> & { readonly flip?: boolean | undefined };

/**
 * Normalised tiles [N × size × size × channels], changed; `draw` gives numbers in [0, 1): three for each tile, one more where
 * tiles are turned and one where they are made brighter.
 */
export function augmentTiles(
  tiles: Float32Array,
  { size, channels }: { readonly size: number; readonly channels: number },
  { crop = 0, flip, turn, brightness = 0 }: Changes,
  { mean, std }: Normalisation,
  draw: () => number,
): Float32Array {
  const black = mean.map((value, c) => -value / std[c]);
  const out = new Float32Array(tiles.length);
  const perTile = size * size * channels;
  const shift = (): number => Math.floor(draw() * (2 * crop + 1)) - crop;
  for (let start = 0; start < tiles.length; start += perTile) {
    const [down, right, mirrored] = [shift(), shift(), draw() < 0.5 && flip === true];
    const quarters = turn ? Math.floor(4 * draw()) : 0;
    const light = brightness ? 1 - brightness + 2 * brightness * draw() : 1;
    for (let y = 0; y < size; y++) {
      const fromY = y - down;
      for (let x = 0; x < size; x++) {
        const fromX = (mirrored ? size - 1 - x : x) - right;
        const isInside = fromY >= 0 && fromY < size && fromX >= 0 && fromX < size;
        const from = start + (fromY * size + fromX) * channels;
        let to = start + turnedPlace(y, x, quarters, size) * channels;
        for (let c = 0; c < channels; c++, to++) {
          const value = isInside ? tiles[from + c] : black[c];
          out[to] =
            light === 1 ? value : (Math.min(1, (value * std[c] + mean[c]) * light) - mean[c]) / std[c];
        }
      }
    }
  }
  return out;
}

/** Where a pixel of a square picture comes to lie when that is turned counter-clockwise by so many quarters. */
function turnedPlace(y: number, x: number, quarters: number, size: number): number {
  const last = size - 1;
  if (quarters === 1) return (last - x) * size + y;
  if (quarters === 2) return (last - y) * size + last - x;
  if (quarters === 3) return x * size + last - y;
  return y * size + x;
}

/** Values of pictures as bytes, changed as a training would change them: for the eye. */
export function augmentBytes(
  bytes: Uint8Array,
  shape: { readonly size: number; readonly channels: number },
  augment: Augment,
  draw: () => number,
): Uint8ClampedArray {
  const none = new Array<number>(shape.channels);
  const plain = { mean: none.fill(0), std: none.slice().fill(1) };
  const changed = augmentTiles(
    Float32Array.from(bytes, (value) => value / 255),
    shape,
    augment,
    plain,
    draw,
  );
  return Uint8ClampedArray.from(changed, (value) => value * 255);
}
