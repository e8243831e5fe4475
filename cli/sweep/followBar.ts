/** The bar over a sweep that its submitter follows. */
import { Presets, SingleBar } from 'cli-progress';
import type { SweepJob } from '../../src/lab/sweep/status';
import { percent } from '../node/table';

/** At the pace of this terminal's own time. */
export function leftWords(began: number, ended: number, open: number): string {
  if (ended === 0 || open === 0) return '';
  const minutes = ((Date.now() - began) / ended / 60_000) * open;
  return minutes < 90 ? `about ${Math.ceil(minutes)} min left` : `about ${Math.round(minutes / 60)} h left`;
}

export interface Shown {
  readonly running: readonly SweepJob[];
  readonly failed: number;
  readonly left: string;
}

export function createBar(quiet: boolean, total: number) {
  const isShown = !quiet && process.stderr.isTTY === true;
  const bar = new SingleBar(
    {
      format: '{bar} {value} of {total} jobs | {now}',
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  if (isShown) bar.start(total, 0, { now: '' });
  return {
    isShown,
    show(count: number, { running, failed, left }: Shown) {
      if (!isShown) return;
      const [first] = running;
      const epoch = first?.epoch
        ? ` (epoch ${first.epoch} of ${first.epochs}, ${percent(first.accuracy!)})`
        : '';
      const now = [
        `${running.length} running${first ? `, such as ${first.label}${epoch}` : ''}`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(left ? [left] : []),
      ];
      bar.update(count, { now: now.join(' | ') });
    },
    /** Says something without the bar in between. */
    aside(say: () => void) {
      if (isShown) process.stderr.write('\n');
      say();
    },
    stop() {
      if (isShown) bar.stop();
    },
  };
}
