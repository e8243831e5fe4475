/** A trace of the page's main thread while something happens on it: its longest task, and the frames it missed. */
import type { Page } from 'playwright';
import { median } from './format';

/** A frame at 60 per second, in milliseconds. */
const FRAME = 1000 / 60;

export interface Motion {
  /** Tasks of the main thread. */
  readonly tasks: readonly Task[];
  /** Times between two animation frames, in milliseconds. */
  readonly gaps: readonly number[];
}

interface Task {
  /** Milliseconds it took, and of these, on a processor: on a busy machine it waits for one in between. */
  readonly wall: number;
  readonly cpu: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Traces the page's main thread while `act` runs. */
export async function traced(page: Page, act: () => Promise<void>): Promise<Motion> {
  const browser = page.context().browser()!;
  await page.evaluate(() => {
    const gaps: number[] = [];
    let last = performance.now();
    window.__frames = gaps;
    // A method, because tsx names functions by a helper that the page does not have.
    const loop = {
      frame(now: number) {
        gaps.push(now - last);
        last = now;
        if (window.__frames === gaps) requestAnimationFrame(loop.frame);
      },
    };
    requestAnimationFrame(loop.frame);
  });
  await browser.startTracing(page, {
    categories: ['__metadata', 'disabled-by-default-devtools.timeline', 'devtools.timeline'],
  });
  await act();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const gaps = await page.evaluate(() => {
    const gaps = window.__frames ?? [];
    window.__frames = undefined;
    return gaps;
  });
  // The first gap reaches back to before the trace.
  return { tasks: mainThreadTasks(trace.traceEvents), gaps: gaps.slice(1) };
}

/** Durations of the tasks of the busiest renderer's main thread: the page's. */
function mainThreadTasks(events: readonly TraceEvent[]): Task[] {
  const mains = events.filter(({ ph, name, args }) => {
    return ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain';
  });
  const tasks = mains.map(({ pid, tid }) =>
    events.filter((e) => e.name === 'RunTask' && e.ph === 'X' && e.pid === pid && e.tid === tid),
  );
  const [busiest = []] = tasks.sort((a, b) => b.length - a.length);
  return busiest.map(({ dur = 0, tdur = dur }) => ({ wall: dur / 1000, cpu: tdur / 1000 }));
}

/** The figures, one to a row. A frame is dropped when the next one comes more than one and a half frames later. */
export function motionRows({ tasks, gaps }: Motion): string[][] {
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const dropped = gaps.reduce((sum, gap) => sum + (gap > 1.5 * FRAME ? Math.round(gap / FRAME) - 1 : 0), 0);
  const over = (of: keyof Task) => tasks.filter((task) => task[of] > 50).length;
  const longest = (of: keyof Task) => Math.max(0, ...tasks.map((task) => task[of])).toFixed(1);
  const busy = tasks.reduce((sum, { cpu }) => sum + cpu, 0) / (1000 * seconds);
  return [
    ['longest task of the main thread, ms', longest('wall')],
    ['  by processor time, ms', longest('cpu')],
    ['tasks over 50 ms', `${over('wall')} of ${tasks.length}`],
    ['  by processor time', `${over('cpu')}`],
    ['main thread busy, processor time', `${(100 * busy).toFixed(0)} %`],
    ['frames expected', (seconds * 60).toFixed(0)],
    ['frames dropped', `${dropped}`],
    [
      'between two frames, median and longest, ms',
      `${median(gaps).toFixed(1)}, ${Math.max(...gaps).toFixed(1)}`,
    ],
  ];
}

declare global {
  interface Window {
    __frames?: number[];
  }
}
