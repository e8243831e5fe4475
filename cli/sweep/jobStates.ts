/** How jobs stand, read from what BullMQ keeps of them in one go: asking for them one by one takes a second for a thousand. */
import type { SweepJob } from '../../src/lab/sweep/status';
import type { Board, PlannedJob, Sweep } from './board';
import type { JobProgress } from './doJob';
import { CANCELLED } from './enqueue';

const FIELDS = [
  'finishedOn',
  'returnvalue',
  'failedReason',
  'processedOn',
  'progress',
  'atm',
  'timestamp',
] as const;

/** The jobs of a sweep as they stand, in their order. before: ids of those that were done before it was put on the queue. */
export async function statesOf(
  board: Board,
  sweep: Pick<Sweep, 'isCancelled'>,
  jobs: readonly PlannedJob[],
  before: ReadonlySet<string>,
): Promise<SweepJob[]> {
  const grounds = [...new Set(jobs.map(({ ground }) => ground))];
  const sets = new Map<string, { active: Set<string>; waiting: Set<string> }>();
  for (const ground of grounds) {
    const steps = board.steps(ground);
    sets.set(ground, {
      active: new Set(await steps.getRanges(['active'], 0, -1)),
      waiting: new Set(await steps.getRanges(['waiting-children'], 0, -1)),
    });
  }
  const reading = board.redis.pipeline();
  for (const { id, ground } of jobs) reading.hmget(board.steps(ground).toKey(id), ...FIELDS);
  const read = (await reading.exec()) ?? [];
  return jobs.map((job, i) => {
    const values = (read[i][1] ?? []) as (string | null)[];
    const found = Object.fromEntries(FIELDS.map((field, at) => [field, values[at]]));
    if (found.timestamp) return stateOf(job, found, sets.get(job.ground)!, sweep.isCancelled);
    // Of a sweep that was not put on the queue to its end the rest is not there yet.
    const state = before.has(job.id) ? 'done' : sweep.isCancelled ? 'cancelled' : 'waiting';
    return { ...commonOf(job), state, attempts: 0 };
  });
}

const commonOf = ({ id, label, run, step, needs }: PlannedJob) => ({
  ...{ id, label, run, step },
  ...(needs.length > 0 && { needs }),
});

function stateOf(
  job: PlannedJob,
  found: Readonly<Record<string, string | null | undefined>>,
  { active, waiting }: { readonly active: ReadonlySet<string>; readonly waiting: ReadonlySet<string> },
  isGivenUp: boolean,
): SweepJob {
  const { worker, ...epochs } = progressOf(found.progress);
  const isOver = found.finishedOn != null;
  const isDone = isOver && found.returnvalue != null;
  const isRunning = !isOver && active.has(job.id);
  // Of a sweep that is cancelled a job may be on the queue all the same: another sweep wants it.
  const isCancelled = isOver ? !isDone && found.failedReason === CANCELLED : isGivenUp && !isRunning;
  const state = isDone
    ? 'done'
    : isCancelled
      ? 'cancelled'
      : isOver
        ? 'failed'
        : isRunning
          ? 'running'
          : waiting.has(job.id)
            ? 'waiting'
            : 'ready';
  const isBegun = isOver || state === 'running';
  const started = isBegun && found.processedOn ? Number(found.processedOn) : null;
  const ended = isOver ? Number(found.finishedOn) : Date.now();
  const faults = Number(found.atm ?? 0) - (isDone ? 1 : 0);
  return {
    ...commonOf(job),
    state,
    attempts: Math.max(0, faults),
    ...(worker && isBegun && { worker }),
    ...(!isDone && !isCancelled && found.failedReason && { reason: found.failedReason }),
    ...(isBegun && epochs),
    ...(started !== null && {
      seconds: Math.max(0, ended - started) / 1000,
      startedAt: new Date(started).toISOString(),
    }),
    ...(isOver && { finishedAt: new Date(ended).toISOString() }),
  };
}

function progressOf(text: string | null | undefined): Partial<JobProgress> {
  const value: unknown = text ? JSON.parse(text) : null;
  return typeof value === 'object' && value !== null ? (value as JobProgress) : {};
}
