/** The runs of a command as a sweep: its jobs are put on a queue, what becomes of them is followed, and the folders are filled. */
import { existsSync } from 'node:fs';
import { hashOf } from '../../src/lab/recipe/identity';
import { failuresOf } from '../../src/lab/sweep/failures';
import type { SweepJob } from '../../src/lab/sweep/status';
import { type Artefacts, openArtefacts } from '../artefacts/open';
import { type Job, type Runner, recordsOf, Unfinished } from '../reproduce/jobs';
import { isTrained, type TaskRun, type Trainer } from '../reproduce/taskRun';
import { type Board, openBoard, type PlannedJob, type SweepHead, writeSweep } from './board';
import { connect } from './connect';
import { enqueue } from './enqueue';
import { follow } from './follow';
import { type Place, softwareHere } from './ground';
import { keepSessions, type Lot } from './lots';
import { Datasets, planRun } from './plan';
import { planTask } from './planTask';
import { type Settings, settingsHere } from './settings';

export { jobOf } from './plan';

export interface SweepOrder {
  /** Of Redis. */
  readonly address: string;
  /** A folder, or `s3://bucket/prefix`. */
  readonly store: string;
  /** What is made, as people know it. */
  readonly name: string;
  /** As a person would type it again. */
  readonly command: string;
  /** What the report that is made of it calls its own command, where one is made. */
  readonly report?: string;
  readonly quiet?: boolean;
  readonly settings?: Settings;
}

const LOOKS_AT_ONCE = 16;
/** Jobs that take some seconds to look at. */
const MANY = 200;

/** A runner over a queue. Runs of one command are one sweep, also where some begin with what others left. */
export function queueRunner(order: SweepOrder): Runner {
  let sweep: string | undefined;
  return async (jobs, say) => {
    const waiting: Job[] = [];
    // What is refused below is refused before there is a folder.
    for (const job of jobs) if (!existsSync(job.folder) || !(await recordsOf(job))) waiting.push(job);
    if (waiting.length === 0) return;
    await onBoard(order, say, async (board, store, place) => {
      sweep ??= idOf(
        order,
        place,
        jobs.map(({ label, dataHash, ids }) => [label, dataHash, ...ids.values()]),
      );
      const datasets = new Datasets();
      const lots: Lot[] = [];
      for (const job of waiting) lots.push(await planRun(job, datasets, place));
      await bring(lots, { order, sweep, board, store, say });
    });
  };
}

/** Has the trainings of a task done over a queue. */
export function queueTrainer(order: SweepOrder): Trainer {
  return async (runs, say) => {
    const waiting: TaskRun[] = [];
    for (const run of runs) if (!(await isTrained(run))) waiting.push(run);
    if (waiting.length === 0) return;
    await onBoard(order, say, async (board, store, place) => {
      const sweep = idOf(
        order,
        place,
        runs.flatMap(({ trainings }) => trainings.map(({ id }) => id)),
      );
      const lots = waiting.map((run) => planTask(run, place));
      await bring(lots, { order, sweep, board, store, say });
    });
  };
}

/** Does something with the queue and the store of an order. */
async function onBoard(
  { address, store: reference, settings = settingsHere() }: SweepOrder,
  say: (line: string) => void,
  work: (board: Board, store: Artefacts, place: Place) => Promise<void>,
): Promise<void> {
  const redis = await connect(address, say);
  const board = await openBoard(redis, settings);
  try {
    const store = await openArtefacts(reference);
    try {
      await work(board, store, { software: await softwareHere(), store: { id: store.id, reference } });
    } finally {
      await store.close();
    }
  } finally {
    await board.close();
    redis.disconnect();
  }
}

/**
 * Of the same command again the same, and of another one another: what is on the queue for other software, other data or
 * another store is another sweep. what: everything that its jobs make. 10 hex digits.
 */
const idOf = ({ name }: SweepOrder, { software, store }: Place, what: readonly unknown[]): string =>
  hashOf([...[name, { ...software }, store.id], ...what]).slice(0, 10);

interface Bringing {
  readonly order: SweepOrder;
  readonly sweep: string;
  readonly board: Board;
  readonly store: Artefacts;
  readonly say: (line: string) => void;
}

/** Puts jobs on the queue, follows them to their end, and gathers what they left. Throws `Unfinished` where some were not done. */
async function bring(lots: readonly Lot[], { order, sweep, board, store, say }: Bringing): Promise<void> {
  const { address, quiet = false } = order;
  for (const lot of lots) await lot.provide(board, store);
  const head: SweepHead = {
    ...{ id: sweep, name: order.name, command: order.command, made: new Date().toISOString() },
    ...{ store: order.store, grounds: [...new Set(lots.map(({ ground }) => ground))] },
    ...(order.report !== undefined && { report: order.report }),
  };
  const steps = [
    ...new Map(lots.flatMap(({ jobs }) => jobs.map((each) => [each.ground + each.id, each]))).values(),
  ];
  if (steps.length > MANY) say(`Looking which of ${steps.length} jobs are done already.`);
  const done = await doneOf(steps, store);
  await writeSweep(board, head, steps, done);
  // One that ended well and is not in the store was lost there.
  const isNew = await enqueue(board, steps, done, ({ returnvalue }) => returnvalue != null);
  say(
    `Sweep ${sweep}, ${steps.length} jobs: ${done.size} done already, ${isNew} new on the queue at ${address}.`,
  );
  const undone = await follow({ board, steps, done, say, quiet, sweep, address });
  const missing = new Set(undone.map(({ id }) => id));
  for (const lot of lots) {
    if (lot.jobs.some(({ id }) => missing.has(id))) continue;
    await lot.gather(store);
    await keepSessions(lot.folder, lot.jobs, board);
    say(`${lot.label}: gathered in ${lot.folder}`);
  }
  if (undone.length > 0) throw unfinished(sweep, order, steps, undone);
}

function unfinished(
  sweep: string,
  { address }: SweepOrder,
  steps: readonly PlannedJob[],
  undone: readonly SweepJob[],
): Unfinished {
  const { failed } = failuresOf(undone);
  const others = undone.length - failed.length;
  if (failed.length === 0)
    return new Unfinished(
      `The sweep ${sweep} was cancelled: ${others} of ${steps.length} jobs were not done. All that was made is kept, and this ` +
        'command again goes on with the rest.',
    );
  const [{ label, reason = '' }] = failed;
  return new Unfinished(
    `${failed.length} of ${steps.length} jobs failed, such as ${label} (${reason.replace(/\.$/, '')})${
      others > 0 ? `; for that, ${others} more were not done` : ''
    }. All that was made is kept. Mend what is wrong, then "lab sweep ${address} ${sweep} --retry", and start this command again.`,
  );
}

/** Which steps are in the store. */
async function doneOf(steps: readonly PlannedJob[], store: Artefacts): Promise<Set<string>> {
  const ids = [...new Set(steps.map(({ id }) => id))];
  const done = new Set<string>();
  const look = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) if (await store.has(id)) done.add(id);
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
  return done;
}
