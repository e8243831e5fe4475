/**
 * As much of float64 in WGSL's integers as levels need (../levels.ts), to the last bit: sums, quotients, and what becomes of
 * them as float32. GPUs have no float64, and divide float32 less exactly than IEEE asks; levels that differ by one would be
 * other integers than the CPU's.
 *
 * A `Real` is m·2^e, m of 53 bits (x the lower 32, y the others), or 0. No signs, no infinity, and of what is smaller than
 * float32's normal numbers no float32.
 */
export const FLOAT64 = `
struct Real { m: vec2u, e: i32 };

fn isLess(a: vec2u, b: vec2u) -> bool { return a.y < b.y || (a.y == b.y && a.x < b.x); }
fn plus(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}
fn minus(a: vec2u, b: vec2u) -> vec2u { return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x)); }
fn shiftedUp(a: vec2u, n: u32) -> vec2u {
  if (n == 0u) { return a; }
  if (n >= 32u) { return vec2u(0u, a.x << (n - 32u)); }
  return vec2u(a.x << n, (a.y << n) | (a.x >> (32u - n)));
}
fn shiftedDown(a: vec2u, n: u32) -> vec2u {
  if (n == 0u) { return a; }
  if (n >= 64u) { return vec2u(); }
  if (n >= 32u) { return vec2u(a.y >> (n - 32u), 0u); }
  return vec2u((a.x >> n) | (a.y << (32u - n)), a.y >> n);
}

/** Without the lowest bits, rounded to nearest, halves to even; isMore: there was something even below those. */
fn rounded(m: vec2u, bits: u32, isMore: bool) -> vec2u {
  let kept = shiftedDown(m, bits);
  let rest = minus(m, shiftedUp(kept, bits));
  let half = shiftedUp(vec2u(1u, 0u), bits - 1u);
  let isUp = isLess(half, rest) || (all(rest == half) && (isMore || (kept.x & 1u) == 1u));
  return plus(kept, vec2u(select(0u, 1u, isUp), 0u));
}

fn realOf(m: vec2u, e: i32, isMore: bool) -> Real {
  if (all(m == vec2u())) { return Real(m, 0); }
  let bits = 64u - select(countLeadingZeros(m.y), 32u + countLeadingZeros(m.x), m.y == 0u);
  if (bits <= 53u) { return Real(shiftedUp(m, 53u - bits), e - i32(53u - bits)); }
  let kept = rounded(m, bits - 53u, isMore);
  let isFull = kept.y == (1u << 21u);
  return Real(select(kept, shiftedDown(kept, 1u), isFull), e + i32(bits) - select(53, 52, isFull));
}

/** Of a float32's bits. */
fn realOfBits(bits: u32) -> Real {
  let exponent = i32(bits >> 23u);
  let fraction = bits & 0x7fffffu;
  return realOf(vec2u(select(fraction | 0x800000u, fraction, exponent == 0), 0u), max(exponent, 1) - 150, false);
}

fn sumOf(a: Real, b: Real) -> Real {
  if (all(a.m == vec2u())) { return b; }
  if (all(b.m == vec2u())) { return a; }
  var large = a;
  var small = b;
  if (a.e < b.e) { large = b; small = a; }
  let apart = u32(large.e - small.e);
  // Three more bits tell on which side of a half the sum is.
  let whole = shiftedUp(small.m, 3u);
  let part = shiftedDown(whole, apart);
  let isMore = apart >= 64u || any(shiftedUp(part, apart) != whole);
  return realOf(plus(shiftedUp(large.m, 3u), part), large.e - 3, isMore);
}

/** b is not 0. */
fn quotientOf(a: Real, b: Real) -> Real {
  if (all(a.m == vec2u())) { return a; }
  var rest = a.m;
  var digits = vec2u();
  for (var i = 0; i < 55; i++) {
    digits = shiftedUp(digits, 1u);
    if (!isLess(rest, b.m)) {
      digits.x |= 1u;
      rest = minus(rest, b.m);
    }
    rest = shiftedUp(rest, 1u);
  }
  return realOf(digits, a.e - b.e - 54, any(rest != vec2u()));
}

/** The nearest float32, of a number that float32 holds; 0 for what is smaller than its normal numbers. */
fn floatOf(a: Real) -> f32 {
  if (all(a.m == vec2u()) || a.e < -178) { return 0.0; }
  let kept = rounded(a.m, 29u, false).x;
  // A carry out of the fraction is one more in the exponent, and the fraction is 0 then.
  return bitcast<f32>((u32(a.e + 178) << 23u) + kept);
}

/** The nearest integer, halves to even, of a number below 2³². */
fn integerOf(a: Real) -> i32 {
  if (a.e <= -64) { return 0; }
  return i32(rounded(a.m, u32(-a.e), false).x);
}`;
