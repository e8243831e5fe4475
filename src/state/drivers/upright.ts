/** What a symmetry is worth on painted tiles with and without an up, measured when a person asks for it. */
import { create } from 'zustand';
import type { UprightCheck } from '../../lab/train/upright';
import { type Measured, measure, NONE } from './measured';
import { client } from './session';

export interface UprightState {
  /** Of networks of its own: whatever is on the bench. */
  readonly upright: Measured<UprightCheck>;
}

export const useUpright = create<UprightState>()(() => ({ upright: NONE }));

/** Seconds of training. */
export function measureUpright(): Promise<void> {
  const put = (upright: Measured<UprightCheck>) => useUpright.setState({ upright });
  return measure(() => client.run('upright', {}), put, 'painted tiles');
}
