/** One job in a worker's hands: done by a child process while Redis is told that it is, and brought to its end. */
import type { Job, Worker } from 'bullmq';
import { messageOf } from '../../src/lab/errors';
import type { Recipe } from '../../src/lab/recipe/schema';
import type { Artefacts } from '../artefacts/open';
import { type Board, wantedBy } from './board';
import { CANCELLED } from './enqueue';
import type { Ground, Software } from './ground';
import { callLinks, reasonOf } from './links';
import { type StepChild, StepFailed } from './stepChild';
import type { Order, StepProgress, Tiles } from './stepMessages';
import type { Work } from './work';

export interface WorkerOptions {
  readonly board: Board;
  /** How many jobs at once, and with how many threads each. */
  readonly slots: number;
  readonly threads: number;
  /** Where the store is on this machine; by default where the sweep says. */
  readonly store?: string;
  /** Where data sets are on this machine that are not kept here under their names. */
  readonly given: Readonly<Record<string, string>>;
  readonly software: Software;
  /** What starts this command line as a process. */
  readonly lab: readonly string[];
  readonly say: (sentence: string) => void;
  /** Ends the worker: its jobs are given back. */
  readonly stop: AbortSignal;
  /** Ends it by itself when no job is left that it could ever do. */
  readonly untilDone?: boolean;
}

/** A ground that this worker stands on. */
export interface Served {
  readonly id: string;
  readonly ground: Ground;
  /** Null where its jobs make their own data. */
  readonly tiles: Tiles | null;
  readonly store: Artefacts;
  readonly jobs: Worker<Work>;
  readonly links: Worker;
}

/** What a job leaves in BullMQ. */
export interface JobResult {
  readonly worker: string;
  readonly session: unknown;
}

/** What a worker tells of a job that it is at, and was at: kept with the job. */
export type JobProgress = { readonly worker: string } & (StepProgress | object);

/** A place in which one job after the other is done. */
export interface Slot {
  readonly child: StepChild;
  busy: Promise<void> | null;
}

export interface Taken {
  readonly job: Job<Work>;
  readonly token: string;
  readonly from: Served;
}

interface Doing extends Taken {
  readonly options: WorkerOptions;
  readonly name: string;
  readonly slot: Slot;
  readonly recipeOf: (key: string) => Promise<Recipe>;
  readonly state: { waitUntil: number; isEnding: boolean };
}

/** Does a job and says what came of it. Never throws: a job that is another's by now is left alone. */
export async function doJob(doing: Doing): Promise<void> {
  const { job, token, from, options, slot, name } = doing;
  const { board, stop, say } = options;
  const { renewMs, lockMs, beatMs, troubleMs } = board.settings;
  let isLost = false;
  let isCancelled = false;
  const drop = () => slot.child.end();
  const renewing = setInterval(async () => {
    // An error says nothing of the lock.
    if (await job.extendLock(token, lockMs).catch(() => 1)) return;
    // It was stopped, or its machine slept, for longer than its lock.
    isLost = true;
    drop();
  }, renewMs);
  const asking = setInterval(async () => {
    const wanted = await wantedBy(board, from.id, job.id!).catch(() => null);
    if (wanted?.length !== 0) return;
    isCancelled = true;
    drop();
  }, beatMs);
  const back = async (way: () => Promise<unknown>) => {
    clearInterval(renewing);
    clearInterval(asking);
    // A refusal says that it is another's by now, and needs no word: the record is the same.
    if (!isLost) await way().catch(() => {});
  };
  const settle = async (way: () => Promise<unknown>) => {
    await back(way);
    await callLinks(board, from.id, job.id!).catch(() => {});
  };
  try {
    if (job.deferredFailure) return await settle(async () => fail(doing, await reasonFor(doing)));
    const wanted = await wantedBy(board, from.id, job.id!);
    if (wanted.length === 0) return await settle(() => fail(doing, CANCELLED));
    if (wanted.every(({ isPaused }) => isPaused))
      return await back(() => giveBack(doing, board.settings.pausedMs));
    const progress = (more?: StepProgress) =>
      job.updateProgress({ worker: name, ...more } satisfies JobProgress).catch(() => {});
    await progress();
    const answer = await slot.child.ask(await orderOf(doing), progress);
    const result: JobResult = { worker: name, session: answer.type === 'done' ? answer.session : null };
    await settle(() => job.moveToCompleted(result, token, false));
    if (!isLost) say(`${job.name}: done`);
  } catch (error) {
    if (isLost) return;
    if (isCancelled) return await settle(() => fail(doing, CANCELLED));
    if (stop.aborted || doing.state.isEnding) {
      await back(() => giveBack(doing));
      return say(`${job.name}: given back`);
    }
    const fault = error instanceof StepFailed ? error.fault : 'unknown';
    if (fault === 'worker') {
      say(
        `${messageOf(error)} The job goes back, and this worker tries again in ${Math.ceil(troubleMs / 1000)} s.`,
      );
      doing.state.waitUntil = Date.now() + troubleMs;
      return await back(() => giveBack(doing));
    }
    const reason = messageOf(error);
    say(`${job.name}: ${reason}`);
    await settle(() =>
      fault === 'input' ? fail(doing, reason) : job.moveToFailed(new Error(reason), token, false),
    );
  } finally {
    clearInterval(renewing);
    clearInterval(asking);
  }
}

/** What the child is to do. */
async function orderOf({ job, from: { tiles, store }, recipeOf }: Doing): Promise<Order> {
  const [work, { reference }] = [job.data, store];
  if (work.kind === 'training') return { type: 'training', id: job.id!, work, store: reference };
  if (!tiles) throw new Error('A step of a recipe needs tiles, and this ground has none.');
  return { type: 'step', work, recipe: await recipeOf(work.recipe), tiles, store: reference };
}

/** For good. */
const fail = ({ job, token, options }: Doing, reason: string) =>
  job.moveToFailed(new options.board.bull.UnrecoverableError(reason), token, false);

/** To whoever takes it, at once or after a while. */
const giveBack = ({ job, token }: Doing, laterMs?: number): Promise<unknown> =>
  laterMs === undefined ? job.moveToWait(token) : job.moveToDelayed(Date.now() + laterMs, token);

/** Of a job that BullMQ says has failed before it was begun. */
async function reasonFor({ job, from, options: { board } }: Doing): Promise<string> {
  if (/^child .* failed$/.test(job.deferredFailure)) {
    const links = await job.getDependencies({ failed: { count: 10 } });
    return reasonOf(board, from.id, links.failed ?? []);
  }
  return `It lost its worker more than ${board.settings.mostStalls} times: it may need more memory than they have.`;
}
