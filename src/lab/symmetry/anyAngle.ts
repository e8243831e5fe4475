/**
 * Turning pictures by any angle, counter-clockwise: right angles exactly (a permutation), others by bilinear
 * interpolation around the centre with the border reflected.
 */
import { cos, sin } from '../elementary';
import { turnBilinear } from './bilinear';
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
  const direction = { cos: cos(angle), sin: sin(angle) };
  return turnBilinear(
    pictures,
    { size, channels },
    direction,
    'reflected',
    new Float32Array(pictures.length),
  );
}
