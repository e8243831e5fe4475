/** Following a sweep on a terminal: one bar with what is running where; without a terminal a line for whatever is new. */
import { setTimeout as pause } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import { plainSentence } from '../../src/lab/plain';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { durationWords, leftSentence, newsOf, stateOf } from '../../src/lab/sweep/words';
import { deathLines, runningWords } from './sweepLines';

/** Between two looks, in milliseconds. */
const PACE = 1000;

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Looks until the sweep ended (done, cancelled, or nothing goes on before a failed job is retried), and returns how it stands. */
export async function followSweep(
  look: () => Promise<SweepStatus>,
  {
    quiet = false,
    stream = process.stderr,
    pace = PACE,
  }: { quiet?: boolean; stream?: Stream; pace?: number } = {},
): Promise<SweepStatus> {
  const hasBar = !quiet && stream.isTTY === true;
  const bar = new SingleBar(
    {
      format: '{bar} {value} of {total} jobs | {left}{now}',
      stream: stream as NodeJS.WriteStream,
      hideCursor: true,
      // What is running where may be longer than a line.
      linewrap: false,
    },
    Presets.shades_classic,
  );
  const say = (line: string) => {
    if (hasBar) stream.write('\r\u001b[K');
    if (!quiet) stream.write(`${plainSentence(line)}\n`);
  };
  let before: SweepStatus | null = null;
  try {
    for (;;) {
      const sweep = await look();
      const { counts } = sweep;
      const state = stateOf(sweep);
      const left = leftSentence(sweep) === null ? '' : `${durationWords(sweep.left!)} left | `;
      const now = { left, now: runningWords(sweep) };
      if (before === null && hasBar) bar.start(counts.total, counts.done, now);
      const dead = new Set(before === null ? [] : deathLines(before));
      for (const line of deathLines(sweep)) if (line !== '' && !dead.has(line)) say(line);
      const news = before && newsOf(before, sweep);
      if (news && !hasBar) say(news);
      if (hasBar) {
        bar.setTotal(counts.total);
        bar.update(counts.done, now);
      }
      if (state === 'done' || state === 'cancelled' || state === 'stuck') return sweep;
      before = sweep;
      await pause(pace);
    }
  } finally {
    if (hasBar) bar.stop();
  }
}
