/** Maps and constants with channels last, as TensorFlow Lite has them: [N, height, width, channels]. */
import type { Constant } from '../../families/operators';

type Numbers = Float32Array | Int8Array;

/** Where each axis of a map comes from, and back. */
export const TO_LAST = [0, 2, 3, 1];
export const TO_FIRST = [0, 3, 1, 2];

export const permuted = (shape: readonly number[], perm: readonly number[]): number[] =>
  perm.map((axis) => shape[axis]);

/** Numbers with their axes in another order. */
export function transposed<Data extends Numbers>(
  data: Data,
  shape: readonly number[],
  perm: readonly number[],
): Data {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const out = data.slice() as Data;
  const sizes = permuted(shape, perm);
  const moves = permuted(steps, perm);
  const at = sizes.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += moves[axis];
      if (++at[axis] < sizes[axis]) break;
      from -= moves[axis] * sizes[axis];
      at[axis] = 0;
    }
  }
  return out;
}

/** Constants of a graph as what the file counts in: floats, and 8-bit integers. */
export function numbersOf({ data }: Constant): Numbers {
  return data instanceof Float32Array || data instanceof Int8Array ? data : Float32Array.from(data, Number);
}
