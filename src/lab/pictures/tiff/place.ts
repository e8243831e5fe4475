/**
 * Where on the earth a GeoTIFF lies, as GDAL reads it:
 *
 *   a scale and tie points    the first tie point counts; rows go down the map, whatever the sign of the scale
 *   a matrix                  rotated and south-up grids too
 *   tie points alone          control points: no grid follows from them, so none is given, and it is said
 *
 * Coordinates that name the centre of a pixel are moved by half of one. The coordinate system is named by its EPSG code
 * where the file gives one for what it says it is; else it has none, and is never taken for one of its parts.
 */

import { type Affine, type Georeference, geoKey } from '../georeference';
import { type Directory, TAG } from './directory';

export interface Place {
  readonly georeference: Georeference | null;
  /** What could not be kept, as sentences without a full stop. */
  readonly placeNotes: readonly string[];
}

export async function placeOf(directory: Directory): Promise<Place> {
  const keys = await directory.numbers(TAG.geoKeys);
  const tie = await directory.numbers(TAG.tiePoints);
  const grid = gridOf(await directory.numbers(TAG.scale), tie, await directory.numbers(TAG.matrix));
  const affine = grid && (geoKey(keys, 1025) === 2 ? movedByHalf(grid) : grid);
  if (!affine?.every(Number.isFinite)) {
    const hasModel = (await directory.numbers(TAG.cameraModel)).length > 0;
    const points = Math.floor(tie.length / 6);
    const by =
      points > 0
        ? `${points} control point${points > 1 ? 's' : ''}`
        : hasModel
          ? 'a camera model'
          : undefined;
    const note = `it is placed by ${by} only, which the lab does not follow, so no map of it says where it lies; warp it to a grid first (gdalwarp)`;
    return { georeference: null, placeNotes: by ? [note] : [] };
  }
  const georeference = {
    affine,
    epsg: epsgOf(keys),
    keys: {
      directory: keys,
      doubles: await directory.numbers(TAG.geoDoubles),
      ascii: await directory.text(TAG.geoText),
    },
  };
  const missing =
    keys.length > 4
      ? 'its coordinate system has no EPSG code; a GeoTIFF map keeps it whole, a GeoJSON map its coordinates alone'
      : 'it says where it lies, but in no coordinate system; a map of it does the same';
  return { georeference, placeNotes: georeference.epsg === null ? [missing] : [] };
}

function gridOf(scale: number[], tie: number[], matrix: number[]): Affine | undefined {
  const [sx, sy] = scale;
  if (scale.length >= 2 && sx !== 0 && sy !== 0) {
    const down = -Math.abs(sy);
    return tie.length >= 6 ? [tie[3] - tie[0] * sx, sx, 0, tie[4] - tie[1] * down, 0, down] : undefined;
  }
  return matrix.length === 16
    ? [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]]
    : undefined;
}

function movedByHalf([x, a, b, y, d, e]: Affine): Affine {
  return [x - (a + b) / 2, a, b, y - (d + e) / 2, d, e];
}

/**
 * The code of the whole system, by what the file says it is (key 1024): a projected one without a code is not the
 * geographic one below it, nor is a geocentric one.
 */
function epsgOf(keys: readonly number[]): number | null {
  const model = geoKey(keys, 1024) ?? 32767;
  if (model === 1 || model === 32767) return codeOf(geoKey(keys, 3072));
  if (model !== 2) return null;
  const geographic = codeOf(geoKey(keys, 2048));
  // With heights over the ellipsoid the whole system stands where that of the heights does. Codes of 4000 to 4999 are
  // no systems of heights alone.
  const heights = geoKey(keys, 4096) ?? 0;
  return geographic !== null && heights >= 4000 && heights < 5000 ? heights : geographic;
}

/** 32767 stands for "described below", greater ones for systems that are not in EPSG's list. */
function codeOf(code: number | undefined): number | null {
  return code !== undefined && code > 0 && code < 32767 ? code : null;
}
