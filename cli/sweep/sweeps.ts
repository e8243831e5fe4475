/** Looking at the sweeps on a queue, and telling them what to do: for whoever shows them (`lab sweep`, a page). */
import { timeLeft } from '../../src/lab/sweep/left';
import {
  JOB_STATES,
  type JobState,
  type SweepJob,
  type SweepStatus,
  type SweepWorker,
} from '../../src/lab/sweep/status';
import {
  type Board,
  doneBefore,
  groundsOf,
  inParts,
  jobsOf,
  jobsOfAll,
  openBoard,
  type PlannedJob,
  placeOf,
  requireSweep,
  type Sweep,
  sweepsOn,
  workersOn,
} from './board';
import { connect } from './connect';
import { enqueue } from './enqueue';
import { groundId } from './ground';
import { statesOf } from './jobStates';
import { settingsHere } from './settings';

/** Does something with the queue at an address. say: told when Redis goes away and comes back. Throws `BadInput` as `connect`. */
export async function onQueue<T>(
  address: string,
  say: (sentence: string) => void,
  work: (board: Board) => Promise<T>,
): Promise<T> {
  const redis = await connect(address, say);
  const board = await openBoard(redis, settingsHere());
  try {
    return await work(board);
  } finally {
    await board.close();
    redis.disconnect();
  }
}

/** A sweep in one line. */
export type SweepLine = Omit<SweepStatus, 'jobs' | 'workers'>;

/** All sweeps, the latest last. */
export async function listSweeps(board: Board): Promise<SweepLine[]> {
  const lines: SweepLine[] = [];
  const all = await sweepsOn(board);
  for (const { id } of all) {
    const { jobs: _, workers: __, ...line } = await sweepStatus(board, id, all);
    lines.push(line);
  }
  return lines;
}

/**
 * Where a sweep stands. all: the sweeps that there are, where they are known already. Throws `BadInput` where there is none of
 * this id.
 */
export async function sweepStatus(board: Board, id: string, all?: readonly Sweep[]): Promise<SweepStatus> {
  const sweep = await requireSweep(board, id);
  const [planned, before] = await Promise.all([jobsOf(board, id), doneBefore(board, id)]);
  const jobs = await statesOf(board, sweep, planned, before);
  const counted = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
  for (const { state } of jobs) counted[state]++;
  const { name, command, report, made, store, grounds, isPaused } = sweep;
  return {
    ...{ id, name, command, version: grounds[0]?.version ?? '', made, store },
    ...(report !== undefined && { report }),
    counts: { total: jobs.length, ...counted },
    paused: isPaused,
    jobs,
    workers: await workersFor(board, sweep, jobs, all),
    rate: rateOf(jobs),
    left: timeLeft(jobs, Date.now()),
  };
}

const HOUR_MS = 3600e3;

/** Jobs that ended well per hour: of the last hour, or since the first of them was begun. */
function rateOf(jobs: readonly SweepJob[]): number | null {
  const now = Date.now();
  const began = Math.min(...jobs.flatMap(({ startedAt }) => (startedAt ? [Date.parse(startedAt)] : [])));
  const since = Math.max(began, now - HOUR_MS);
  const ended = jobs.filter(
    ({ state, finishedAt }) =>
      state === 'done' && finishedAt !== undefined && Date.parse(finishedAt) >= since,
  ).length;
  // Over less than a second a rate says nothing.
  return ended === 0 ? null : (ended * HOUR_MS) / Math.max(1000, now - since);
}

