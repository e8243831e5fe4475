/** Several tests at once. */

/**
 * Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979): p values such that calling those below 5 %
 * significant is wrong anywhere in at most 5 % of all cases, however the tests hang together. In the order given.
 */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a] - ps[b]);
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  for (const [rank, i] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * ps[i]));
    adjusted[i] = least;
  }
  return adjusted;
}
