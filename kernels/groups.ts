/**
 * Fourier over the group: the n values of an orbit, one for each element, become n components, one for each entry of each
 * real irreducible representation; and back. Additions only: the scales are in the weights
 * (src/lab/nn/ops/groupConvolution/fourier.ts has the same transforms as matrices, and what makes them right).
 *
 *   C1  the value itself
 *   C2  v0+v1, v0−v1
 *   C4  trivial, (−1)^r, then the first row of the turn by r·90°: v0−v2, v1−v3
 *   D4  trivial, sign of the mirror, (−1)^r, their product, then the matrices R^r·diag(1, −1)^m: 00, 01, 10, 11
 *
 * Components are stored for the products that follow, in panels: one for each one-dimensional representation, with a row
 * for each field (and position); then C4's pair with two rows each, and D4's two rows of matrices with two rows each. A
 * `panel` is the size in bytes of one with a row each, `row` the distance of two rows. Vectors are four pixels.
 */

// @ts-ignore: decorator
@inline
export function toC2(v0: v128, v1: v128, to: usize, panel: usize): void {
  v128.store(to, f32x4.add(v0, v1));
  v128.store(to + panel, f32x4.sub(v0, v1));
}

/** `pair`: where this orbit's first row of the pair lies. */
// @ts-ignore: decorator
@inline
export function toC4(v0: v128, v1: v128, v2: v128, v3: v128, to: usize, panel: usize, pair: usize, row: usize): void {
  const even = f32x4.add(v0, v2);
  const odd = f32x4.add(v1, v3);
  v128.store(to, f32x4.add(even, odd));
  v128.store(to + panel, f32x4.sub(even, odd));
  v128.store(pair, f32x4.sub(v0, v2));
  v128.store(pair + row, f32x4.sub(v1, v3));
}

/** u: turned, m: mirrored, then turned. `pair`: the first row of matrices; the second lies two panels on. */
// @ts-ignore: decorator
@inline
export function toD4(
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  m0: v128,
  m1: v128,
  m2: v128,
  m3: v128,
  to: usize,
  panel: usize,
  pair: usize,
  row: usize,
): void {
  const a0 = f32x4.add(u0, u2);
  const a1 = f32x4.add(u1, u3);
  const a2 = f32x4.sub(u0, u2);
  const a3 = f32x4.sub(u1, u3);
  const b0 = f32x4.add(m0, m2);
  const b1 = f32x4.add(m1, m3);
  const b2 = f32x4.sub(m0, m2);
  const b3 = f32x4.sub(m1, m3);
  const sum = f32x4.add(a0, a1);
  const difference = f32x4.sub(a0, a1);
  const sumM = f32x4.add(b0, b1);
  const differenceM = f32x4.sub(b0, b1);
  v128.store(to, f32x4.add(sum, sumM));
  v128.store(to + panel, f32x4.sub(sum, sumM));
  v128.store(to + 2 * panel, f32x4.add(difference, differenceM));
  v128.store(to + 3 * panel, f32x4.sub(difference, differenceM));
  const lower = pair + 2 * panel;
  v128.store(pair, f32x4.add(a2, b2));
  v128.store(pair + row, f32x4.sub(b3, a3));
  v128.store(lower, f32x4.add(a3, b3));
  v128.store(lower + row, f32x4.sub(a2, b2));
}
