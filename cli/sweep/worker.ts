/**
 * A worker: takes jobs of the sweeps it can serve, and has child processes do them. This process itself never computes: it
 * must tell Redis again and again that it is still at its jobs, or another worker takes them.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job, Worker } from 'bullmq';
import { messageOf } from '../../src/lab/errors';
import type { Recipe } from '../../src/lab/recipe/schema';
import { type Artefacts, openArtefacts } from '../artefacts/open';
import {
  type Board,
  forgetWorker,
  groundsOf,
  type JobData,
  stepsOf,
  sweepsOn,
  tellWorker,
  wantedBy,
} from './board';
import { CANCELLED } from './enqueue';
import { type Ground, groundId, type Software, storeId } from './ground';
import { callLinks, mindLinks, reasonOf } from './links';
import { type StepChild, StepFailed, stepChild } from './stepChild';
import type { StepProgress, Tiles } from './stepMessages';

export { openBoard } from './board';
export { connect } from './connect';
export { softwareHere } from './ground';
export { settingsHere } from './settings';

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
interface Served {
  readonly id: string;
  readonly ground: Ground;
  readonly tiles: Tiles;
  readonly store: Artefacts;
  readonly jobs: Worker<JobData>;
  readonly links: Worker;
}

/** What a job leaves in BullMQ. */
export interface JobResult {
  readonly worker: string;
  readonly session: unknown;
}

/** What a worker tells of a job that it is at, and was at: kept with the job. */
export interface JobProgress extends Partial<StepProgress> {
  readonly worker: string;
}

/** A place in which one job after the other is done. */
interface Slot {
  readonly child: StepChild;
  busy: Promise<void> | null;
}

export const REFUSED = 2;

/** Works until it is stopped. Returns an exit code: 0, or 2 where there are sweeps and it can serve none of them. */
export async function work(options: WorkerOptions): Promise<number> {
  const { board, say, stop, slots: count, lab, threads } = options;
  const { pollMs, beatMs } = board.settings;
  const name = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const slots: Slot[] = Array.from({ length: count }, () => ({ child: stepChild(lab, threads), busy: null }));
  const served = new Map<string, Served>();
  const refused = new Map<string, string>();
  const recipes = new Map<string, Promise<Recipe>>();
  const state = { waitUntil: 0, isEnding: false };
  const sleep = createSleep();
  const tell = () =>
    tellWorker(board, {
      ...{ name, host: hostname(), slots: count, seen: new Date().toISOString() },
      busy: slots.filter(({ busy }) => busy).length,
      serves: [...served.keys()],
      refuses: Object.fromEntries(refused),
    });

  /** Takes up what is new; the grounds on which there is anything left to do. */
  const look = async (): Promise<string[]> => {
    const sweeps = (await sweepsOn(board)).filter(({ isCancelled }) => !isCancelled);
    const live: string[] = [];
    for (const [id, ground] of groundsOf(sweeps)) {
      if ((await leftOn(board, id)) > 0) live.push(id);
      else continue;
      if (served.has(id) || refused.has(id) || stop.aborted) continue;
      const sweep = sweeps.find(({ grounds }) => grounds.some((each) => groundId(each) === id))!;
      const found = await stand(options, slots[0].child, ground);
      if (typeof found === 'string') {
        refused.set(id, found);
        say(`The sweep "${sweep.name}" (${sweep.id}) is not for this worker: ${found}`);
      } else {
        served.set(id, found);
        say(`Serving "${sweep.name}" (${sweep.id}) on ${ground.data.title}.`);
      }
    }
    return live;
  };

  const recipeOf = (key: string): Promise<Recipe> => {
    const known =
      recipes.get(key) ?? board.redis.get(board.key('recipe', key)).then((text) => JSON.parse(text!));
    recipes.set(key, known);
    known.catch(() => recipes.delete(key));
    return known;
  };

  stop.addEventListener('abort', sleep.wake, { once: true });
  const told = { at: 0, isIdle: false };
  try {
    if (stop.aborted) return 0;
    for (;;) {
      if (Date.now() - told.at >= beatMs) {
        const live = await look();
        told.at = Date.now();
        if (live.length > 0 && served.size === 0) return REFUSED;
        if (live.length === 0 && !told.isIdle && !options.untilDone)
          say('There is nothing to do on this queue: waiting for a sweep.');
        told.isIdle = live.length === 0;
        await tell();
        const isAtRest = slots.every(({ busy }) => !busy);
        if (options.untilDone && isAtRest && !live.some((id) => served.has(id))) return 0;
      }
      if (stop.aborted) return 0;
      const free = Date.now() < state.waitUntil ? undefined : slots.find(({ busy }) => !busy);
      const next = free && (await take(served, name));
      if (free && next) {
        const { job, token, from } = next;
        free.busy = doJob({ options, name, slot: free, job, token, from, recipeOf, state }).finally(() => {
          free.busy = null;
          sleep.wake();
        });
        continue;
      }
      await sleep.until(pollMs);
    }
  } finally {
    state.isEnding = true;
    // What they are at is given back by `doJob`.
    for (const { child } of slots) child.end();
    await Promise.all(slots.map(({ busy }) => busy));
    await Promise.all(
      [...served.values()].map(async ({ jobs, links, store }) => {
        await Promise.all([jobs.close(true), links.close(true)]);
        await store.close();
      }),
    );
    await forgetWorker(board, name);
  }
}

