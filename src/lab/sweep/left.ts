/** How long a sweep still takes at the pace at which its jobs ended. */
import type { SweepJob } from './status';

const HOUR_MS = 3600e3;
/** Fewer jobs tell nothing of the others. */
const FEWEST = 3;

/**
 * Seconds until nothing is open; null where nobody can tell. It is reckoned at the moment at which a job last ended, at the
 * pace of the hour before, and what has passed since is taken off: so it counts down while a long job runs. now: in
 * milliseconds.
 */
export function timeLeft(jobs: readonly SweepJob[], now: number): number | null {
  const open = jobs.filter(({ state }) => ['waiting', 'ready', 'running'].includes(state)).length;
  if (open === 0) return 0;
  const done = jobs.filter(({ state, finishedAt }) => state === 'done' && finishedAt !== undefined);
  if (done.length < FEWEST) return null;
  const ends = done.map(({ finishedAt }) => Date.parse(finishedAt!)).sort((a, b) => a - b);
  const last = ends[ends.length - 1];
  const hour = ends.findIndex((end) => end > last - HOUR_MS);
  const first = Math.min(hour, ends.length - FEWEST);
  const begun = Math.min(...jobs.flatMap(({ startedAt }) => (startedAt ? [Date.parse(startedAt)] : [])));
  const from = first > 0 ? ends[first - 1] : Math.min(begun, ends[0]);
  const left = ((last - from) / (ends.length - first) / 1000) * open - (now - last) / 1000;
  // A job that already takes longer than all this, and than any that ended, is of another kind: it ends nobody knows when.
  const known = Math.max(left, ...done.map(({ seconds = 0 }) => seconds));
  const isOutlived = jobs.some(({ state, seconds = 0 }) => state === 'running' && seconds > known);
  return left <= 0 || isOutlived ? null : Math.round(left);
}
