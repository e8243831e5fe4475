/** The lab's events as a progress bar on standard error; silent when that is not a terminal, or on request. */
import { Presets, SingleBar } from 'cli-progress';
import { plainSentence } from '../../src/lab/plain';
import type { LabEvent } from '../../src/lab/stage/events';

export interface Progress {
  show(event: LabEvent): void;
  stop(): void;
}

/** What is told of a run to a program that started it. */
export type ProgressLine = Extract<LabEvent, { type: 'epoch' | 'stage-finished' | 'warning' }>;

/** One line of JSON on standard error for each epoch, stage and warning, for a program that started this one. */
export function createProgressLines(): Progress {
  return {
    show(event) {
      if (event.type === 'epoch' || event.type === 'stage-finished' || event.type === 'warning')
        process.stderr.write(`${JSON.stringify(event satisfies ProgressLine)}\n`);
    },
    stop: () => {},
  };
}

/** Tells a warning and nothing else: what comes out of a stage is told where nobody watches, too. */
export const warn = (event: LabEvent): void => {
  if (event.type === 'warning') process.stderr.write(`${plainSentence(event.message)}\n`);
};

/** `unseen`: what is made of events where there is no bar; `called`: what is learned from, in the plural. */
export function createProgressBar(
  quiet: boolean,
  unseen: Progress['show'] = () => {},
  called = 'tiles',
): Progress {
  if (quiet || !process.stderr.isTTY) return { show: unseen, stop: () => {} };
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% | {what} | {rate} | {eta_formatted} left',
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let running = '';
  const draw = (what: string, done: number, total: number, rate = '') => {
    if (running !== what) {
      bar.stop();
      bar.start(total, done, { what, rate });
      running = what;
    } else bar.update(done, { what, rate });
  };
  return {
    show(event) {
      if (event.type === 'batch') {
        const total = event.epochs * event.batches;
        const done = (event.epoch - 1) * event.batches + event.batch;
        draw(
          'training',
          done,
          total,
          `${event.tilesPerSecond.toFixed(0)} ${called}/s, loss ${event.loss.toFixed(3)}`,
        );
      } else if (event.type === 'progress' && event.what === 'validation' && running === 'training') {
        // Part of the epoch: the bar of the training stays where it is.
        const place = event.total > 1 ? ` ${event.done} of ${event.total} ${called}` : '';
        bar.update({ rate: `validating${place}` });
      } else if (event.type === 'progress') draw(event.what, event.done, event.total);
      else if (event.type === 'warning') {
        process.stderr.write('\n');
        warn(event);
      }
    },
    stop: () => bar.stop(),
  };
}
