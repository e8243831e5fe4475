/** What goes wrong when pruning is done wrongly, measured on the network on the bench when a person asks for it. */
import { create } from 'zustand';
import type { CascadeChecks, OrbitChecks } from '../../lab/prune/counterexamples/checks';
import type { Setting } from '../../worker/protocol/choices';
import type { Opened } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { pruningKey } from '../prune/experiment';
import { type Measured, measure, measuredOn, NONE, networkOf } from './measured';
import { client } from './session';

export interface BrokenState {
  readonly cascades: Measured<CascadeChecks>;
  readonly orbits: Measured<OrbitChecks>;
}

export const useBroken = create<BrokenState>()(() => ({ cascades: NONE, orbits: NONE }));

const pruningOf = (opened: Opened, setting: Setting): string => `${networkOf(opened)} ${pruningKey(setting)}`;

/** What is known of the network on the bench, and of this setting of it. */
export function brokenAt({ cascades, orbits }: BrokenState, opened: Opened, setting: Setting): BrokenState {
  return {
    cascades: measuredOn(cascades, pruningOf(opened, setting)),
    orbits: measuredOn(orbits, networkOf(opened)),
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
