/** Quarter turns and mirrors of rectangles: a permutation of positions, as in symmetry/turn.ts for squares. */

import type { Element } from '../symmetry/group';
import { channelsOf, type Pixels } from './cut';

type Values = Uint8Array | Float32Array;

/** g·x for height × width × channels values; after an odd number of turns it has width × height. */
export function turnRaster<T extends Values>(
  data: T,
  { width, height }: { width: number; height: number },
  channels: number,
  g: Element,
): T {
  const [outWidth, outHeight] = g.turns % 2 === 0 ? [width, height] : [height, width];
  const out = data.slice() as T;
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let [sy, sx] = [y, x];
      // Turn by turn back; the picture lies across at every second step.
      for (let t = g.turns - 1; t >= 0; t--) [sy, sx] = [sx, (t % 2 === 0 ? width : height) - 1 - sy];
      if (g.mirror) sx = width - 1 - sx;
      const from = (sy * width + sx) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c];
    }
  }
  return out;
}

export function turnPicture(picture: Pixels, g: Element): Pixels {
  const { width, height, data, channels, empty } = picture;
  const size = { width, height };
  const [across, down] = g.turns % 2 === 0 ? [width, height] : [height, width];
  return {
    ...{ width: across, height: down, data: turnRaster(data, size, channelsOf(picture), g) },
    ...(channels !== undefined && { channels }),
    ...(empty && { empty: turnRaster(empty, size, 1, g) }),
  };
}
