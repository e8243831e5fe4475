/** What goes wrong when pruning is done wrongly, measured on the network on the bench when a person asks for it. */
import { create } from 'zustand';
import type { CascadeChecks, OrbitChecks } from '../../lab/prune/counterexamples/checks';
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { Opened, Setting } from '../../worker/protocol/protocol';
import { useLab } from '../page/lab';
import { pruningKey } from '../prune/experiment';
import { explain } from '../words/explain';
import { client } from './session';

/** `about`: what it was measured on; of anything else it says nothing. */
export type Measured<T> =
  | { readonly status: 'none' }
  | { readonly status: 'running'; readonly about: string }
  | { readonly status: 'done'; readonly about: string; readonly result: T }
  | { readonly status: 'failed'; readonly about: string; readonly message: string };

export interface BrokenState {
  readonly cascades: Measured<CascadeChecks>;
  readonly orbits: Measured<OrbitChecks>;
}

const NONE = { status: 'none' } as const;

export const useBroken = create<BrokenState>()(() => ({ cascades: NONE, orbits: NONE }));

const networkOf = ({ subject, seed }: Opened): string => `${JSON.stringify(subject)} seed ${seed}`;
const pruningOf = (opened: Opened, setting: Setting): string => `${networkOf(opened)} ${pruningKey(setting)}`;

/** What is known of the network on the bench, and of this setting of it. */
export function brokenAt({ cascades, orbits }: BrokenState, opened: Opened, setting: Setting): BrokenState {
  const about = <T>(measured: Measured<T>, what: string): Measured<T> =>
    measured.status !== 'none' && measured.about === what ? measured : NONE;
  return {
    cascades: about(cascades, pruningOf(opened, setting)),
    orbits: about(orbits, networkOf(opened)),
  };
}

/** Prunes with the three cascades; waits for the work before it. */
export function measureCascades(setting: Setting): Promise<void> {
  const { opened } = useLab.getState();
  if (!opened) return Promise.resolve();
  return measure(
    () => client.run('cascades', { net: 'main', setting }),
    (cascades) => useBroken.setState({ cascades }),
    pruningOf(opened, setting),
  );
}

/** Removes channels as fields and singly; seconds of work. */
export function measureOrbits(): Promise<void> {
  const { opened } = useLab.getState();
  if (!opened) return Promise.resolve();
  return measure(
    () => client.run('orbits', { net: 'main' }),
    (orbits) => useBroken.setState({ orbits }),
    networkOf(opened),
  );
}

async function measure<T>(
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