async function workersFor(
  board: Board,
  { grounds }: Sweep,
  jobs: readonly SweepJob[],
  all?: readonly Sweep[],
): Promise<SweepWorker[]> {
  const titles = new Map(grounds.map((each) => [groundId(each), each.data.title]));
  const running = jobs.filter(({ state }) => state === 'running');
  const ownOf = (name: string) => running.filter(({ worker }) => worker === name).length;
  const cards = await workersOn(board);
  // What a worker told of itself is a moment old; the jobs are as they stand now.
  const isElsewhere = cards.some(({ name, busy }) => busy > ownOf(name));
  const isAlone = isElsewhere && (await underWay(board, all ?? (await sweepsOn(board)))) <= running.length;
  return cards.map(({ serves, refuses, busy, ...card }) => {
    const own = ownOf(card.name);
    const reasons = Object.entries(refuses).flatMap(([ground, reason]) =>
      titles.has(ground) ? [reason] : [],
    );
    return {
      ...card,
      busy: isAlone ? own : Math.max(own, busy),
      serves: [...new Set(serves.flatMap((ground) => titles.get(ground) ?? []))],
      ...(reasons.length > 0 && { refuses: reasons }),
    };
  });
}

/** How many jobs are under way, of whatever sweep. */
async function underWay(board: Board, all: readonly Sweep[]): Promise<number> {
  const grounds = [...groundsOf(all).keys()];
  const counts = await Promise.all(grounds.map((ground) => board.steps(ground).getActiveCount()));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** No job of it is begun any more until it is resumed; those under way go on, and those that another sweep wants, too. */
export async function pauseSweep(board: Board, id: string): Promise<void> {
  await requireSweep(board, id);
  await board.redis.hset(board.key('sweep', id), 'paused', '1');
}

export async function resumeSweep(board: Board, id: string): Promise<void> {
  await requireSweep(board, id);
  await board.redis.hdel(board.key('sweep', id), 'paused');
  for (const { ground, id: job } of await openJobs(board, id)) {
    const found = await board.steps(ground).getJob(job);
    // Put off while it was paused: now at once.
    if (found && (found.delay ?? 0) > 0 && !found.failedReason) await found.promote().catch(() => {});
  }
}

/** Ends a sweep: what it has left in the store stays, and so do jobs that another sweep wants. Returns how many were taken off. */
export async function cancelSweep(board: Board, id: string): Promise<number> {
  await requireSweep(board, id);
  await board.redis.hset(board.key('sweep', id), 'cancelled', '1');
  const others = (await sweepsOn(board)).filter((each) => each.id !== id && !each.isCancelled);
  const wanted = new Set((await jobsOfAll(board, others)).map(placeOf));
  const own = (await openJobs(board, id)).filter((job) => !wanted.has(placeOf(job)));
  // One that is under way is ended by its worker, who asks for it now and then; so is one whose links are being looked at.
  await inParts(own, ({ ground, id }) =>
    board
      .steps(ground)
      .remove(id, { removeChildren: true })
      .catch(() => {}),
  );
  return own.length;
}

/**
 * Puts the jobs of a sweep that failed, or were cancelled, on the queue again; or one of them by its id, with those that it
 * needs and those that need it. Returns how many.
 */
export async function retrySweep(board: Board, id: string, job?: string): Promise<number> {
  const sweep = await requireSweep(board, id);
  const [planned, before] = await Promise.all([jobsOf(board, id), doneBefore(board, id)]);
  const states = await statesOf(board, sweep, planned, before);
  await board.redis.hdel(board.key('sweep', id), 'cancelled');
  const ended = planned.filter((_, i) => ['failed', 'cancelled', 'waiting'].includes(states[i].state));
  return enqueue(board, job === undefined ? ended : around(ended, job), before, () => true);
}

/** A job with all that it needs and all that needs it. In the order of a plan what is needed stands first. */
function around(jobs: readonly PlannedJob[], id: string): PlannedJob[] {
  const above = new Set([id]);
  for (const each of [...jobs].reverse())
    if (above.has(each.id)) for (const need of each.needs) above.add(need);
  const below = new Set([id]);
  for (const each of jobs) if (each.needs.some((need) => below.has(need))) below.add(each.id);
  return jobs.filter((each) => above.has(each.id) || below.has(each.id));
}

async function openJobs(board: Board, id: string): Promise<PlannedJob[]> {
  const [sweep, planned, before] = await Promise.all([
    requireSweep(board, id),
    jobsOf(board, id),
    doneBefore(board, id),
  ]);
  const states = await statesOf(board, sweep, planned, before);
  return planned.filter((_, i) => !['done', 'failed'].includes(states[i].state));
}
