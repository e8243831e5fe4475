import { expect, test } from 'vitest';
import { tiffOf } from '../../src/lab/pictures/testing/tiffs';
import { openRaster } from '../../src/lab/pictures/tiff/rasterFile';
import { loadDecoders } from './decoders';
import { readLerc } from './lercReader';

/** A blob of LERC 2.3 whose values are given as they are (one sweep), with the checksum that it must have. */
function blobOf(values: readonly number[]): Uint8Array {
  const rest = [0, 0, 0, 0, 1, ...new Uint8Array(Float32Array.from(values).buffer)];
  const blob = new Uint8Array(62 + rest.length);
  const view = new DataView(blob.buffer);
  blob.set([...'Lerc2 '].map((c) => c.charCodeAt(0)));
  view.setInt32(6, 3, true);
  for (const [i, word] of [1, values.length, values.length, 8, blob.length, 6].entries())
    view.setInt32(14 + 4 * i, word, true);
  for (const [i, number] of [0, Math.min(...values), Math.max(...values)].entries())
    view.setFloat64(38 + 8 * i, number, true);
  blob.set(rest, 62);
  view.setUint32(10, fletcher32(blob.subarray(14)), true);
  return blob;
}

/** The checksum of LERC, from its definition. */
function fletcher32(bytes: Uint8Array): number {
  let [low, high] = [0xffff, 0xffff];
  for (let i = 0; i < bytes.length; i += 2) {
    low += bytes[i] * 256 + (bytes[i + 1] ?? 0);
    high += low;
    low %= 65535;
    high %= 65535;
  }
  // Sums of ones' complement have no zero.
  return (((high || 0xffff) << 16) | (low || 0xffff)) >>> 0;
}

test('one that takes too long ends its process; the next is read by a new one', async () => {
  // The first is asked of a process that is not there yet: none starts and answers in a millisecond.
  await expect(readLerc(blobOf([1, 2]), 0.001)).rejects.toThrow('took longer than');
  expect((await readLerc(blobOf([1, 2]))).pixels).toEqual(Float32Array.of(1, 2));
  await expect(readLerc(blobOf([1, 2]).subarray(0, 64))).rejects.toThrow('a LERC block is broken');
});

test('a block is read in another process, again and again', async () => {
  await loadDecoders();
  for (const values of [
    [1, 2, 3, 4.5],
    [-7, 0.25, 1e9, 3],
  ]) {
    const bytes = tiffOf({
      ...{ width: 4, height: 1, bits: 32, format: 3, compression: 34887, blocks: [blobOf(values)] },
    });
    const [band] = await (await openRaster(bytes, 'a.tif')).read([0]);
    expect([...band.values]).toEqual(values);
  }
});
