/**
 * Where a slider over the units of a transformer's blocks stops: what stays has to be run through the network at each, so
 * there are few.
 */
import { keptOf, type Ranking } from './rank';

export interface Stop {
  /** Share of the units to remove, and the number that goes by it. */
  readonly ratio: number;
  readonly removed: number;
}

/** Of so few units every number is a stop. */
const FEW = 40;
const TENTHS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/** counts: units of each block. By rising number of removed units, none first. */
export function stopsOf(counts: readonly number[], ranking: Ranking): Stop[] {
  const units = counts.reduce((sum, count) => sum + count, 0);
  const ratios = units <= FEW ? counts.flatMap((count) => sharesOf(count * counts.length)) : TENTHS;
  const stops = new Map<number, Stop>();
  for (const ratio of [...new Set(ratios)].sort((a, b) => a - b)) {
    const removed = units - keptOf(counts, ratio, ranking);
    if (!stops.has(removed)) stops.set(removed, { ratio, removed });
  }
  return [...stops.values()];
}

const sharesOf = (count: number): number[] => Array.from({ length: count }, (_, i) => i / count);

/** The stop nearest to a number of removed units; of two that are as near the one before. */
export function stopAt(stops: readonly Stop[], removed: number): Stop {
  return stops.reduce((best, stop) =>
    Math.abs(stop.removed - removed) < Math.abs(best.removed - removed) ? stop : best,
  );
}
