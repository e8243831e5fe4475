/**
 * Turning pictures by any angle, counter-clockwise: right angles exactly (a permutation), others by bilinear
 * interpolation around the centre with the border reflected.
 */
import { GROUPS } from './group';
import { turnPictures } from './turn';

/** pictures: (tiles ×) size × size × channels. */
export function turnByDegrees(
  pictures: Float32Array,
  size: number,
  channels: number,
  degrees: number,
): Float32Array {
  const wrapped = ((degrees % 360) + 360) % 360;
  if (wrapped % 90 === 0) return turnPictures(pictures, size, channels, GROUPS.C4.elements[wrapped / 90]);
  const angle = (wrapped * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const centre = (size - 1) / 2;
  const out = new Float32Array(pictures.length);
  const perTile = size * size * channels;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      // Rows grow downwards, so a counter-clockwise turn looks up the point turned clockwise.
      const [dx, dy] = [x - centre, y - centre];
      const sx = centre + cos * dx - sin * dy;
      const sy = centre + sin * dx + cos * dy;
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
      const [fx, fy] = [sx - x0, sy - y0];
      const [left, right] = [reflect(x0, size), reflect(x0 + 1, size)];
      const [top, bottom] = [reflect(y0, size), reflect(y0 + 1, size)];
      for (let tile = 0; tile < pictures.length; tile += perTile) {
        for (let c = 0; c < channels; c++) {
          const at = (row: number, column: number) => pictures[tile + (row * size + column) * channels + c];
          const upper = at(top, left) * (1 - fx) + at(top, right) * fx;
          const lower = at(bottom, left) * (1 - fx) + at(bottom, right) * fx;
          out[tile + (y * size + x) * channels + c] = upper * (1 - fy) + lower * fy;
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
