/** The network on the bench in 8-bit integers, measured when a person asks for it. */
import { create } from 'zustand';
import type { NeighbourCheck } from '../../lab/quantize/neighbours';
import type { Opened } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { type Measured, measure, measuredOn, NONE, networkOf } from './measured';
import { client } from './session';

export interface RoundingState {
  readonly neighbours: Measured<NeighbourCheck>;
}

export const useRounding = create<RoundingState>()(() => ({ neighbours: NONE }));

/** What is known of the network on the bench. */
export const roundingAt = ({ neighbours }: RoundingState, opened: Opened): Measured<NeighbourCheck> =>
  measuredOn(neighbours, networkOf(opened));

export function measureNeighbours(): Promise<void> {
  const { opened } = useLab.getState();
  if (!opened) return Promise.resolve();
  const put = (neighbours: Measured<NeighbourCheck>) => useRounding.setState({ neighbours });
  return measure(() => client.run('neighbours', {}), put, networkOf(opened));
}
