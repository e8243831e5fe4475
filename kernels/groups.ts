/**
 * Fourier over the group: the n values of an orbit, one for each element, become n components, one for each entry of each
 * real irreducible representation; and back. Additions only: the scales are in the weights
 * (src/lab/nn/ops/groupConvolution/fourier.ts has the same transforms as matrices, and what makes them right).
 *
 *   C1  the value itself
 *   C2  v0+v1, v0−v1 (D1 alike)
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

/** The way back, from rows `rows` bytes apart: the n values side by side. */
// @ts-ignore: decorator
@inline
export function fromC2(from: usize, rows: usize, to: usize): void {
  const i0 = v128.load(from);
  const i1 = v128.load(from + rows);
  v128.store(to, f32x4.add(i0, i1));
  v128.store(to, f32x4.sub(i0, i1), 16);
}

/** `pair`: the field's two rows of the turn, `row` bytes apart. */
// @ts-ignore: decorator
@inline
export function fromC4(from: usize, rows: usize, pair: usize, row: usize, to: usize): void {
  const i0 = v128.load(from);
  const i1 = v128.load(from + rows);
  const c = v128.load(pair);
  const s = v128.load(pair + row);
  const even = f32x4.add(i0, i1);
  const odd = f32x4.sub(i0, i1);
  v128.store(to, f32x4.add(even, c));
  v128.store(to, f32x4.add(odd, s), 16);
  v128.store(to, f32x4.sub(even, c), 32);
  v128.store(to, f32x4.sub(odd, s), 48);
}

/** `upper`: the field's two rows of the upper row of matrices, `row` bytes apart; those of the lower lie 2·`rows` on. */
// @ts-ignore: decorator
@inline
export function fromD4(from: usize, rows: usize, upper: usize, row: usize, to: usize): void {
  const lower = upper + 2 * rows;
  const i0 = v128.load(from);
  const i1 = v128.load(from + rows);
  const i2 = v128.load(from + 2 * rows);
  const i3 = v128.load(from + 3 * rows);
  const q00 = v128.load(upper);
  const q01 = v128.load(upper + row);
  const q10 = v128.load(lower);
  const q11 = v128.load(lower + row);
  const turned = f32x4.add(i0, i1);
  const signed = f32x4.add(i2, i3);
  const mirrored = f32x4.sub(i0, i1);
  const signedM = f32x4.sub(i2, i3);
  const diagonal = f32x4.add(q00, q11);
  const skew = f32x4.sub(q10, q01);
  const diagonalM = f32x4.sub(q00, q11);
  const skewM = f32x4.add(q01, q10);
  const even = f32x4.add(turned, signed);
  const odd = f32x4.sub(turned, signed);
  const evenM = f32x4.add(mirrored, signedM);
  const oddM = f32x4.sub(mirrored, signedM);
  v128.store(to, f32x4.add(even, diagonal));
  v128.store(to, f32x4.add(odd, skew), 16);
  v128.store(to, f32x4.sub(even, diagonal), 32);
  v128.store(to, f32x4.sub(odd, skew), 48);
  v128.store(to, f32x4.add(evenM, diagonalM), 64);
  v128.store(to, f32x4.add(oddM, skewM), 80);
  v128.store(to, f32x4.sub(evenM, diagonalM), 96);
  v128.store(to, f32x4.sub(oddM, skewM), 112);
}
