/**
 * Distributions that tests need, from additions, products and divisions alone, so that every browser tells the same
 * (`elementary.ts`). Values were checked against SciPy's (`distributions.test.ts`).
 */
import { exp, log } from '../elementary';
import { erf } from '../errorFunction';

/** Lanczos' coefficients for g = 7 (Godfrey 2001): ln Γ to about 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x ≥ 0.5. */
export function logGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const series = LANCZOS.reduce((sum, each, i) => (i === 0 ? each : sum + each / (z + i)), 0);
  return 0.5 * log(2 * Math.PI) + (z + 0.5) * log(t) - t + log(series);
}

/** Φ(z), the share of a normal distribution below z. */
export const normalBelow = (z: number): number => 0.5 * (1 + erf(z / Math.SQRT2));

/** From here on Student's distribution is as good as normal. */
const MANY = 1e6;
const MOST_STEPS = 500;
const TINY = 1e-300;

/** I_x(a, b), the regularised incomplete beta function for a, b ≥ 0.5, by Lentz's continued fraction (Numerical Recipes, 6.4). */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const kept = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / kept(1 + term * d);
      c = kept(1 + term / c);
      step = c * d;
      fraction *= step;
    }
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

/** The probability that |T| exceeds |t|, T of Student's distribution with so many degrees of freedom (≥ 1, or infinite). */
export function studentTails(t: number, freedom: number): number {
  if (freedom > MANY) return 1 - erf(Math.abs(t) / Math.SQRT2);
  return betaBelow(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The t that |T| exceeds with probability `tails`: 12.706 for 0.05 and one degree of freedom. By bisection. */
export function studentPoint(tails: number, freedom: number): number {
  return bisect((t) => studentTails(t, freedom) - tails, 0, 1e6);
}

/** Where a falling function passes zero, to the last bits. */
export function bisect(falling: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 100 && high - low > 1e-12 * Math.max(1, Math.abs(low)); i++) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const SLICES = 400;

/**
 * The probability that a t-test with so many degrees of freedom, whose statistic is expected `shift` standard errors above
 * zero, exceeds `point`: the upper tail of the noncentral t distribution, P(Z + shift > point·w) over w = √(χ²/ν), by
 * Simpson's rule.
 */
export function noncentralAbove(point: number, freedom: number, shift: number): number {
  if (freedom > MANY) return normalBelow(shift - point);
  // The density of w: 2·(ν/2)^(ν/2)/Γ(ν/2) · w^(ν−1) · e^(−νw²/2); nearly all of it lies within nine deviations of 1.
  // Over v = √w it is smooth down to 0, of few degrees of freedom too.
  const half = freedom / 2;
  const front = log(4) + half * log(half) - logGamma(half);
  const reach = 9 / Math.sqrt(2 * freedom);
  const [from, to] = [Math.sqrt(Math.max(0, 1 - reach)), Math.sqrt(1 + reach)];
  const at = (v: number) => {
    if (v === 0) return 0;
    const w = v * v;
    const density = exp(front + (2 * freedom - 1) * log(v) - half * w * w);
    return density * normalBelow(shift - point * w);
  };
  const step = (to - from) / SLICES;
  let sum = at(from) + at(to);
  for (let i = 1; i < SLICES; i++) sum += (i % 2 === 1 ? 4 : 2) * at(from + i * step);
  return Math.min(1, Math.max(0, (sum * step) / 3));
}
