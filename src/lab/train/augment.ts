/** Training tiles shifted and mirrored at random: another picture in every epoch, from numbers that only the step decides. */
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
});

export type Augment = z.infer<typeof augmentSchema>;

/** Normalised tiles [N × size × size × channels], changed; `draw` gives numbers in [0, 1), three for each tile. */
export function augmentTiles(
  tiles: Float32Array,
  { size, channels }: { readonly size: number; readonly channels: number },
  { crop = 0, flip = false }: { readonly crop?: number | undefined; readonly flip?: boolean | undefined },
  { mean, std }: Normalisation,
  draw: () => number,
): Float32Array {
  const black = mean.map((value, c) => -value / std[c]);
  const out = new Float32Array(tiles.length);
  const perTile = size * size * channels;
  const shift = (): number => Math.floor(draw() * (2 * crop + 1)) - crop;
  for (let start = 0; start < tiles.length; start += perTile) {
    const [down, right, mirrored] = [shift(), shift(), draw() < 0.5 && flip];
    for (let y = 0, to = start; y < size; y++) {
      const fromY = y - down;
      for (let x = 0; x < size; x++) {
        const fromX = (mirrored ? size - 1 - x : x) - right;
        const isInside = fromY >= 0 && fromY < size && fromX >= 0 && fromX < size;
        const from = start + (fromY * size + fromX) * channels;
        for (let c = 0; c < channels; c++) out[to++] = isInside ? tiles[from + c] : black[c];
      }
    }
  }
  return out;
}
