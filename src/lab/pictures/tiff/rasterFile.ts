/** Opens a TIFF as values: see raster.ts. The library reads its directories, this folder its blocks. */

import { fromArrayBuffer, type GeoTIFF, type GeoTIFFImage } from 'geotiff';
import { BadInput, messageOf } from '../../errors';
import { damaged } from '../picture';
import type { Band, RasterFile, Samples } from '../raster';
import { BadBlock } from './badBlock';
import { unpackBlock } from './blocks';
import { type Directory, directoryOf, TAG } from './directory';
import { type Layout, layoutOf, rowsFrom } from './layout';
import { fillOf, knownOf, noDataOf } from './noData';
import { tiffFaults } from './outline';
import { placeOf } from './place';
import { type RawSamples, samplesFor, samplesOf } from './samples';

/** Pictures of a file among which its mask is looked for: smaller copies and their masks lie there too. */
const MAX_PICTURES = 64;

/**
 * @param name what to call the file in an error.
 * @throws BadInput when it is damaged, too large, or of a kind that is not read.
 */
export async function openRaster(bytes: Uint8Array, name: string): Promise<RasterFile> {
  const faults = tiffFaults(bytes, MAX_PICTURES);
  if (faults[0]) throw damaged(name, faults[0]);
  const isLittleEndian = bytes[0] === 0x49;
  return inWords(name, async () => {
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    const tiff = await fromArrayBuffer(whole.buffer as ArrayBuffer);
    const directory = directoryOf(await tiff.getImage(0));
    const layout = await layoutOf(directory, { isLittleEndian, fileBytes: bytes.length }, name);
    const noData = noDataOf(await directory.text(TAG.noData));
    const palette = await directory.numbers(TAG.palette);
    return {
      width: layout.width,
      height: layout.height,
      bands: layout.bands,
      bits: layout.bits,
      format: layout.format,
      colours: layout.colours,
      palette: palette.length > 0 ? palette : null,
      alpha: alphaOf(layout),
      ...(await placeOf(directory)),
      read: (bands) => inWords(name, () => readBands(bytes, layout, noData, bands)),
      mask: () => inWords(name, () => readMask(tiff, faults, { bytes, layout, name })),
    };
  });
}

/** What is broken is said in a sentence. */
async function inWords<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw damaged(name, error instanceof BadBlock ? messageOf(error) : 'its directory or a block is broken');
  }
}

function alphaOf({ bands, extraBands }: Layout): number | null {
  const at = extraBands.findIndex((kind) => kind === 1 || kind === 2);
  return at < 0 || extraBands.length > bands ? null : bands - extraBands.length + at;
}

async function readBands(
  bytes: Uint8Array,
  layout: Layout,
  noData: number | bigint | null,
  chosen: readonly number[],
): Promise<Band[]> {
  const raw = await samplesOfBands(bytes, layout, noData, chosen);
  return raw.map((values) => ({
    known: knownOf(values, noData),
    values:
      values instanceof BigInt64Array || values instanceof BigUint64Array
        ? Float64Array.from(values as Iterable<bigint>, Number)
        : (values as Samples),
  }));
}

/** Block by block, so that no more than one is unpacked at a time. */
async function samplesOfBands(
  bytes: Uint8Array,
  layout: Layout,
  noData: number | bigint | null,
  chosen: readonly number[],
): Promise<RawSamples[]> {
  const { width, height, blockWidth, blockHeight, values, isPlanar, offsets, counts } = layout;
  const out = chosen.map(() => samplesFor(layout, width * height));
  const across = Math.ceil(width / blockWidth);
  const perPlane = across * Math.ceil(height / blockHeight);
  for (const planes of isPlanar ? chosen.map((band, i) => [i, band]) : [undefined]) {
    for (let block = 0; block < perPlane; block++) {
      const index = (planes?.[1] ?? 0) * perPlane + block;
      const [left, top] = [(block % across) * blockWidth, Math.floor(block / across) * blockHeight];
      const place = {
        left,
        top,
        right: Math.min(width, left + blockWidth),
        bottom: Math.min(height, top + blockHeight),
      };
      const targets = planes
        ? [{ to: out[planes[0]], from: 0 }]
        : out.map((to, i) => ({ to, from: chosen[i] }));
      if (counts[index] === 0 || offsets[index] === 0) {
        for (const { to } of targets) fillPlace(to, fillOf(noData, layout), place, width);
        continue;
      }
      const packed = bytes.subarray(offsets[index], offsets[index] + counts[index]);
      const rows = rowsFrom(layout, top);
      const samples = samplesOf(await unpackBlock(packed, layout, rows), layout, rows);
      for (const { to, from } of targets) copyPlace(samples, { from, values, blockWidth }, to, place, width);
    }
  }
  return out;
}

interface BlockPlace {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function copyPlace(
  samples: RawSamples,
  { from, values, blockWidth }: { from: number; values: number; blockWidth: number },
  to: RawSamples,
  { left, top, right, bottom }: BlockPlace,
  width: number,
): void {
  for (let y = top; y < bottom; y++) {
    let at = (y - top) * blockWidth * values + from;
    for (let i = y * width + left; i < y * width + right; i++, at += values) to[i] = samples[at];
  }
}

function fillPlace(to: RawSamples, value: number | bigint, place: BlockPlace, width: number): void {
  for (let y = place.top; y < place.bottom; y++)
    (to as Float64Array).fill(value as number, y * width + place.left, y * width + place.right);
}

/** A mask is a picture of its own of the same size, marked as one (GDAL writes it behind the picture). */
async function readMask(
  tiff: GeoTIFF,
  faults: readonly (string | undefined)[],
  { bytes, layout, name }: { bytes: Uint8Array; layout: Layout; name: string },
): Promise<Uint8Array | null> {
  for (let i = 1; i < faults.length && !faults[i]; i++) {
    const directory: Directory = directoryOf((await tiff.getImage(i)) as GeoTIFFImage);
    const isSame =
      (await directory.number(TAG.width, 0)) === layout.width &&
      (await directory.number(TAG.height, 0)) === layout.height;
    if ((await directory.number(TAG.kind, 0)) !== 4 || !isSame) continue;
    const { isLittleEndian } = layout;
    const own = await layoutOf(directory, { isLittleEndian, fileBytes: bytes.length }, name, true);
    const [values] = await samplesOfBands(bytes, own, null, [0]);
    return Uint8Array.from(values as Uint8Array, (value) => (value ? 1 : 0));
  }
  return null;
}
