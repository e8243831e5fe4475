/** Following a sweep to its end: one bar over all of it, or a line for each job where nobody watches. */
import { setTimeout as pause } from 'node:timers/promises';
import { timeLeft } from '../../src/lab/sweep/left';
import type { SweepJob } from '../../src/lab/sweep/status';
import { Unfinished } from '../reproduce/jobs';
import { type Board, type PlannedJob, sweepCalled, workersOn } from './board';
import { createBar } from './followBar';
import { statesOf } from './jobStates';

interface Following {
  readonly board: Board;
  readonly steps: readonly PlannedJob[];
  /** Those in the store before. */
  readonly done: ReadonlySet<string>;
  readonly say: (line: string) => void;
  readonly quiet: boolean;
  readonly sweep: string;
  readonly address: string;
}

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** So long nobody need wonder where the workers are. */
const PATIENCE_MS = 5_000;

/** Waits until every job has ended. Returns those that were not done: they failed for good, or were cancelled. */
export async function follow(following: Following): Promise<SweepJob[]> {
  const { board, steps, done, say, quiet, sweep, address } = following;
  const ended = new Map<string, SweepJob>();
  const before = steps.filter(({ id }) => done.has(id)).length;
  const bar = createBar(quiet, steps.length);
  let leave = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () =>
      reject(
        new Unfinished(
          `The sweep ${sweep} goes on without this terminal. The same command again follows it; "lab sweep ${address} ${sweep}" shows how ` +
            'it stands, and with --cancel ends it.',
        ),
      );
  });
  for (const signal of ENDINGS) process.once(signal, leave);
  const began = Date.now();
  let isWondering = false;
  let isLeft = false;
  const toTheEnd = async (): Promise<SweepJob[]> => {
    while (!isLeft) {
      // Those that failed are looked at again: somebody may have them tried once more.
      const open = steps.filter(
        ({ id, ground }) => !done.has(id) && ended.get(ground + id)?.state !== 'done',
      );
      const known = await sweepCalled(board, sweep);
      if (!known) throw new Unfinished(forgotten(sweep, address));
      const states = await statesOf(board, known, open, done);
      let cancelled = 0;
      for (const [i, job] of states.entries()) {
        const key = open[i].ground + open[i].id;
        if (!isOver(job)) {
          if (ended.delete(key)) bar.aside(() => say(`${job.label}: tried once more`));
          continue;
        }
        if (ended.has(key)) continue;
        ended.set(key, job);
        const count = before + ended.size;
        const how = job.state === 'failed' ? `failed: ${job.reason}` : job.state;
        // Of those there may be thousands at once.
        if (job.state === 'cancelled') cancelled++;
        else if (!bar.isShown || job.state !== 'done')
          bar.aside(() => say(`${job.label}: ${how} (${count} of ${steps.length})`));
      }
      if (cancelled > 0) bar.aside(() => say(`Cancelled: ${cancelled} of ${steps.length} jobs.`));
      const running = states.filter(({ state }) => state === 'running');
      const failed = [...ended.values()].filter(({ state }) => state !== 'done');
      bar.show(before + ended.size, {
        running,
        failed,
        left: timeLeft([...ended.values(), ...states.filter((each) => !isOver(each))], Date.now()),
      });
      if (states.every(isOver)) return failed;
      if (!isWondering && running.length === 0 && Date.now() - began > PATIENCE_MS) {
        isWondering = true;
        if ((await workersOn(board)).length === 0)
          bar.aside(() =>
            say(`No worker is on this queue: start one on any machine with "lab worker ${address}".`),
          );
      }
      await pause(board.settings.followMs);
    }
    return [];
  };
  try {
    // Redis may be away when somebody leaves.
    return await Promise.race([toTheEnd(), left]);
  } finally {
    isLeft = true;
    bar.stop();
    for (const signal of ENDINGS) process.off(signal, leave);
  }
}

/** It was there when it was followed first. */
const forgotten = (sweep: string, address: string): string =>
  `Redis at ${address} no longer knows the sweep ${sweep}: somebody had it forgotten, or Redis was started anew without its file ` +
  '(--appendonly yes keeps one). What was made is in the store: start this command again, and it goes on from there.';

const isOver = ({ state }: SweepJob): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';
