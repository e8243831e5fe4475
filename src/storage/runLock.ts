/** Only one page works on a run at a time: whoever does holds its Web Lock, which ends with the page or worker. */

/** A lock set free by a page that is just going away takes a moment, in milliseconds. */
const GRACE = 2000;

/** The run that all trainings of a task beside classification are, as a lock: one at a time. */
export const taskRun = (task: string): string => `tasks ${task}`;

const lockOf = (run: string): string => `orbit-run-${run}`;

/**
 * Takes the run's lock; null where somebody else keeps it for so many milliseconds. Where pages have no locks, nobody
 * else is known of.
 */
export async function holdRun(run: string, patience = GRACE): Promise<(() => void) | null> {
  if (!navigator.locks) return () => {};
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(lockOf(run), { signal: AbortSignal.timeout(patience) }, held).catch((error) => {
      if (error instanceof DOMException && error.name === 'TimeoutError') resolve(null);
      else reject(error);
    });
  });
}

/**
 * Holds a run for the page that asked for it, from the click on: its worker takes a moment to start, and no other page
 * shall take it for one that was cut off. Ends with the page, or when it is released.
 */
export async function holdOrder(run: string): Promise<() => void> {
  if (!navigator.locks) return () => {};
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(orderOf(run), { mode: 'shared' }, held).catch(reject);
  });
}

const orderOf = (run: string): string => `orbit-order-${run}`;

/** The runs that some page of this browser works on, or has just asked for. */
export async function listHeldRuns(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const names = held.flatMap(({ name }) =>
    [lockOf(''), orderOf('')].flatMap((prefix) =>
      name?.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    ),
  );
  return new Set(names);
}

/** Whether nobody works on a run, after the moment that a page just left needs to go, in milliseconds. */
export async function isRunFree(run: string, patience = GRACE): Promise<boolean> {
  for (let waited = 0; waited < patience; waited += 100) {
    if (!(await listHeldRuns()).has(run)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
