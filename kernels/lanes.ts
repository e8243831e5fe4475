/**
 * Vectors of four numbers, of which only the first one to four count at the end of a row. What lies behind a row's end may
 * be read, but it is never written and never added up.
 */

/** Stores the lanes that count. */
// @ts-ignore: decorator
@inline
export function put(to: usize, value: v128, lanes: i32): void {
  if (lanes == 4) {
    v128.store(to, value);
    return;
  }
  f32.store(to, f32x4.extract_lane(value, 0));
  if (lanes > 1) f32.store(to, f32x4.extract_lane(value, 1), 4);
  if (lanes > 2) f32.store(to, f32x4.extract_lane(value, 2), 8);
}

/** All bits set in the lanes that count, none in the others. */
// @ts-ignore: decorator
@inline
export function counted(lanes: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes));
}

/**
 * The larger of two numbers, and NaN where either is. `pmax` alone would drop a NaN of the second; f32x4.max drops none, but
 * is nine instructions because of −0. Of 0 and −0 it is the first, as with `pmax`.
 */
// @ts-ignore: decorator
@inline
export function larger(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
}

/** ReLU, one instruction. What is not a number stays so, for the comparison with it does not hold; −0 stays, too. */
// @ts-ignore: decorator
@inline
export function relu(z: v128): v128 {
  return f32x4.pmax(z, f32x4.splat(0));
}

/** The first two numbers in float64. */
// @ts-ignore: decorator
@inline
export function firstTwo(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The last two numbers in float64. */
// @ts-ignore: decorator
@inline
export function lastTwo(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 1));
}

/** Adds both lanes to the float64 at `at`. */
// @ts-ignore: decorator
@inline
export function addTo(at: usize, v: v128): void {
  f64.store(at, f64.load(at) + (f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)));
}

/** A row of a map. Whole vectors are copied here: to call the engine's own copy takes as long as some of them. */
// @ts-ignore: decorator
@inline
export function copyRow(to: usize, from: usize, bytes: usize): void {
  if ((bytes & 15) != 0) {
    memory.copy(to, from, bytes);
    return;
  }
  for (const end = from + bytes; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
}
