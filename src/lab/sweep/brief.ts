/** Sweeps with more jobs than marks that anybody looks at: a line for each run, and the foremost of what there is. */
import { SHOWN_STATES, type ShownState, shownStates } from './failures';
import type { SweepPicture } from './picture';
import type { SweepJob } from './status';

/** More marks than these are no picture any more, and a page that is drawn anew every two seconds becomes slow. */
const MOST_MARKS = 400;
const MOST_COLUMNS = 24;
const MOST_IN_PLACE = 12;

/** Whether a sweep is told by lines and not by marks: it has many, many after each other, or many in one place. */
export const isLarge = ({ columns, rows }: SweepPicture, jobs: readonly SweepJob[]): boolean =>
  jobs.length > MOST_MARKS ||
  columns.length > MOST_COLUMNS ||
  rows.some(({ cells }) => cells.some((cell) => cell.length > MOST_IN_PLACE));

export interface RunLine {
  readonly run: string;
  /** In their order. */
  readonly jobs: readonly SweepJob[];
  readonly counts: Readonly<Record<ShownState, number>>;
}

/** A line for each run, in the order in which they are first named. */
export function runLines(jobs: readonly SweepJob[]): RunLine[] {
  const states = shownStates(jobs);
  const lines = new Map<string, { run: string; jobs: SweepJob[]; counts: Record<ShownState, number> }>();
  for (const job of jobs) {
    const line = lines.get(job.run) ?? { run: job.run, jobs: [], counts: { ...NONE } };
    lines.set(job.run, line);
    line.jobs.push(job);
    line.counts[states.get(job.id)!]++;
  }
  return [...lines.values()];
}

const NONE = Object.fromEntries(SHOWN_STATES.map((state) => [state, 0])) as Record<ShownState, number>;

/** What is looked for first. */
const URGENCY: readonly ShownState[] = [
  ...(['failed', 'running', 'blocked', 'ready', 'waiting', 'done', 'cancelled'] as const),
];

export const urgencyOf = (state: ShownState): number => URGENCY.indexOf(state);

/** That of the most urgent of its jobs. */
export const lineUrgency = ({ counts }: RunLine): number => URGENCY.findIndex((state) => counts[state] > 0);

/** Of more than `most` those that are the most urgent, of equals the first; in their own order. */
export function foremost<T>(all: readonly T[], urgency: (each: T) => number, most: number): readonly T[] {
  if (all.length <= most) return all;
  const ranked = all.map((each, i) => ({ i, urgency: urgency(each) }));
  ranked.sort((one, other) => one.urgency - other.urgency || one.i - other.i);
  const kept = ranked.slice(0, most).map(({ i }) => i);
  return kept.sort((one, other) => one - other).map((i) => all[i]);
}
