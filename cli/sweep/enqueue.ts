/**
 * Putting jobs on the queue. A job's id is the identity of its step, so what is there already is not put there again. A job
 * of BullMQ has one parent at most, and a network may be needed by many steps; so a step is the parent of its *links*, one
 * for each step that it needs, which end as soon as that is done (links.ts). Steps themselves have no parent, and sweeps
 * that overlap share them.
 */

import type { Job } from 'bullmq';
import { type Board, inTurn, linkId, linksOf, type PlannedJob, stepsOf } from './board';
import type { Work } from './work';

/** What a job that was cancelled says as the reason of its end. */
export const CANCELLED = 'cancelled';

const FLOWS_AT_ONCE = 50;
const LOOKS_AT_ONCE = 200;

/**
 * Puts jobs on the queue that are not there. done: ids of steps that are in the store already, and are not waited for.
 * renewed: jobs that are put there anew although they ended before. Returns how many were new.
 */
export async function enqueue(
  board: Board,
  jobs: readonly PlannedJob[],
  done: ReadonlySet<string>,
  renewed: (job: Job<Work>) => boolean | Promise<boolean>,
): Promise<number> {
  const wanted = jobs.filter(({ id }) => !done.has(id));
  const flows = new board.bull.FlowProducer({ connection: board.redis, prefix: board.settings.prefix });
  flows.on('error', () => {});
  try {
    // One after the other: of two submitters the second must see what the first has put there.
    return await inTurn(board, async (stillMine) => {
      const missing: PlannedJob[] = [];
      for (let at = 0; at < wanted.length; at += LOOKS_AT_ONCE) {
        await stillMine();
        const part = wanted.slice(at, at + LOOKS_AT_ONCE);
        const isMissing = await Promise.all(part.map((job) => makeRoom(board, job, renewed)));
        missing.push(...part.filter((_, i) => isMissing[i]));
      }
      for (let at = 0; at < missing.length; at += FLOWS_AT_ONCE) {
        const part = missing.slice(at, at + FLOWS_AT_ONCE);
        await stillMine();
        await announce(board, part, done);
        await flows.addBulk(part.map((job) => flowOf(board, job, done)));
      }
      return missing.length;
    });
  } finally {
    await flows.close();
  }
}

/** Whether a job is to be put on the queue; one that is over is taken off it first. */
async function makeRoom(
  board: Board,
  { ground, id }: PlannedJob,
  renewed: (job: Job<Work>) => boolean | Promise<boolean>,
): Promise<boolean> {
  const there = await board.steps(ground).getJob(id);
  if (!there) return true;
  if (!(await isOver(there, renewed))) return false;
  await board.steps(ground).remove(id, { removeChildren: true });
  return true;
}

/** Whether a job has ended and is to be put there anew. */
async function isOver(
  job: Job<Work>,
  renewed: (job: Job<Work>) => boolean | Promise<boolean>,
): Promise<boolean> {
  // One that is about to fail, since what it needs has failed or was cancelled: what it needs is looked at anew.
  if (!job.finishedOn) return !!job.deferredFailure;
  return job.failedReason === CANCELLED || (await renewed(job));
}

/** Whoever ends a step must know its links, before there are any. */
async function announce({ redis, key }: Board, jobs: readonly PlannedJob[], done: ReadonlySet<string>) {
  const writing = redis.multi();
  for (const { ground, id, needs } of jobs)
    for (const need of needs) if (!done.has(need)) writing.sadd(key('links', ground, need), linkId(id, need));
  await writing.exec();
}

function flowOf(
  { settings }: Board,
  { id, ground, label, work, needs }: PlannedJob,
  done: ReadonlySet<string>,
) {
  const { attempts, backoffMs } = settings;
  return {
    name: label,
    queueName: stepsOf(ground),
    data: work,
    opts: { jobId: id, attempts, backoff: { type: 'exponential', delay: backoffMs } },
    children: needs
      .filter((need) => !done.has(need))
      .map((need) => ({
        name: 'link',
        queueName: linksOf(ground),
        data: { step: id, need },
        opts: { jobId: linkId(id, need), failParentOnFailure: true },
      })),
  };
}
