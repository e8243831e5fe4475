/** Parts of parameters along an axis: what pruning by extraction is made of. */

import { type Param, sizeOf } from '../../nn/model';

/** The entries `chosen` along `axis` (from 0), in the order given. */
export function takeEntries({ shape, data }: Param, axis: number, chosen: ArrayLike<number>): Param {
  const width = shape[axis];
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const out = new Float32Array(outer * chosen.length * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < chosen.length; i++) {
      const from = (o * width + chosen[i]) * inner;
      out.set(data.subarray(from, from + inner), (o * chosen.length + i) * inner);
    }
  }
  return { shape: shape.with(axis, chosen.length), data: out };
}

/** The same shape with the entries `chosen` along `axis` set to zero. */
export function zeroEntries({ shape, data }: Param, axis: number, chosen: ArrayLike<number>): Param {
  const inner = sizeOf(shape.slice(axis + 1));
  const out = data.slice();
  for (let o = 0; o < data.length; o += shape[axis] * inner) {
    for (let i = 0; i < chosen.length; i++) out.fill(0, o + chosen[i] * inner, o + (chosen[i] + 1) * inner);
  }
  return { shape, data: out };
}
