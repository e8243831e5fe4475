/** Taking what is known of a sweep off Redis, when it is over. What it made is in the store. */
import { BadInput } from '../../src/lab/errors';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { type Board, inParts, inTurn, jobsOf, jobsOfAll, placeOf, sweepsOn } from './board';
import { sweepStatus } from './sweeps';
import { recipesOf } from './work';

/** Forgets a sweep, with the jobs that no other sweep has. Throws `BadInput` where there is none of this id, or it is not over. */
export async function forgetSweep(board: Board, id: string): Promise<void> {
  const { redis, key } = board;
  // Nobody adds to it, or to what it shares with others, meanwhile.
  await inTurn(board, async (stillMine) => {
    const goesOn = unlessOver(await sweepStatus(board, id));
    if (goesOn !== null) throw new BadInput(goesOn);
    const others = (await sweepsOn(board)).filter((each) => each.id !== id);
    const kept = await jobsOfAll(board, others);
    const [jobs, recipes, grounds] = [
      new Set(kept.map(placeOf)),
      recipesOf(kept),
      new Set(kept.map(({ ground }) => ground)),
    ];
    const planned = await jobsOf(board, id);
    const own = planned.filter((job) => !jobs.has(placeOf(job)));
    await inParts(own, async ({ ground, id }) => {
      await stillMine();
      if (grounds.has(ground)) await board.steps(ground).remove(id, { removeChildren: true });
      await redis.del(key('links', ground, id));
    });
    for (const ground of new Set(planned.map((job) => job.ground))) {
      if (grounds.has(ground)) continue;
      // All that BullMQ keeps of a queue: its jobs, and beside them such as the last ten thousand events.
      await stillMine();
      for (const queue of [board.steps(ground), board.links(ground)]) await queue.obliterate({ force: true });
    }
    const forgotten = [...recipesOf(planned)].filter((recipe) => !recipes.has(recipe));
    const writing = redis.multi();
    for (const recipe of forgotten) writing.del(key('recipe', recipe));
    writing.del(key('sweep', id), key('sweep', id, 'jobs'), key('sweep', id, 'before'));
    writing.zrem(key('sweeps'), id);
    await writing.exec();
  });
}

/** Why a sweep is not over, as a sentence; null where it is. What failed is over too: it was looked at, or nobody would ask. */
function unlessOver({ id, name, counts }: SweepStatus): string | null {
  const { running, ready, waiting } = counts;
  const open = running + ready + waiting;
  if (open === 0) return null;
  return `${open} jobs of ${name} are still on the queue, so nothing was forgotten: end it with --cancel, then --forget ${id}.`;
}