/** A sleep that may be ended, and that leaves nothing behind however often it is slept. */
function createSleep() {
  let end = () => {};
  return {
    until: (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => end(),
  };
}

/** Stands on a ground, or says why this worker cannot. */
async function stand(options: WorkerOptions, child: StepChild, ground: Ground): Promise<Served | string> {
  const { board, software, given } = options;
  const wrong = otherSoftware(software, ground);
  if (wrong) return wrong;
  const place = options.store ?? ground.store.reference;
  const store = await openArtefacts(place).catch((error) => messageOf(error));
  if (typeof store === 'string') return `its store "${ground.store.reference}" cannot be used here: ${store}`;
  const itsId = await storeId(store).catch((error) => messageOf(error));
  if (itsId !== ground.store.id) {
    await store.close();
    return `"${place}" is not the store of this sweep (${ground.store.reference}): give that with --store.`;
  }
  const { data } = ground;
  const tiles: Tiles = { data, reference: given[data.name] ?? data.name };
  const refusal = await child.ask({ type: 'open', tiles }).catch((error) => error as StepFailed);
  const reason =
    refusal instanceof Error ? refusal.message : refusal.type === 'opened' ? refusal.refusal : null;
  if (reason !== null) {
    await store.close();
    return `${reason.replace(/\.$/, '')}. Fetch or import the same tiles, or name them with --data ${data.name}=<path>.`;
  }
  const id = groundId(ground);
  const { prefix, lockMs, stalledMs, mostStalls } = board.settings;
  const jobs = new board.bull.Worker<JobData>(stepsOf(id), null, {
    ...{ connection: board.redis, prefix, autorun: false },
    ...{ lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount: mostStalls },
  });
  jobs.on('error', () => {});
  await jobs.startStalledCheckTimer();
  return { id, ground, tiles, store, jobs, links: mindLinks(board, id, store) };
}

/** What a worker of other software says. */
function otherSoftware(own: Software, { version, code, engine }: Ground): string | null {
  if (own.version !== version)
    return `it needs version ${version} of the lab, and this is ${own.version}: check that version out, and start again.`;
  if (own.code !== code)
    return `it needs the lab's sources ${code}, and here are ${own.code}, though both say ${version}: bring this checkout to the same commit.`;
  if (own.engine !== engine)
    return `it computes by ${engine}, and this machine by ${own.engine}: build the kernels of the same commit.`;
  return null;
}

interface Taken {
  readonly job: Job<JobData>;
  readonly token: string;
  readonly from: Served;
}

/** The next job of any ground, those served longest ago first. */
async function take(served: Map<string, Served>, name: string): Promise<Taken | undefined> {
  for (const [id, from] of [...served]) {
    const token = `${name} ${randomBytes(6).toString('hex')}`;
    const job = await from.jobs.getNextJob(token, { block: false });
    if (!job) continue;
    served.delete(id);
    served.set(id, from);
    return { job, token, from };
  }
  return undefined;
}

interface Doing extends Taken {
  readonly options: WorkerOptions;
  readonly name: string;
  readonly slot: Slot;
  readonly recipeOf: (key: string) => Promise<Recipe>;
  readonly state: { waitUntil: number; isEnding: boolean };
}

/** Does a job and says what came of it. Never throws: a job that is another's by now is left alone. */
async function doJob(doing: Doing): Promise<void> {
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
    const recipe = await doing.recipeOf(job.data.recipe);
    const answer = await slot.child.ask(
      {
        ...{ type: 'do', tiles: from.tiles, store: from.store.reference, recipe },
        ...{ key: job.data.recipe, step: job.data.step },
      },
      progress,
    );
    const result: JobResult = { worker: name, session: answer.type === 'done' ? answer.session : null };
    await settle(() => job.moveToCompleted(result, token, false));
    if (!isLost) say(`${job.name}: done`);
  } catch (error) {
    if (isLost) return;
    if (isCancelled) return await settle(() => fail(doing, CANCELLED));
    if (stop.aborted || doing.state.isEnding) return await back(() => giveBack(doing));
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

/** How many jobs of a ground are yet to be done. */
async function leftOn(board: Board, ground: string): Promise<number> {
  const counts = await board
    .steps(ground)
    .getJobCounts('wait', 'active', 'delayed', 'waiting-children', 'prioritized');
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
