/**
 * Products of small matrices in registers.
 *
 * Forward: C[m][8] = Σ_k A[k][m] · B[k][8], eight pixels wide. A tile of 4 rows × 8 pixels has eight accumulators, two
 * vectors of B and one broadcast of A: what fits the sixteen registers that V8 gives. Wider tiles spill and are slower.
 */

/** Rows `r` of the tile that starts at row m of `rows`: 4, or what is left of the last (2 or 1 at a time). */
// @ts-ignore: decorator
@inline
export function tileRows(left: i32): i32 {
  return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** C (rows × 8, rows contiguous) = Aᵀ·B. A: tiles of rows one after the other, each [K][rows of the tile]. */
export function product8(a: usize, b: usize, c: usize, rows: i32, k: i32): void {
  let left = rows;
  while (left >= 4) {
    tile4(a, b, c, k);
    a += (<usize>k) << 4;
    c += 128;
    left -= 4;
  }
  if (left >= 2) {
    tile2(a, b, c, k);
    a += (<usize>k) << 3;
    c += 64;
    left -= 2;
  }
  if (left > 0) tile1(a, b, c, k);
}

function tile4(a: usize, b: usize, c: usize, k: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (const end = b + ((<usize>k) << 5); b < end; b += 32, a += 16) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const w0 = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(w0, b0));
    c01 = f32x4.add(c01, f32x4.mul(w0, b1));
    const w1 = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(w1, b0));
    c11 = f32x4.add(c11, f32x4.mul(w1, b1));
    const w2 = v128.load_splat<f32>(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(w2, b0));
    c21 = f32x4.add(c21, f32x4.mul(w2, b1));
    const w3 = v128.load_splat<f32>(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(w3, b0));
    c31 = f32x4.add(c31, f32x4.mul(w3, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c10, 32);
  v128.store(c, c11, 48);
  v128.store(c, c20, 64);
  v128.store(c, c21, 80);
  v128.store(c, c30, 96);
  v128.store(c, c31, 112);
}

function tile2(a: usize, b: usize, c: usize, k: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  for (const end = b + ((<usize>k) << 5); b < end; b += 32, a += 8) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const w0 = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(w0, b0));
    c01 = f32x4.add(c01, f32x4.mul(w0, b1));
    const w1 = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(w1, b0));
    c11 = f32x4.add(c11, f32x4.mul(w1, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c10, 32);
  v128.store(c, c11, 48);
}

function tile1(a: usize, b: usize, c: usize, k: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  for (const end = b + ((<usize>k) << 5); b < end; b += 32, a += 4) {
    const w0 = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(w0, v128.load(b)));
    c01 = f32x4.add(c01, f32x4.mul(w0, v128.load(b, 16)));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
}

/**
 * C[i][j] += Σ_v A[i][v] · B[j][v] over `length` bytes, whole vectors of four: rows of A and of B lie `step` bytes apart.
 * C: rowsA × rowsB. Pixels are innermost here, so each product ends with a sum over four lanes.
 */
export function dots(a: usize, b: usize, c: usize, rowsA: i32, rowsB: i32, length: usize, step: usize): void {
  const width = (<usize>rowsB) << 2;
  let i = 0;
  for (; i + 2 <= rowsA; i += 2, a += step << 1, c += width << 1) {
    let j = 0;
    let right = b;
    for (; j + 4 <= rowsB; j += 4, right += step << 2) dots2x4(a, right, step, length, c + ((<usize>j) << 2), width);
    for (; j < rowsB; j++, right += step) {
      const at = c + ((<usize>j) << 2);
      f32.store(at, f32.load(at) + dot(a, right, length));
      f32.store(at + width, f32.load(at + width) + dot(a + step, right, length));
    }
  }
  if (i < rowsA) {
    for (let j = 0; j < rowsB; j++, b += step, c += 4) f32.store(c, f32.load(c) + dot(a, b, length));
  }
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** The four sums of lanes as one vector, each added as `sumOfLanes` adds. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
  const first = f32x4.add(v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  const second = f32x4.add(
    v128.shuffle<f32>(high01, high23, 0, 1, 4, 5),
    v128.shuffle<f32>(high01, high23, 2, 3, 6, 7),
  );
  return f32x4.add(first, second);
}

function dots2x4(a: usize, b: usize, step: usize, length: usize, c: usize, width: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  const lower = a + step;
  const second = b + step;
  const third = second + step;
  const fourth = third + step;
  for (let v: usize = 0; v < length; v += 16) {
    const a0 = v128.load(a + v);
    const a1 = v128.load(lower + v);
    const b0 = v128.load(b + v);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    const b1 = v128.load(second + v);
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const b2 = v128.load(third + v);
    c02 = f32x4.add(c02, f32x4.mul(a0, b2));
    c12 = f32x4.add(c12, f32x4.mul(a1, b2));
    const b3 = v128.load(fourth + v);
    c03 = f32x4.add(c03, f32x4.mul(a0, b3));
    c13 = f32x4.add(c13, f32x4.mul(a1, b3));
  }
  v128.store(c, f32x4.add(v128.load(c), sumsOfLanes(c00, c01, c02, c03)));
  v128.store(c + width, f32x4.add(v128.load(c + width), sumsOfLanes(c10, c11, c12, c13)));
}

function dot(a: usize, b: usize, length: usize): f32 {
  let sum = f32x4.splat(0);
  for (let v: usize = 0; v < length; v += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + v), v128.load(b + v)));
  return sumOfLanes(sum);
}
