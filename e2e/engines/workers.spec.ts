/**
 * What engines do with workers differs: here that nothing hangs and nothing is left over where two tabs compute at once, and
 * where a worker is killed in the midst of a kernel.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Tab } from './engine';
import { ENGINES, expect, test } from './fixtures';
import { openLab, ready, TINY } from './lab';

/** Linux lists all threads. */
const COUNTED = existsSync('/proc/self/task');

declare global {
  interface Window {
    /** What a recipe that was started came to; absent while it runs. */
    __came?: string;
    __batches?: number;
  }
}

const RECIPE = {
  version: 2,
  name: 'short',
  arch: { id: 'c4-small', size: 16 },
  seed: 5,
  split: { seed: 1, train: 0.2, val: 0.1, test: 0.7 },
};

/** Starts a training of so many epochs, and does not wait for it. */
const start = (tab: Tab, run: string, epochs: number): Promise<void> =>
  tab.evaluate(
    (run, recipe, epochs) => {
      const settings = { epochs, batch: 32, learningRate: 0.003 };
      window.__came = undefined;
      window.__batches = 0;
      const count = (event: { readonly type: string }) => {
        if (event.type === 'batch') window.__batches = (window.__batches ?? 0) + 1;
      };
      void window.__orbitLab
        .run(run, { ...recipe, stages: [{ kind: 'train', settings }] } as never, count)
        .then(
          ({ stages }) => {
            const timeless = (key: string, value: unknown) => (/^(seconds|latency)$/.test(key) ? 0 : value);
            window.__came = JSON.stringify(stages, timeless);
          },
          (error: Error) => {
            window.__came = error.name;
          },
        );
    },
    run,
    RECIPE,
    epochs,
  );

const came = (tab: Tab): Promise<string | null> => tab.evaluate(() => window.__came ?? null);

test('two tabs compute at once, with the same numbers; a worker killed in a kernel leaves no thread, and the page goes on', async ({
  tab,
  driven,
  engine,
  site,
}) => {
  await openLab(tab, site.url + TINY);
  const workers = () => workerThreads(driven.pid!, ENGINES[engine].workerThreads);
  const alone = await settled(workers);
  // The lab's own, and one for each thread that helps it.
  const threads = await tab.evaluate(() =>
    Number(/(\d+) threads/.exec(window.__orbitLab.lab().backend!.adapter)?.[1] ?? 1),
  );
  if (COUNTED) expect(alone).toBeGreaterThanOrEqual(threads);

  const other = await driven.open();
  await openLab(other, site.url + TINY);
  await start(tab, 'one', 2);
  await start(other, 'other', 2);
  await expect.poll(() => came(tab)).not.toBeNull();
  await expect.poll(() => came(other)).not.toBeNull();
  expect(await came(tab)).toContain('"epoch":2');
  expect(await came(other)).toBe(await came(tab));
  await other.close();
  // A service worker that was being set up may be gone by now: fewer are no thread left behind.
  await expect.poll(workers).toBeLessThanOrEqual(alone);

  // More than can be over before.
  await start(tab, 'killed', 1000);
  await expect.poll(() => tab.evaluate(() => window.__batches ?? 0)).toBeGreaterThan(0);
  await tab.evaluate(() => window.__orbitLab.terminateWorker());
  await expect.poll(() => came(tab)).toBe('WorkerLost');
  await ready(tab);
  expect(await tab.evaluate(() => window.__orbitLab.lab().notice)).toContain('was started again');
  await expect.poll(workers).toBeLessThanOrEqual(alone);
});

/** A count that has stayed the same for three seconds: what the browser itself sets up after a load is done. */
async function settled(count: () => number): Promise<number> {
  let [latest, since] = [count(), performance.now()];
  for (const began = since; performance.now() - since < 3000 && performance.now() - began < 40_000; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = count();
    if (now !== latest) [latest, since] = [now, performance.now()];
  }
  return latest;
}

/** How many threads of a process and of all that it started bear that name; 0 where the system does not tell. */
function workerThreads(root: number, name: string): number {
  if (!COUNTED) return 0;
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOurs = (pid: number): boolean =>
    pid === root || (parents.has(pid) && pid > 1 && isOurs(parents.get(pid)!));
  return [...parents.keys()]
    .filter(isOurs)
    .flatMap((pid) => tasksOf(pid).map((task) => readOrNothing(`/proc/${pid}/task/${task}/comm`).trim()))
    .filter((each) => each.startsWith(name)).length;
}

/** Processes end while they are looked at. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
