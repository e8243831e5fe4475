/**
 * exp, log, cos, sin and powers from additions, products and divisions alone: JavaScript's own are not promised to be the
 * same numbers in every browser (the exp of WebKit, of Chromium and of Node differ in last bits), and what enters a result
 * has to be. Methods and coefficients are those of fdlibm (Sun Microsystems, 1993, freely granted), on which Node 20 and
 * Firefox stand: most answers are also theirs. Right to about one unit of the last place.
 */

/** ln 2 in two parts, the first with enough zeros at its end that multiples of it are exact. */
const [LN2_HIGH, LN2_LOW] = [0.6931471803691238, 1.9082149292705877e-10];

/** r·(e^r + 1)/(e^r − 1) − 2 on |r| ≤ ln 2 / 2, by powers of r². */
const [E1, E2, E3, E4, E5] = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
];
/** (ln(1 + s) − ln(1 − s))/s − 2 on |s| ≤ 0.172, by powers of s². */
const [L1, L2, L3, L4, L5, L6, L7] = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];
/** sin x on |x| ≤ π/4, by odd powers from x³ on. */
const [S1, S2, S3, S4, S5, S6] = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6,
  -2.5050760253406863e-8, 1.58969099521155e-10,
];
/** cos x on |x| ≤ π/4, by even powers from x⁴ on. */
const [C1, C2, C3, C4, C5, C6] = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
];
/** π/2 in three parts; the first two have 33 bits, so that multiples of them below 2²⁰ are exact. */
const [HALF_PI, HALF_PI_2, HALF_PI_3] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];
/** Beyond, turns are not counted exactly any more. */
const LARGEST_ANGLE = 1e6;

/** e^x. */
export function exp(x: number): number {
  if (!(x < 710)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < -746) return 0;
  const size = Math.abs(x);
  let k = 0;
  if (size > 1.5 * Math.LN2) k = Math.trunc(x / Math.LN2 + (x < 0 ? -0.5 : 0.5));
  else if (size > 0.5 * Math.LN2) k = Math.sign(x);
  const [high, low] = [x - k * LN2_HIGH, k * LN2_LOW];
  const r = high - low;
  const t = r * r;
  const c = r - t * (E1 + t * (E2 + t * (E3 + t * (E4 + t * E5))));
  return timesPowerOf2(1 - (low - (r * c) / (2 - c) - high), k);
}

/** ln x; NaN below zero. */
export function log(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) {
    return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  // x = 2^k (1 + f) with √½ ≤ 1 + f ≤ √2
  let [m, k] = [x, 0];
  for (; m >= 2; k++) m /= 2;
  for (; m < 1; k--) m *= 2;
  const isMiddle = m >= 1.38 && m < 1.42;
  if (m > Math.SQRT2) [m, k] = [m / 2, k + 1];
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  const half = 0.5 * f * f;
  const rest = isMiddle ? half - (s * (half + r) + k * LN2_LOW) : s * (f - r) - k * LN2_LOW;
  return k * LN2_HIGH - (rest - f);
}

/** base^exponent for a base that is not below zero; its last place is less sure the farther exponent·ln base is from 0. */
export function power(base: number, exponent: number): number {
  if (exponent === 1) return base;
  if (exponent === 0 || base === 1) return 1;
  return exp(exponent * log(base));
}

/** cos and sin of an angle in radians. Throws `RangeError` for one of many thousand turns. */
export const cos = (angle: number): number => turned(angle, 1);
export const sin = (angle: number): number => turned(angle, 0);

/** The sine of an angle and so many quarter turns. */
function turned(angle: number, quarters: number): number {
  if (!(Math.abs(angle) <= LARGEST_ANGLE)) throw new RangeError(`No angle: ${angle}.`);
  const n = Math.round((angle * 2) / Math.PI);
  // angle − n·π/2 as x + y, x a number and y what is missing from it
  const first = angle - n * HALF_PI;
  const second = first - n * HALF_PI_2;
  const tail = n * HALF_PI_3 - (first - second - n * HALF_PI_2);
  const x = second - tail;
  const y = second - x - tail;
  const quarter = (((n + quarters) % 4) + 4) % 4;
  const value = quarter % 2 === 0 ? shortSin(x, y) : shortCos(x, y);
  return quarter < 2 ? value : -value;
}

/** sin(x + y) for |x| ≤ π/4 and a tiny y. */
function shortSin(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
  if (y === 0) return x + v * (S1 + z * r);
  return x - (z * (0.5 * y - v * r) - y - v * S1);
}

/** cos(x + y), likewise; 1 − z/2 is rounded in two steps where z is large. */
function shortCos(x: number, y: number): number {
  const z = x * x;
  const r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  const part = Math.abs(x) < 0.3 ? 0 : Math.min(0.28125, Math.round(Math.abs(x) * 256) / 1024);
  return 1 - part - (0.5 * z - part - (z * r - x * y));
}

/** 2^k for −1022 ≤ k ≤ 1023, at k + 1022. */
const POWERS = new Float64Array(2046);
for (let k = 0; k < 1024; k++) POWERS[1022 + k] = k === 0 ? 1 : 2 * POWERS[1021 + k];
for (let k = 1; k <= 1022; k++) POWERS[1022 - k] = POWERS[1023 - k] / 2;

/** x·2^k for x about 1, rounded once; 2^k alone may be too large or too small. */
function timesPowerOf2(x: number, k: number): number {
  if (k > 1000) return x * POWERS[k - 100 + 1022] * POWERS[100 + 1022];
  if (k < -1000) return x * POWERS[k + 100 + 1022] * POWERS[-100 + 1022];
  return x * POWERS[k + 1022];
}
