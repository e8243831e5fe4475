/** The one bilinear look-up: pictures turned around their centre by a direction; each caller says what lies outside. */

/** A unit vector: the cosine and the sine of the angle. */
export interface Direction {
  readonly cos: number;
  readonly sin: number;
}

/** What is read beyond the border: zeros, or the picture reflected (its border pixel is not repeated). */
export type Edge = 'black' | 'reflected';

/** Of a row or column outside of the picture that is black there. */
const NOWHERE = -1;

/**
 * Turns pictures counter-clockwise. Bytes are rounded half up. With nothing but sums and products, the same in every
 * engine.
 *
 * @param pictures (tiles ×) size × size × channels.
 * @param out as long as `pictures`.
 */
export function turnBilinear<Values extends Float32Array | Uint8Array>(
  pictures: Values,
  { size, channels }: { readonly size: number; readonly channels: number },
  { cos, sin }: Direction,
  edge: Edge,
  out: Values,
): Values {
  const isBlack = edge === 'black';
  const place = (i: number) => (i >= 0 && i < size ? i : isBlack ? NOWHERE : reflect(i, size));
  const isBytes = out instanceof Uint8Array;
  const centre = (size - 1) / 2;
  const perTile = size * size * channels;
  for (let y = 0; y < size; y++) {
    const dy = y - centre;
    for (let x = 0; x < size; x++) {
      // Rows grow downwards, so a counter-clockwise turn looks up the point turned clockwise.
      const dx = x - centre;
      const sx = centre + cos * dx - sin * dy;
      const sy = centre + sin * dx + cos * dy;
      const x0 = Math.floor(sx) | 0;
      const y0 = Math.floor(sy) | 0;
      const fx = sx - x0;
      const fy = sy - y0;
      const left = place(x0);
      const right = place(x0 + 1);
      const top = place(y0);
      const bottom = place(y0 + 1);
      // What is nowhere weighs nothing, and any value serves for it.
      const toLeft = left < 0 ? 0 : 1 - fx;
      const toRight = right < 0 ? 0 : fx;
      const toTop = top < 0 ? 0 : 1 - fy;
      const toBottom = bottom < 0 ? 0 : fy;
      const upper = top < 0 ? 0 : top * size;
      const lower = bottom < 0 ? 0 : bottom * size;
      const west = left < 0 ? 0 : left;
      const east = right < 0 ? 0 : right;
      const a = (upper + west) * channels;
      const b = (upper + east) * channels;
      const c = (lower + west) * channels;
      const d = (lower + east) * channels;
      const at = (y * size + x) * channels;
      for (let tile = 0; tile < pictures.length; tile += perTile) {
        for (let i = tile; i < tile + channels; i++) {
          const value =
            (pictures[a + i] * toLeft + pictures[b + i] * toRight) * toTop +
            (pictures[c + i] * toLeft + pictures[d + i] * toRight) * toBottom;
          // A byte array drops what is behind the point.
          out[at + i] = isBytes ? value + 0.5 : value;
        }
      }
    }
  }
  return out;
}

/** −1 → 1, size → size − 2: the border pixel is not repeated. */
function reflect(i: number, size: number): number {
  const period = 2 * (size - 1);
  const wrapped = ((i % period) + period) % period;
  return wrapped < size ? wrapped : period - wrapped;
}
