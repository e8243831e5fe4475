/**
 * Pruning in steps that outlasts whoever runs it: the network of the step it is at is kept, with what the steps before
 * it came to; the fine-tuning that follows a step is kept beside it (keptTuning.ts). So nothing is ranked or timed
 * again, which on some engines would give another network.
 */
import { totalCost } from '../../evaluate/cost';
import type { GcnnModel } from '../../families/gcnn/model';
import { requireHidden } from '../../families/units';
import { memoryStore } from '../../stage/store';
import type { KeptFields } from '../fields/extract';
import type { Keep } from './keptTuning';

/** What happened at a step that another one followed. */
export interface Round {
  /** Validation accuracy of the pruned network, and after fine-tuning. */
  readonly start: number;
  readonly accuracy: number;
  readonly epochs: number;
}

/** A network pruned step by step, which no fine-tuning has followed since. */
export interface PrunedStep {
  /** The last step that was done, from 1. */
  readonly step: number;
  readonly model: GcnnModel;
  /** By the unpruned network's indices. */
  readonly kept: KeptFields;
  /** Of the steps before. */
  readonly rounds: readonly Round[];
}

/** Where nothing is to outlast anything. */
export const keptNowhere = (): Keep => ({
  store: memoryStore(),
  key: 'steps',
  stop: new AbortController().signal,
});

/** Where the fine-tuning that follows a step is kept. */
export const keepOfStep = (keep: Keep, step: number): Keep => ({ ...keep, key: `${keep.key} step ${step}` });

/** The step that is kept, or undefined. */
export async function loadStep({ store, key }: Keep): Promise<PrunedStep | undefined> {
  const found = await store.loadStage(key);
  if (!found?.model) return undefined;
  const { step, kept, rounds } = found.record as unknown as StepRecord;
  const model = requireHidden(found.model);
  return { step, model, kept: kept.map((fields) => Uint32Array.from(fields)), rounds };
}

interface StepRecord extends Pick<PrunedStep, 'step' | 'rounds'> {
  readonly kept: readonly (readonly number[])[];
}

/** Keeps a step in the place of the one before. accuracy: of its network, on the validation tiles. */
export async function saveStep(
  keep: Keep,
  { step, model, kept, rounds }: PrunedStep,
  accuracy: number,
  seconds: number,
): Promise<void> {
  const own: StepRecord = { step, kept: kept.map((fields) => Array.from(fields)), rounds };
  // A fine-tuning of another network that was here before is none of this one's.
  await keep.store.forget(keepOfStep(keep, step).key);
  await keep.store.saveStage({ name: keep.key, accuracy, seconds, ...totalCost(model.arch), ...own }, model);
}

/** Drops all that is kept of a pruning in `steps` steps. */
export async function forgetSteps(keep: Keep, steps: number): Promise<void> {
  await keep.store.forget(keep.key);
  for (let step = 1; step <= steps; step++) await keep.store.forget(keepOfStep(keep, step).key);
}
