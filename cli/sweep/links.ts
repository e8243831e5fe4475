/** Links end when the step that they wait for is done, and fail when it failed for good. */
import type { Job, Worker } from 'bullmq';
import type { Artefacts } from '../artefacts/open';
import { type Board, type LinkData, linksOf, wantedBy } from './board';
import { CANCELLED } from './enqueue';

const AT_ONCE = 20;

/** Minds the links of a ground. The store is asked only where the queue knows nothing of a step. */
export function mindLinks(board: Board, ground: string, store: Artefacts): Worker<LinkData> {
  const { prefix, lockMs, stalledMs, recheckMs } = board.settings;
  const steps = board.steps(ground);
  const worker = new board.bull.Worker<LinkData>(
    linksOf(ground),
    async (job: Job<LinkData>, token?: string) => {
      const need = await steps.getJob(job.data.need);
      if (need?.finishedOn && !isDone(need)) throw new board.bull.UnrecoverableError(reasonFrom(need));
      if (need ? isDone(need) : await store.has(job.data.need)) return;
      // It was being looked at while its sweep was cancelled, and so could not be taken off the queue.
      if ((await wantedBy(board, ground, job.data.step)).length === 0)
        throw new board.bull.UnrecoverableError(CANCELLED);
      await job.moveToDelayed(Date.now() + recheckMs, token);
      throw new board.bull.DelayedError();
    },
    {
      ...{ connection: board.redis, prefix, concurrency: AT_ONCE },
      ...{ lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount: 1_000 },
    },
  );
  worker.on('error', () => {});
  return worker;
}

/** Why a step cannot be done that needs one which was not. */
const reasonFrom = ({ name, failedReason }: Job): string =>
  failedReason === CANCELLED ? CANCELLED : `It needs "${name}", which failed: ${failedReason}`;

const isDone = ({ finishedOn, returnvalue }: Job): boolean => !!finishedOn && returnvalue != null;

/** A step has ended: who waits for it is called at once. */
export async function callLinks(board: Board, ground: string, step: string): Promise<void> {
  const links = board.links(ground);
  for (const id of await board.redis.smembers(board.key('links', ground, step))) {
    const link = await links.getJob(id);
    // One that is not delayed looks by itself soon.
    await link?.promote().catch(() => {});
  }
}

/** Why a step can never be done: what the first of its links that failed says. failed: their keys in Redis. */
export async function reasonOf(board: Board, ground: string, failed: readonly string[]): Promise<string> {
  for (const key of failed) {
    const link = await board.links(ground).getJob(key.slice(key.lastIndexOf(':') + 1));
    if (link?.failedReason) return link.failedReason;
  }
  return 'What it needs failed.';
}
