/** The runs of a command as a sweep: its steps are put on a queue, what becomes of them is followed, and the folders are filled. */

import { existsSync } from 'node:fs';
import { hashOf } from '../../src/lab/recipe/identity';
import { failuresOf } from '../../src/lab/sweep/failures';
import type { SweepJob } from '../../src/lab/sweep/status';
import { type Artefacts, openArtefacts } from '../artefacts/open';
import type { Job, Runner } from '../reproduce/jobs';
import { recordsOf, Unfinished } from '../reproduce/jobs';
import { openBoard, type PlannedJob, type SweepHead, writeSweep } from './board';
import { connect } from './connect';
import { enqueue } from './enqueue';
import { follow } from './follow';
import { type Software, softwareHere } from './ground';
import { Datasets, gather, type PlannedRun, planRun, provide } from './plan';
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
  readonly quiet?: boolean;
  readonly settings?: Settings;
}

const LOOKS_AT_ONCE = 16;
/** Jobs that take some seconds to look at. */
const MANY = 200;

/**
 * Of the same command again the same, and of another one another: what is on the queue for other software, other tiles or
 * another store is another sweep. 10 hex digits.
 */
const idOf = (name: string, jobs: readonly Job[], software: Software, store: string): string =>
  hashOf([
    ...[name, { ...software }, store],
    ...jobs.map(({ label, dataHash, ids }) => [label, dataHash, ...ids.values()]),
  ]).slice(0, 10);

/** A runner over a queue. Runs of one command are one sweep, also where some begin with what others left. */
export function queueRunner(order: SweepOrder): Runner {
  let sweep: string | undefined;
  return async (jobs, say) => {
    const settings = order.settings ?? settingsHere();
    const waiting: Job[] = [];
    // What is refused below is refused before there is a folder.
    for (const job of jobs) if (!existsSync(job.folder) || !(await recordsOf(job))) waiting.push(job);
    if (waiting.length === 0) return;
    const redis = await connect(order.address, say);
    const board = await openBoard(redis, settings);
    const store = await openArtefacts(order.store).catch(async (error) => {
      await board.close();
      redis.disconnect();
      throw error;
    });
    try {
      const software = await softwareHere();
      const place = { id: store.id, reference: order.store };
      sweep ??= idOf(order.name, jobs, software, store.id);
      const datasets = new Datasets();
      const runs: PlannedRun[] = [];
      for (const job of waiting) {
        const run = await planRun(job, datasets, software, place);
        await provide(run, board, store);
        runs.push(run);
      }
      const head: SweepHead = {
        ...{ id: sweep, name: order.name, command: order.command, made: new Date().toISOString() },
        ...{ store: order.store, grounds: [...new Set(runs.map(({ ground }) => ground))] },
      };
      const steps = [
        ...new Map(runs.flatMap((run) => run.steps).map((each) => [each.ground + each.id, each])).values(),
      ];
      if (steps.length > MANY) say(`Looking which of ${steps.length} jobs are done already.`);
      const done = await doneOf(steps, store);
      await writeSweep(board, head, steps, done);
      // One that ended well and is not in the store was lost there.
      const isNew = await enqueue(board, steps, done, ({ returnvalue }) => returnvalue != null);
      say(
        `Sweep ${sweep}, ${steps.length} jobs: ${done.size} done already, ${isNew} new on the queue at ${order.address}.`,
      );
      const undone = await follow({
        board,
        steps,
        done,
        say,
        quiet: order.quiet ?? false,
        sweep,
        address: order.address,
      });
      const missing = new Set(undone.map(({ id }) => id));
      for (const run of runs) {
        if (run.steps.some(({ id }) => missing.has(id))) continue;
        await gather(run, datasets, board, store);
        say(`${run.job.label}: gathered in ${run.job.folder}`);
      }
      if (undone.length > 0) throw unfinished(sweep, order, steps, undone);
    } finally {
      await store.close();
      await board.close();
      redis.disconnect();
    }
  };
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
