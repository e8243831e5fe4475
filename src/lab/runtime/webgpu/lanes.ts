/** What the threads of a workgroup come to together, in WGSL: in the same order whatever the device, so to the same bits. */

/** Where each thread of so many leaves its value. */
export const lanes = (threads: number): string => `
var<workgroup> lanes: array<f32, ${threads}>;`;

/**
 * A function `name(thread, value)` over so many threads, a power of two, the same for all of them; needs `lanes`. combine: WGSL
 * that puts `other` to `own`.
 */
const reduction = (
  threads: number,
  name: string,
  combine: (own: string, other: string) => string,
): string => `
fn ${name}(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${threads / 2}; half > 0; half /= 2) {
    if (thread < half) { ${combine('lanes[thread]', 'lanes[thread + half]')}; }
    workgroupBarrier();
  }
  let all = lanes[0];
  workgroupBarrier();
  return all;
}`;

/** `total(thread, value)`: the sum. */
export const total = (threads: number): string =>
  reduction(threads, 'total', (own, other) => `${own} += ${other}`);

/** `largest(thread, value)`. */
export const largest = (threads: number): string =>
  reduction(threads, 'largest', (own, other) => `${own} = max(${own}, ${other})`);
