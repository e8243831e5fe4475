/** Which pixels of a raster have no value: by no-data, no number, a transparent alpha, or the mask beside the picture. */
import type { Band, RasterFile } from '../raster';

/**
 * 1 where there is none; undefined where all have one. A pixel of floats lacks a value where any of the bands does; of
 * whole numbers, whose no-data value is often one that a dark colour holds by chance, where all of them do.
 *
 * @param bands what is shown, as it was read.
 */
export async function emptyOf(raster: RasterFile, bands: readonly Band[]): Promise<Uint8Array | undefined> {
  const count = raster.width * raster.height;
  const knowns = bands.map(({ known }) => known);
  const [alpha] = raster.alpha === null ? [] : await raster.read([raster.alpha]);
  const mask = await raster.mask();
  const isAny = raster.format === 'float';
  const canLack = isAny ? knowns.some((known) => known) : knowns.every((known) => known);
  if (!canLack && !alpha && !mask) return undefined;
  const empty = new Uint8Array(count);
  let found = false;
  for (let p = 0; p < count; p++) {
    const lacks = (known: Uint8Array | null) => known !== null && !known[p];
    const isEmpty =
      (canLack && (isAny ? knowns.some(lacks) : knowns.every(lacks))) ||
      (alpha && alpha.values[p] === 0) ||
      (mask && mask[p] === 0);
    if (!isEmpty) continue;
    empty[p] = 1;
    found = true;
  }
  return found ? empty : undefined;
}
