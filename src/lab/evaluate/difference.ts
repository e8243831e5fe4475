/** How far two arrays of logits or maps are apart, by the lab's measure of an equivariance error. */

type Values = Float32Array | Float64Array;

/** Largest |a − b| / largest |scale|; not divided where `scale` is all zero. */
export function relativeDifference<T extends Values>(a: T, b: T, scale: T = b): number {
  const largest = largestOf(scale);
  return largestDifference(a, b) / (largest === 0 ? 1 : largest);
}

/** Largest |a − b|; NaN where one of them is. */
export function largestDifference<T extends Values>(a: T, b: T): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i]);
    if (apart > largest || Number.isNaN(apart)) largest = apart;
  }
  return largest;
}

/** Largest |value|; NaN where one is. */
export function largestOf(values: Values): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest || Number.isNaN(size)) largest = size;
  }
  return largest;
}
