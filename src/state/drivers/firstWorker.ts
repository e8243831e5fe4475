/** The worker that the page will need in any case, started by the very first script (`src/app/boot.ts`). */

export const spawnWorker = (): Worker =>
  new Worker(new URL('../../worker/thread/main.ts', import.meta.url), { type: 'module' });

let first: Worker | null = spawnWorker();

/** The worker that is waiting; a new one where it was taken already. */
export function takeWorker(): Worker {
  const worker = first ?? spawnWorker();
  first = null;
  return worker;
}
