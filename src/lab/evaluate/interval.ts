/** How far a share measured on few tiles can be trusted. */
import { exp } from '../elementary';

/** The 97.5 % point of the normal distribution. */
const Z = 1.959964;

/** Wilson's interval of a share seen on n tiles, as [low, high] in 0 … 1, of 95 % unless z says more; [0, 1] when n is 0. */
export function wilsonInterval(share: number, n: number, z = Z): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z2 = (z * z) / n;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n))) / (1 + z2);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Whether the interval of one share lies wholly above that of another, both seen on n tiles. */
export const isAbove = (share: number, other: number, n: number, z = Z): boolean =>
  wilsonInterval(share, n, z)[0] > wilsonInterval(other, n, z)[1];

/**
 * The z of intervals that hold together, with 95 %, for so many looks: each may miss with 5 % divided by their number
 * (Bonferroni). By bisection of the normal distribution's tail.
 */
export function zForLooks(looks: number): number {
  const tail = 0.025 / Math.max(1, looks);
  let [low, high] = [0, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return low;
}

/** The share of a normal distribution above z ≥ 0, by Abramowitz and Stegun 26.2.17 (off by at most 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const powers = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const polynomial = powers.reduceRight((sum, each) => (sum + each) * t, 0);
  return (exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
