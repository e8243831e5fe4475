/** How far two arrays of logits or maps are apart, by the lab's measure of an equivariance error. */

/** Largest |a − b| / largest |scale|; not divided where `scale` is all zero. */
export function relativeDifference<T extends Float32Array | Float64Array>(a: T, b: T, scale: T = b): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i]);
    const size = Math.abs(scale[i]);
    if (apart > difference) difference = apart;
    if (size > largest) largest = size;
  }
  return largest === 0 ? difference : difference / largest;
}
