/**
 * e^x of four numbers, in float32, to about two units of the last place: from additions and products alone, so the same bits
 * everywhere. Coefficients are those of Cephes (Moshier, freely granted). Beyond what float32 holds it ends at its ends.
 */
export function exp4(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(88.0)), f32x4.splat(-87.0));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  // ln 2 in two parts, of which a multiple of the first is exact.
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = step(y, r, 1.3981999507e-3);
  y = step(y, r, 8.3334519073e-3);
  y = step(y, r, 4.1665795894e-2);
  y = step(y, r, 1.6666665459e-1);
  y = step(y, r, 5.0000001201e-1);
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2ⁿ by its bits; of what is no number n is 0, and y is none.
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

// @ts-ignore: decorator
@inline
function step(y: v128, r: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(y, r), f32x4.splat(coefficient));
}
