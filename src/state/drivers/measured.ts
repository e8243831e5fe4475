/** What a person has measured on the network on the bench: by a job of the worker, once, and of nothing else. */
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { Opened } from '../../worker/protocol/results';
import { explain } from '../words/explain';

/** `about`: what it was measured on; of anything else it says nothing. */
export type Measured<T> =
  | { readonly status: 'none' }
  | { readonly status: 'running'; readonly about: string }
  | { readonly status: 'done'; readonly about: string; readonly result: T }
  | { readonly status: 'failed'; readonly about: string; readonly message: string };

export const NONE = { status: 'none' } as const;

export const networkOf = ({ subject, seed }: Opened): string => `${JSON.stringify(subject)} seed ${seed}`;

/** What was measured, where it was measured on this. */
export const measuredOn = <T>(measured: Measured<T>, what: string): Measured<T> =>
  measured.status !== 'none' && measured.about === what ? measured : NONE;

export async function measure<T>(
  start: () => Job<T>,
  put: (measured: Measured<T>) => void,
  about: string,
): Promise<void> {
  put({ status: 'running', about });
  try {
    put({ status: 'done', about, result: await start().result });
  } catch (error) {
    // The worker ended, or another network was opened.
    if (error instanceof JobCancelled || error instanceof WorkerLost) put(NONE);
    else put({ status: 'failed', about, message: explain(error) });
  }
}
