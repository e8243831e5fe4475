/** Measured prunings as points of accuracy against cost: those of networks that differ only in seed become one. */
import type { TrunkPoint } from '../../storage/rows';

export const COSTS = ['params', 'macs', 'exported', 'latency'] as const;

/** Times that are measured when they are asked for: engine and pictures at a time. */
export const TIMED = {
  'lab-1': { engine: 'lab', batch: 1 },
  'lab-32': { engine: 'lab', batch: 32 },
  'onnxruntime-1': { engine: 'onnxruntime', batch: 1 },
  'onnxruntime-32': { engine: 'onnxruntime', batch: 32 },
} as const;
export type TimedCost = keyof typeof TIMED;
export type CostName = (typeof COSTS)[number] | TimedCost;

export const isTimed = (cost: CostName): cost is TimedCost => cost in TIMED;

export const TIMED_COSTS = Object.keys(TIMED) as TimedCost[];

const ALL_COSTS = [...COSTS, ...TIMED_COSTS];

/** A setting, measured on one network or on several that differ in their seed. */
export interface Trade {
  readonly id: string;
  /** One for each network, the oldest measurement first. */
  readonly points: readonly TrunkPoint[];
  /** Means over the networks; validation accuracy, upright. */
  readonly accuracy: number;
  /** Standard deviation over the networks; null for one. */
  readonly deviation: number | null;
  /** Of the unpruned network's, 1 for as much; null where it was not measured. */
  readonly cost: Readonly<Record<CostName, number | null>>;
}

/** Every setting measured on a family of networks, in the order in which they were first measured. */
export function tradesOf(points: readonly TrunkPoint[], family: string): Trade[] {
  const groups = new Map<string, TrunkPoint[]>();
  for (const point of points) {
    if (point.network.family !== family) continue;
    // Stopped before its last step a network is larger than what was chosen.
    const { stoppedIn } = point.result.tuned ?? {};
    const id = JSON.stringify([point.choice, point.tuning, ...(stoppedIn ? [stoppedIn] : [])]);
    groups.set(id, [...(groups.get(id) ?? []), point]);
  }
  return [...groups].map(([id, group]) => {
    const accuracies = group.map(({ result }) => result.after.turned[0]);
    const costs = (of: CostName) => group.map((point) => costOf(point, of));
    const mean = (of: CostName) => {
      const known = costs(of).filter((cost) => cost !== null);
      return known.length === 0 ? null : meanOf(known);
    };
    return {
      id,
      points: group,
      accuracy: meanOf(accuracies),
      deviation: deviationOf(accuracies),
      cost: Object.fromEntries(ALL_COSTS.map((of) => [of, mean(of)])) as Trade['cost'],
    };
  });
}

/** Of the unpruned network's, 1 for as much; null where it was not measured. */
export function costOf(
  { result: { before, after, latency }, timed }: TrunkPoint,
  of: CostName,
): number | null {
  if (isTimed(of)) {
    const { engine, batch } = TIMED[of];
    // With as many threads as there are.
    return timed?.findLast((each) => each.engine === engine && each.batch === batch)?.ratio.p50 ?? null;
  }
  if (of === 'latency') return latency && latency.after / latency.before;
  const [was, is] = [before[of], after[of]];
  return typeof was === 'number' && typeof is === 'number' ? is / was : null;
}

/** The unpruned networks' mean accuracy; null where nothing was measured. */
export function wholeAccuracy(trades: readonly Trade[]): number | null {
  const byNetwork = new Map(
    trades.flatMap(({ points }) =>
      points.map(({ network, result }) => [network.fingerprint, result.before.turned[0]] as const),
    ),
  );
  return byNetwork.size === 0 ? null : meanOf([...byNetwork.values()]);
}

/** The cheapest setting whose accuracy is good enough. */
export function cheapestOf(
  trades: readonly Trade[],
  of: CostName,
  isGood: (accuracy: number) => boolean,
): Trade | null {
  const good = trades.filter(({ accuracy, cost }) => cost[of] !== null && isGood(accuracy));
  return good.reduce<Trade | null>(
    (best, trade) => (best === null || trade.cost[of]! < best.cost[of]! ? trade : best),
    null,
  );
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample; null for one value. */
function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
