/** Tests by counting alone, for shares of tiles: no approximation by a normal distribution. */
import { exp, log } from '../elementary';
import { betaBelow, bisect, logGamma } from './distributions';

/**
 * McNemar's test with mid-p, two-sided: how probable gains and losses as uneven as these, or more so, are where neither
 * network is better, half of those exactly as uneven counted. Of one network against one other on the same tiles, each
 * tile by itself. Fagerland, Lydersen and Laake 2013 (BMC Medical Research Methodology 13:91) recommend it over the exact
 * test, which is never more than 5 % but often far below.
 */
export function midP(gained: number, lost: number): number {
  const [total, least] = [gained + lost, Math.min(gained, lost)];
  if (gained === lost) return 1;
  let below = 0;
  for (let k = 0; k < least; k++) below += heads(k, total);
  return Math.min(1, 2 * below + heads(least, total));
}

/** The probability of k heads of so many throws. */
const heads = (k: number, throws: number): number =>
  exp(logGamma(throws + 1) - logGamma(k + 1) - logGamma(throws - k + 1) - throws * log(2));

/**
 * The upper end of Clopper and Pearson's interval (1934) of a share, of which `seen` of n were seen: with 95 % the share is
 * no larger. Of none seen it is 1 − 0.05^(1/n), about 3/n. 1 where n is 0.
 */
export function shareAtMost(seen: number, n: number, risk = 0.05): number {
  if (seen >= n) return 1;
  // P(X ≤ seen) = 1 − I_p(seen + 1, n − seen) falls as p grows.
  return bisect((p) => 1 - betaBelow(p, seen + 1, n - seen) - risk, 0, 1);
}
