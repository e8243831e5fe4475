/** How far two arrays of logits or maps are apart, by the lab's measure of an equivariance error. */

type Values = Float32Array | Float64Array;

/** Largest |a − b| / largest |scale|; not divided where `scale` is all zero. */
export function relativeDifference<T extends Values>(a: T, b: T, scale: T = b): number {
  return largestDifference(a, b) / (largestOf(scale) || 1);
}

/** Largest |a − b|. */
export function largestDifference<T extends Values>(a: T, b: T): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i]);
    if (apart > largest) largest = apart;
  }
  return largest;
}

/** Largest |value|. */
export function largestOf(values: Values): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest) largest = size;
  }
  return largest;
}
