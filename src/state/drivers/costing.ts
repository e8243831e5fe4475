/** Has what a training will take measured on this device, before it starts. */
import { create } from 'zustand';
import { costSentence } from '../../lab/train/costWords';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { trainingToBe } from '../train/plan';
import { explain } from '../words/explain';
import { engineWanted } from './engine';
import { newClient } from './workers';

type Wanted = NonNullable<ReturnType<typeof trainingToBe>>;

export interface CostingState {
  /** What it is about: `keyOf` what is wanted. */
  readonly key: string | null;
  readonly isMeasuring: boolean;
  /** What was found, or why it cannot be trained here; a sentence. */
  readonly said: string | null;
}

export const useCosting = create<CostingState>()(() => ({ key: null, isMeasuring: false, said: null }));

/** Changes with all that decides the cost. */
export const keyOf = ({ arch, plan }: Wanted): string => JSON.stringify([arch, plan]);

const client = newClient(() => {});

/** Measures it; one at a time. */
export async function measureCost(wanted: Wanted): Promise<void> {
  if (useCosting.getState().isMeasuring) return;
  const key = keyOf(wanted);
  useCosting.setState({ key, isMeasuring: true, said: null });
  let said: string;
  try {
    await client.run('start', engineWanted()).result;
    said = costSentence(await client.run('cost', wanted).result, wanted.plan.epochs);
  } catch (error) {
    said =
      error instanceof WorkerLost
        ? 'Its measuring ended half-way: most likely the memory was full. Take smaller batches, smaller tiles or a smaller network.'
        : explain(error);
  } finally {
    // Its memory is free again.
    client.close();
  }
  useCosting.setState({ key, isMeasuring: false, said });
}
