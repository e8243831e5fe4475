/** Where on the earth a picture lies, kept as plain data so that a map made from it can be written with it. */

/**
 * Pixel to world, as GDAL orders it: x = a[0] + column·a[1] + row·a[2], y = a[3] + column·a[4] + row·a[5], where
 * (0, 0) is the outer corner of the first pixel.
 */
export type Affine = readonly [number, number, number, number, number, number];

export interface Georeference {
  readonly affine: Affine;
  /** EPSG code of the coordinate system; null where the file describes one without a code. */
  readonly epsg: number | null;
  /** The file's own description of the coordinate system (the GeoTIFF tags 34735 to 34737), passed on as it is. */
  readonly keys: {
    readonly directory: readonly number[];
    readonly doubles: readonly number[];
    readonly ascii: string;
  };
}

/** Least x, least y, greatest x, greatest y of a picture. */
export type Bounds = readonly [number, number, number, number];

/** A point of the picture (columns and rows from its top left corner) in world coordinates. */
export function worldPoint({ affine: a }: Georeference, column: number, row: number): [number, number] {
  return [a[0] + column * a[1] + row * a[2], a[3] + column * a[4] + row * a[5]];
}

export function boundsOf(
  georeference: Georeference,
  { width, height }: { width: number; height: number },
): Bounds {
  const corners = [0, width].flatMap((column) =>
    [0, height].map((row) => worldPoint(georeference, column, row)),
  );
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The georeference of the part of a picture that begins at a column and row, in pixels of `step` of its own. */
export function partOf(georeference: Georeference, column: number, row: number, step: number): Georeference {
  const [, dxColumn, dxRow, , dyColumn, dyRow] = georeference.affine;
  const [x, y] = worldPoint(georeference, column, row);
  return {
    ...georeference,
    affine: [x, dxColumn * step, dxRow * step, y, dyColumn * step, dyRow * step],
  };
}

/** A geo key whose value is a number in the directory itself: entries of four (key, where, count, value) after a head. */
export function geoKey(directory: readonly number[], key: number): number | undefined {
  for (let i = 4; i + 3 < directory.length; i += 4) {
    if (directory[i] === key && directory[i + 1] === 0) return directory[i + 3];
  }
  return undefined;
}
