/** Following a sweep on a terminal: one bar with what is running where; without a terminal a line for whatever is new. */
import { setTimeout as pause } from 'node:timers/promises';
import { plainSentence } from '../../src/lab/plain';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { newsOf, stateOf } from '../../src/lab/sweep/words';
import { Unfinished } from '../reproduce/jobs';
import { createBar, type Stream } from '../sweep/followBar';
import { deathLines } from './sweepLines';

/** Between two looks, in milliseconds. */
const PACE = 1000;

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Following {
  readonly quiet?: boolean;
  readonly stream?: Stream;
  readonly pace?: number;
  /** Where somebody leaves is heard of. */
  readonly process?: Pick<NodeJS.Process, 'once' | 'off'>;
}

/**
 * Looks until the sweep ended (done, cancelled, or nothing goes on before a failed job is retried), and returns how it stands.
 * Throws `Unfinished` where somebody leaves before; the terminal is then as it was.
 */
export async function followSweep(
  look: () => Promise<SweepStatus>,
  { quiet = false, stream = process.stderr, pace = PACE, process: host = process }: Following = {},
): Promise<SweepStatus> {
  let leave = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () =>
      reject(
        new Unfinished(
          'The sweep goes on and is no longer followed here; the same command follows it again.',
        ),
      );
  });
  for (const signal of ENDINGS) host.once(signal, leave);
  const bar = createBar(quiet, 0, stream);
  const say = (line: string) => {
    if (!quiet) bar.aside(() => stream.write(`${plainSentence(line)}\n`));
  };
  const ending = new AbortController();
  const toTheEnd = async (): Promise<SweepStatus> => {
    for (let before: SweepStatus | null = null; ; ) {
      const sweep = await look();
      ending.signal.throwIfAborted();
      const dead = new Set(before === null ? [] : deathLines(before));
      for (const line of deathLines(sweep)) if (line !== '' && !dead.has(line)) say(line);
      const news = before && newsOf(before, sweep);
      if (news && !bar.isShown) say(news);
      const { jobs, counts, paused } = sweep;
      const [running, failed] = (['running', 'failed'] as const).map((state) =>
        jobs.filter((job) => job.state === state),
      );
      bar.show(counts.done, { running, failed, left: paused ? null : sweep.left }, counts.total);
      if (['done', 'cancelled', 'stuck'].includes(stateOf(sweep))) return sweep;
      before = sweep;
      await pause(pace, undefined, { signal: ending.signal });
    }
  };
  try {
    // Redis may be away when somebody leaves.
    return await Promise.race([toTheEnd(), left]);
  } finally {
    ending.abort();
    bar.stop();
    for (const signal of ENDINGS) host.off(signal, leave);
  }
}
