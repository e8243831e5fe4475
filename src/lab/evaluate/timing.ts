/**
 * How long things take beside each other. Machines do other things too, so all are timed in turn in one process, and what is
 * compared is compared within its round. Each round has an order of its own, so that none always follows the same other one,
 * whose threads and caches it would meet.
 */
import { permutation } from '../random';
import { breathe } from '../runtime/breathe';
import type { Stage } from '../stage/events';

/** What is timed: something that is done again and again. */
export interface Timed {
  run(): Promise<unknown>;
}

/** How often. */
export interface Rounds {
  /** Timed rounds at most. */
  readonly runs: number;
  /** Rounds before them, which pay for what is set up once. */
  readonly warm: number;
  /** No further round begins after so many seconds, unless there are fewer than `least` timed ones. */
  readonly seconds?: number;
  readonly least?: number;
}

/** Of milliseconds. */
export interface Spread {
  readonly runs: number;
  readonly least: number;
  readonly p50: number;
  readonly p95: number;
}

/** Of the ratios to another one in the same round: the middle one, and the quarters below and above it. */
export interface Ratio {
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
}

/** Rounds, and each one's milliseconds in them. `stop` ends it after the round that is under way. */
export async function* timeInTurn(
  timed: readonly Timed[],
  { runs, warm, seconds = Number.POSITIVE_INFINITY, least = 1 }: Rounds,
  clock: () => number = () => performance.now(),
  stop?: AbortSignal,
): Stage<number[][]> {
  const times = timed.map((): number[] => []);
  const began = clock();
  for (let round = 0; round < warm + runs; round++) {
    const done = round - warm;
    if (done >= least && (stop?.aborted || clock() - began > 1000 * seconds)) break;
    for (const at of permutation(timed.length, round, 'order of timing')) {
      await breathe();
      const start = clock();
      await timed[at].run();
      if (done >= 0) times[at].push(clock() - start);
    }
    yield { type: 'progress', what: done < 0 ? 'warming up' : 'timing', done: round + 1, total: warm + runs };
  }
  return times;
}

/** The value that so large a share of the values does not exceed: the nearest rank. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const spreadOf = (times: readonly number[]): Spread => ({
  runs: times.length,
  least: quantile(times, 0),
  p50: quantile(times, 0.5),
  p95: quantile(times, 0.95),
});

/** times, reference: of the same rounds, in order. */
export function ratioOf(times: readonly number[], reference: readonly number[]): Ratio {
  const ratios = times.map((time, round) => time / reference[round]);
  return { p25: quantile(ratios, 0.25), p50: quantile(ratios, 0.5), p75: quantile(ratios, 0.75) };
}
