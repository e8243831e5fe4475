/** Writing pictures, by the codec that reads them. */

import encode, { init } from '@jsquash/png/encode.js';
import { pngModule } from './codecs';

/** RGBA bytes as a PNG; the decoders must be loaded. */
export async function encodePng(
  width: number,
  height: number,
  data: Uint8ClampedArray<ArrayBuffer>,
): Promise<Uint8Array> {
  await init(pngModule());
  return new Uint8Array(await encode({ width, height, data, colorSpace: 'srgb' } as ImageData));
}
