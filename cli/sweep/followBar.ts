/**
 * The bar over a sweep that is followed on a terminal. How far it is, what failed and how long it still takes stand before
 * what is running, of which the end may be cut.
 */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { plain } from '../../src/lab/plain';
import { failureWords } from '../../src/lab/sweep/failures';
import type { SweepJob } from '../../src/lab/sweep/status';
import { durationWords, runningWords } from '../../src/lab/sweep/words';

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Shown {
  readonly running: readonly SweepJob[];
  readonly failed: readonly SweepJob[];
  /** In seconds; null where nobody can tell. */
  readonly left: number | null;
}

export interface FollowBar {
  /** False where nobody watches; then nothing is ever drawn. */
  readonly isShown: boolean;
  /** count: jobs that are over, or done, as the follower counts them. */
  show(count: number, shown: Shown, total?: number): void;
  /** Says something above the bar. */
  aside(say: () => void): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** How often the bar is drawn anew, a second: what was said above it took its line. */
const PER_SECOND = 4;
const NARROWEST = 10;
const WIDEST = 30;
/** In fewer columns nothing can be said of what runs. */
const LEAST = 8;

export function createBar(quiet: boolean, total: number, stream: Stream = process.stderr): FollowBar {
  const isShown = !quiet && stream.isTTY === true;
  if (!isShown) return { isShown, show: () => {}, aside: (say) => say(), stop: () => {} };
  const bars = new MultiBar(
    {
      format: (_, { value, total, maxWidth }, shown: Shown) => barLine(value, total, shown, maxWidth - 1),
      stream: stream as NodeJS.WriteStream,
      hideCursor: true,
      // A line is never as wide as the terminal, so nothing wraps.
      linewrap: true,
      forceRedraw: true,
      fps: PER_SECOND,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  return {
    isShown,
    show(count, shown, now = total) {
      bar ??= bars.create(now, count, shown);
      bar.setTotal(now);
      bar.update(count, shown);
    },
    aside(say) {
      stream.write('\r\u001b[K');
      say();
    },
    stop() {
      if (!bar) return;
      // What was last shown may not be drawn yet.
      bars.update();
      bars.stop();
    },
  };
}

/** One line of at most `width` columns. */
export function barLine(count: number, total: number, shown: Shown, width: number): string {
  const needed = [
    `${count} of ${total}`,
    ...(shown.failed.length > 0 ? [failureWords(shown.failed).join(', ')] : []),
    ...(shown.left ? [`${durationWords(shown.left)} left`] : []),
  ].join(' | ');
  const wished = Math.min(WIDEST, Math.max(NARROWEST, Math.floor(width / 5)));
  const size = Math.max(0, Math.min(wished, width - needed.length - 1));
  const full = total > 0 ? Math.round((size * count) / total) : 0;
  const { barCompleteChar, barIncompleteChar } = Presets.shades_classic;
  const bar = barCompleteChar!.repeat(full) + barIncompleteChar!.repeat(size - full);
  const line = plain(`${bar} ${needed}`, width);
  const room = width - line.length - 3;
  return room < LEAST ? line : `${line} | ${plain(runningWords(shown.running), room)}`;
}
