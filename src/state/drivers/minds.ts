/** The two networks on the bench tile by tile, measured when a lesson shows it. */
import { create } from 'zustand';
import type { Minds, ObliqueCheck } from '../../lab/prune/neurons/minds';
import type { Opened } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { type Measured, measure, measuredOn, NONE, networkOf } from './measured';
import { client } from './session';

export interface MindsState {
  readonly minds: Measured<Minds>;
  readonly oblique: Measured<ObliqueCheck>;
}

export const useMinds = create<MindsState>()(() => ({ minds: NONE, oblique: NONE }));

/** What is known of the networks on the bench. */
export const mindsAt = ({ minds, oblique }: MindsState, opened: Opened): MindsState => ({
  minds: measuredOn(minds, networkOf(opened)),
  oblique: measuredOn(oblique, networkOf(opened)),
});

/** Looks for the tiles; waits for the work before it. */
export function measureMinds(): Promise<void> {
  const { opened } = useLab.getState();
  if (!opened) return Promise.resolve();
  const put = (minds: Measured<Minds>) => useMinds.setState({ minds });
  return measure(() => client.run('minds', {}), put, networkOf(opened));
}

/** Seconds of work: every tile is turned and run through both networks. */
export function measureOblique(): Promise<void> {
  const { opened } = useLab.getState();
  if (!opened) return Promise.resolve();
  const put = (oblique: Measured<ObliqueCheck>) => useMinds.setState({ oblique });
  return measure(() => client.run('oblique', {}), put, networkOf(opened));
}
