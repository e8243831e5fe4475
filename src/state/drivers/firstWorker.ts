/** The worker that the page will need in any case, started by the very first script (`src/app/boot.ts`). */

import { SureWorker } from '../../worker/page/sureWorker';
import file from '../../worker/thread/main.ts?worker&url';
import { startWorker } from './startWorker';

export const spawnWorker = (): SureWorker => new SureWorker(() => startWorker(file));

let first: SureWorker | null = spawnWorker();

/** The worker that is waiting; a new one where it was taken already. */
export function takeWorker(): SureWorker {
  const worker = first ?? spawnWorker();
  first = null;
  return worker;
}
