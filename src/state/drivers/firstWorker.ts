/** The worker that the page will need in any case, started by the very first script (`src/app/boot.ts`). */
import file from '../../worker/thread/main.ts?worker&url';
import { startWorker } from './startWorker';

export const spawnWorker = (): Worker => startWorker(file);

let first: Worker | null = spawnWorker();

/** The worker that is waiting; a new one where it was taken already. */
export function takeWorker(): Worker {
  const worker = first ?? spawnWorker();
  first = null;
  return worker;
}
