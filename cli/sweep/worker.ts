/**
 * A worker: takes jobs of the sweeps it can serve, and has child processes do them. This process itself never computes: it
 * must tell Redis again and again that it is still at its jobs, or another worker takes them.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Recipe } from '../../src/lab/recipe/schema';
import { type Board, forgetWorker, groundsOf, sweepsOn, tellWorker } from './board';
import { doJob, type Served, type Slot, type Taken, type WorkerOptions } from './doJob';
import { groundId } from './ground';
import { stand } from './stand';
import { type StepChild, stepChild } from './stepChild';

export { openBoard } from './board';
export { connect } from './connect';
export type { WorkerOptions } from './doJob';
export { softwareHere } from './ground';
export { settingsHere } from './settings';
export { requireStore } from './stand';

export const REFUSED = 2;

/**
 * Works until it is stopped. Returns an exit code: 0, or 2 where there are sweeps when it is started and it can serve none of
 * them, while somebody still watches. Later it stays, whatever sweeps come: there may be others.
 */
export async function work(options: WorkerOptions): Promise<number> {
  const { board, say, stop, slots: count, lab, threads } = options;
  const { pollMs, beatMs, troubleMs } = board.settings;
  const name = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const newChild = () => stepChild(lab, threads, say);
  const slots: Slot[] = Array.from({ length: count }, () => ({ child: newChild(), busy: null }));
  const served = new Map<string, Served>();
  const refused = new Map<string, Refusal>();
  const recipes = new Map<string, Promise<Recipe>>();
  const state = { waitUntil: 0, isEnding: false };
  const sleep = createSleep();
  const busyNow = () => slots.filter(({ busy }) => busy).length;
  const told = { at: 0, busy: 0, isIdle: false, isFirst: true };
  const tell = () => {
    told.busy = busyNow();
    return tellWorker(board, {
      ...{ name, host: hostname(), slots: count, seen: new Date().toISOString(), busy: told.busy },
      serves: [...served.keys()],
      refuses: Object.fromEntries([...refused].map(([id, { reason }]) => [id, reason])),
    });
  };

  /** Has something done by a process that has no job, or by one more. */
  const byOneAtRest = async <T>(work: (child: StepChild) => Promise<T>): Promise<T> => {
    const idle = slots.find(({ busy }) => !busy);
    if (idle) return work(idle.child);
    const extra = newChild();
    try {
      return await work(extra);
    } finally {
      extra.end();
    }
  };

  /** Takes up what is new; the grounds on which there is anything left to do, and what is new of those it does not serve. */
  const look = async () => {
    const sweeps = (await sweepsOn(board)).filter(({ isCancelled }) => !isCancelled);
    const live: string[] = [];
    const refusals: Refused[] = [];
    for (const [id, ground] of groundsOf(sweeps)) {
      if ((await leftOn(board, id)) > 0) live.push(id);
      else continue;
      const before = refused.get(id);
      if (served.has(id) || stop.aborted || (before && Date.now() < before.until)) continue;
      // The newest of those that stand on it: the others may be done.
      const sweep = sweeps.findLast(({ grounds }) => grounds.some((each) => groundId(each) === id))!;
      const found = await byOneAtRest((child) => stand(options, child, ground));
      if ('reason' in found) {
        const { reason, mayPass } = found;
        const pause = mayPass
          ? Math.min(2 * (before?.pause ?? troubleMs / 2), MOST_PAUSE * troubleMs)
          : Number.POSITIVE_INFINITY;
        refused.set(id, { reason, pause, until: Date.now() + pause });
        const sentence = `The sweep "${sweep.name}" (${sweep.id}) is not for this worker: ${reason}`;
        if (before?.reason !== reason) refusals.push({ sentence, mayPass });
      } else {
        refused.delete(id);
        served.set(id, found);
        say(`Serving "${sweep.name}" (${sweep.id}) on ${ground.data.title}.`);
      }
    }
    return { live, refusals };
  };

  const recipeOf = (key: string): Promise<Recipe> => {
    const known = recipes.get(key) ?? board.redis.get(board.key('recipe', key)).then(readRecipe);
    recipes.set(key, known);
    known.catch(() => recipes.delete(key));
    return known;
  };

  stop.addEventListener('abort', sleep.wake, { once: true });
  let busyBefore = 0;
  try {
    if (stop.aborted) return 0;
    for (;;) {
      if (Date.now() - told.at >= beatMs) {
        const { live, refusals } = await look();
        told.at = Date.now();
        const isRefused = live.length > 0 && served.size === 0 && (told.isFirst || options.untilDone);
        for (const { sentence, mayPass } of refusals)
          say(mayPass && !isRefused ? `${sentence} It is looked at again now and then.` : sentence);
        if (isRefused) return REFUSED;
        if (live.length === 0 && !told.isIdle && !options.untilDone)
          say('There is nothing to do on this queue: waiting for a sweep.');
        if (live.length === 0 && told.isFirst && options.untilDone)
          say('There is nothing to do on this queue.');
        told.isFirst = false;
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
      const busy = busyNow();
      // Between beats only what lasts from one look to the next: a job of a paused sweep is taken and given back at once.
      if (busy !== told.busy && busy === busyBefore) await tell();
      busyBefore = busy;
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

/** Why a worker does not take the jobs of a ground; where that may pass, it looks again after a pause, each time a longer one. */
interface Refusal {
  readonly reason: string;
  readonly pause: number;
  readonly until: number;
}

/** A refusal as it is said. */
interface Refused {
  readonly sentence: string;
  readonly mayPass: boolean;
}

/** The longest pause, of the shortest. */
const MOST_PAUSE = 20;

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
