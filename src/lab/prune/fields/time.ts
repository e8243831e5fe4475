/**
 * A budget of time. Times are noisy, and need not fall with every removal (a width that fits the device's vectors can be
 * faster than a smaller one), so no single comparison decides. Each measurement runs the unpruned network and a smaller one
 * in turn, whose ratio what else the device does leaves alone; between the measurements a curve is fitted that never rises
 * (isotonic regression: Barlow et al. 1972), the search goes where it crosses the budget, and the network that is chosen
 * is measured afresh. One that is over gives up more fields.
 */
import { BadInput } from '../../errors';
import { totalCost } from '../../evaluate/cost';
import { median } from '../../evaluate/latency';
import type { ArchSpec } from '../../families/gcnn/arch';
import type { Stage } from '../../stage/events';
import type { KeptFields } from './extract';
import { archOf, type Budget, budgetError, orderRemovals } from './rank';

/** Seconds of one forward pass of a tile by each architecture, run in turn on this device: handed in by the host. */
export type Measure = (archs: readonly ArchSpec[]) => Promise<readonly number[]>;

/** What a budget of time came to: the chosen network's time as a share of the unpruned one's, measured after the choice. */
export interface ReachedTime {
  readonly share: number;
  /** How often two networks were timed in turn. */
  readonly measurements: number;
}

/** Measurements on the search at most, of the two networks beside the budget each, and of a chosen one. */
const PROBES = 12;
const REPEATS = 2;
const CHECKS = 3;

/**
 * Removes fields of the chosen blocks (from 1) in the order of `orderRemovals` until the measured time is within the
 * budget. Throws `BadInput` for a share outside 0 … 1, for a budget that is not met with one field left in each block,
 * and where the clock is too coarse.
 */
export async function* keptByTime(
  arch: ArchSpec,
  saliencies: readonly Float64Array[],
  budget: Budget,
  blocks: readonly number[],
  measure: Measure,
): Stage<{ kept: KeptFields; reached: ReachedTime }> {
  const { share: most, from = arch } = budget;
  const removals = orderRemovals(budget, saliencies, blocks);
  let measurements = 0;

  async function* timed(count: number): Stage<number> {
    const [whole, own] = await measure([from, archOf(arch, removals.after(count))]);
    if (!(whole > 0)) {
      throw new BadInput(
        'This network is too fast for the clock here: choose a budget of parameters or multiply-adds.',
      );
    }
    measurements++;
    const total = Math.max(PROBES + 1 + CHECKS, measurements + 1);
    yield { type: 'progress', what: 'timing', done: measurements, total };
    return own / whole;
  }
  async function* checked(count: number): Stage<number> {
    const shares: number[] = [];
    for (let i = 0; i < CHECKS; i++) shares.push(yield* timed(count));
    return median(shares);
  }

  if (most === 1 && from === arch) {
    return { kept: removals.after(0), reached: { share: 1, measurements } };
  }
  let count = yield* findCrossing(arch, removals, most, from === arch, timed, checked);
  let share = yield* checked(count);
  for (let step = 1; share > most && count < removals.most; step *= 2) {
    count = Math.min(removals.most, count + step);
    share = yield* checked(count);
  }
  if (share > most) throw budgetError('latency', share);
  return { kept: removals.after(count), reached: { share, measurements } };
}

/** The fewest removals that the fitted curve puts within the budget. */
async function* findCrossing(
  arch: ArchSpec,
  { most: all, after }: ReturnType<typeof orderRemovals>,
  share: number,
  isWhole: boolean,
  timed: (count: number) => Stage<number>,
  checked: (count: number) => Stage<number>,
): Stage<number> {
  const macs = (count: number) => totalCost(archOf(arch, after(count))).macs;
  const points = new Map<number, Point>();
  const add = (count: number, value: number) => {
    const { sum, weight } = points.get(count) ?? { sum: 0, weight: 0 };
    points.set(count, { count, sum: sum + value, weight: weight + 1 });
  };
  add(0, isWhole ? 1 : yield* timed(0));
  // Once may be by chance.
  const least = yield* timed(all);
  add(all, least <= share ? least : yield* checked(all));
  if (meanOf(points.get(all)!) > share) throw budgetError('latency', meanOf(points.get(all)!));
  for (let probe = 1; probe <= PROBES; probe++) {
    const fitted = fitFallingCurve([...points.values()].sort((a, b) => a.count - b.count));
    const met = fitted.findIndex(({ value }) => value <= share);
    // Of the fewest fields the first measurement may have been within the budget by chance.
    if (met === -1) return all;
    if (met === 0) return 0;
    const [above, within] = [fitted[met - 1], fitted[met]];
    if (within.count - above.count > 1) {
      // Time goes nearly with the multiply-adds; where it does not, halving gets there.
      const next =
        probe % 3 === 0 ? (above.count + within.count) >> 1 : findMeeting(above, within, share, macs);
      add(next, yield* timed(next));
    } else {
      const unsure = [above, within].find(
        ({ count, weight }) => weight < REPEATS && !(isWhole && count === 0),
      );
      if (!unsure) return within.count;
      add(unsure.count, yield* timed(unsure.count));
    }
  }
  const fitted = fitFallingCurve([...points.values()].sort((a, b) => a.count - b.count));
  return fitted.find(({ value }) => value <= share)?.count ?? all;
}

/** Measurements after `count` removals. */
interface Point {
  readonly count: number;
  readonly sum: number;
  readonly weight: number;
}

interface Fitted {
  readonly count: number;
  readonly weight: number;
  readonly value: number;
}

const meanOf = ({ sum, weight }: Pick<Point, 'sum' | 'weight'>): number => sum / weight;

/** The curve nearest to the points, in squares, that never rises (pool adjacent violators). Points by rising count. */
export function fitFallingCurve(points: readonly Point[]): Fitted[] {
  const pools: Point[][] = [];
  const mean = (pool: readonly Point[]) =>
    meanOf(pool.reduce((a, b) => ({ count: 0, sum: a.sum + b.sum, weight: a.weight + b.weight })));
  for (const point of points) {
    let pool = [point];
    while (pools.length > 0 && mean(pools.at(-1)!) <= mean(pool)) pool = [...pools.pop()!, ...pool];
    pools.push(pool);
  }
  return pools.flatMap((pool) => pool.map(({ count, weight }) => ({ count, weight, value: mean(pool) })));
}

/** The first count between two points at which a line over the multiply-adds is within the budget. */
function findMeeting(above: Fitted, within: Fitted, share: number, macs: (count: number) => number): number {
  const [from, to] = [macs(above.count), macs(within.count)];
  const last = within.count - 1;
  for (let count = above.count + 1; count < last; count++) {
    const passed = (from - macs(count)) / (from - to);
    if (above.value + passed * (within.value - above.value) <= share) return count;
  }
  return last;
}
