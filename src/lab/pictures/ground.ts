/** How much ground a pixel covers, as its georeference says. */
import { cos } from '../elementary';
import type { Georeference } from './georeference';

/** Metres of a degree along a meridian of a sphere as large as the earth. */
const DEGREE = 111_195;
/** Keys of the GeoTIFF directory, and what their codes stand for in metres. */
const [MODEL, GEOGRAPHIC, PROJECTED, UNIT] = [1024, 2048, 3072, 3076];
const UNITS: Readonly<Record<number, number>> = { 9001: 1, 9002: 0.3048, 9003: 1200 / 3937, 9036: 1000 };

/**
 * Metres along a pixel: the side of a square as large as it, at the corner where the picture begins. null where the file
 * does not say what its coordinates are.
 */
export function metresPerPixel({ affine, keys }: Georeference): number | null {
  const [, a, b, y, d, e] = affine;
  const area = Math.abs(a * e - b * d);
  const key = (wanted: number) => keyOf(keys.directory, wanted);
  const isProjected = key(MODEL) === 1 || key(PROJECTED) !== undefined;
  const isDegrees = !isProjected && (key(MODEL) === 2 || key(GEOGRAPHIC) !== undefined);
  if (!(area > 0) || (!isProjected && !isDegrees)) return null;
  if (isProjected) return Math.sqrt(area) * (UNITS[key(UNIT) ?? 9001] ?? 1);
  if (!(Math.abs(y) < 90)) return null;
  return Math.sqrt(area * cos((y * Math.PI) / 180)) * DEGREE;
}

/** A key whose value stands in the directory itself: entries of four (key, where, count, value) after a head. */
function keyOf(directory: readonly number[], key: number): number | undefined {
  for (let i = 4; i + 3 < directory.length; i += 4) {
    if (directory[i] === key && directory[i + 1] === 0) return directory[i + 3];
  }
  return undefined;
}
