/**
 * exp and log for tensors of floats, from additions and products alone: JavaScript's own are not promised to be the same
 * numbers in every browser, and what enters a result has to be. Right to float32's last bit but for rare ties.
 */
import { registerOwnKernel } from './backend';

/** ln 2 in two parts, the first with enough zeros at its end that small multiples of it are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Terms of the series of exp on |r| ≤ ln 2 / 2, where the next is below 2⁻⁵³. */
const EXP_TERMS = 14;
/** Terms of the series of log on √½ ≤ m ≤ √2, likewise. */
const LOG_TERMS = 12;

/** e^x. */
export function exp(x: number): number {
  if (!(x < 710)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < -745) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = EXP_TERMS; n > 0; n--) sum = 1 + (r / n) * sum;
  return scaled(sum, k);
}

/** ln x; NaN below zero. */
export function log(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) {
    return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  let [m, k] = [x, 0];
  while (m > Math.SQRT2) [m, k] = [m / 2, k + 1];
  while (m < Math.SQRT1_2) [m, k] = [m * 2, k - 1];
  // ln m = 2·artanh(s) with s = (m − 1)/(m + 1), |s| ≤ 0.172
  const s = (m - 1) / (m + 1);
  let sum = 0;
  for (let n = LOG_TERMS; n >= 0; n--) sum = sum * s * s + 1 / (2 * n + 1);
  return k * LN2_HIGH + (k * LN2_LOW + 2 * s * sum);
}

/** x·2^k, by halves that are exact: 2^k alone may be too large or too small. */
function scaled(x: number, k: number): number {
  let value = x;
  let left = k;
  for (; left > 0; left--) value *= 2;
  for (; left < 0; left++) value /= 2;
  return value;
}

for (const [name, compute] of [
  ['Exp', exp],
  ['Log', log],
] as const) {
  registerOwnKernel(name, (backend, { x }) =>
    backend.makeTensorInfo(x.shape, 'float32', backend.values(x).map(compute)),
  );
}
