/**
 * A worker: takes jobs of the sweeps it can serve, and has child processes do them. This process itself never computes: it
 * must tell Redis again and again that it is still at its jobs, or another worker takes them.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../../src/lab/errors';
import type { Recipe } from '../../src/lab/recipe/schema';
import { openArtefacts } from '../artefacts/open';
import { type Board, forgetWorker, groundsOf, type JobData, stepsOf, sweepsOn, tellWorker } from './board';
import { doJob, type Served, type Slot, type Taken, type WorkerOptions } from './doJob';
import { type Ground, groundId, type Software } from './ground';
import { mindLinks } from './links';
import { type StepChild, type StepFailed, stepChild } from './stepChild';
import type { Tiles } from './stepMessages';

export { openBoard } from './board';
export { connect } from './connect';
export type { WorkerOptions } from './doJob';
export { softwareHere } from './ground';
export { settingsHere } from './settings';

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

  /** Has something done by a process that has no job, or by one more. */
  const byOneAtRest = async <T>(work: (child: StepChild) => Promise<T>): Promise<T> => {
    const idle = slots.find(({ busy }) => !busy);
    if (idle) return work(idle.child);
    const extra = stepChild(lab, threads);
    try {
      return await work(extra);
    } finally {
      extra.end();
    }
  };

  /** Takes up what is new; the grounds on which there is anything left to do. */
  const look = async (): Promise<string[]> => {
    const sweeps = (await sweepsOn(board)).filter(({ isCancelled }) => !isCancelled);
    const live: string[] = [];
    for (const [id, ground] of groundsOf(sweeps)) {
      if ((await leftOn(board, id)) > 0) live.push(id);
      else continue;
      if (served.has(id) || refused.has(id) || stop.aborted) continue;
      const sweep = sweeps.find(({ grounds }) => grounds.some((each) => groundId(each) === id))!;
      const found = await byOneAtRest((child) => stand(options, child, ground));
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
    const known = recipes.get(key) ?? board.redis.get(board.key('recipe', key)).then(readRecipe);
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

function readRecipe(text: string | null): Recipe {
  if (text) return JSON.parse(text) as Recipe;
  throw new Error('Its recipe is no longer on the queue: give the command of the sweep again.');
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
  if (store.id !== ground.store.id) {
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

/** How many jobs of a ground are yet to be done. */
async function leftOn(board: Board, ground: string): Promise<number> {
  const counts = await board
    .steps(ground)
    .getJobCounts('wait', 'active', 'delayed', 'waiting-children', 'prioritized');
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
