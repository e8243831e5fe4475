/** What failed by itself, and what only needs that: where one training fails, all that follow it end as failed with it. */
import type { JobState, SweepJob } from './status';

/** As a job is shown. blocked: it failed only because one that it needs did. */
export type ShownState = JobState | 'blocked';

export const SHOWN_STATES = [
  'done',
  'running',
  'failed',
  'blocked',
  'ready',
  'waiting',
  'cancelled',
] as const;

export interface Failures<Job> {
  /** By themselves. Tried again, each takes those that need it along. */
  readonly failed: readonly Job[];
  readonly blocked: readonly Job[];
}

/** The jobs that failed, told apart; in their order. */
export function failuresOf<Job extends Pick<SweepJob, 'id' | 'state' | 'needs'>>(
  jobs: readonly Job[],
): Failures<Job> {
  const all = jobs.filter(({ state }) => state === 'failed');
  const ids = new Set(all.map(({ id }) => id));
  const isBlocked = ({ needs }: Job): boolean => needs?.some((need) => ids.has(need)) ?? false;
  const failed = all.filter((job) => !isBlocked(job));
  // In a circle, which only a damaged file has, none is the first.
  if (failed.length === 0) return { failed: all, blocked: [] };
  return { failed, blocked: all.filter(isBlocked) };
}

/** How each job is shown, by id. */
export function shownStates(
  jobs: readonly Pick<SweepJob, 'id' | 'state' | 'needs'>[],
): Map<string, ShownState> {
  const blocked = new Set(failuresOf(jobs).blocked.map(({ id }) => id));
  return new Map(jobs.map(({ id, state }) => [id, blocked.has(id) ? 'blocked' : state]));
}

/** How many there are of each. */
export function shownCounts(
  jobs: readonly Pick<SweepJob, 'id' | 'state' | 'needs'>[],
): Record<ShownState, number> {
  const counts = { done: 0, running: 0, failed: 0, blocked: 0, ready: 0, waiting: 0, cancelled: 0 };
  for (const state of shownStates(jobs).values()) counts[state]++;
  return counts;
}

/** "1 failed, 15 need it", as parts; none where nothing failed. */
export function failureWords(jobs: readonly Pick<SweepJob, 'id' | 'state' | 'needs'>[]): string[] {
  const { failed, blocked } = failuresOf(jobs);
  if (failed.length === 0) return [];
  const those = `${blocked.length === 1 ? 'needs' : 'need'} ${failed.length === 1 ? 'it' : 'them'}`;
  return [`${failed.length} failed`, ...(blocked.length > 0 ? [`${blocked.length} ${those}`] : [])];
}
