/**
 * Pruning in steps that outlasts whoever runs it: which fields a step leaves is kept as soon as it is decided, then the
 * network of the step it is at, with what the steps before it came to; the fine-tuning that follows a step is kept beside
 * it (keptTuning.ts). So nothing is ranked or timed again, which may give another network.
 */
import { totalCost } from '../../evaluate/cost';
import type { GcnnModel } from '../../families/gcnn/model';
import { requireHidden } from '../../families/units';
import { memoryStore } from '../../stage/store';
import type { KeptFields } from '../fields/extract';
import type { ReachedTime } from '../fields/time';
import type { Checkpointing } from './keptTuning';

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
  /** Of the last step, where its budget is one of time. */
  readonly reached: ReachedTime | null;
}

/** Which fields a step leaves, by the indices of the network that entered it. */
export interface KeptChoice {
  readonly kept: readonly (readonly number[])[];
  readonly reached: ReachedTime | null;
}

/** Checkpoints in memory alone: nothing is left when the fine-tuning ends. */
export const noCheckpointing = (): Checkpointing => ({
  store: memoryStore(),
  key: 'steps',
  stop: new AbortController().signal,
});

/** The checkpoints of the fine-tuning that follows a step have a name of their own. */
export const checkpointingOfStep = (checkpointing: Checkpointing, step: number): Checkpointing => ({
  ...checkpointing,
  key: `${checkpointing.key} step ${step}`,
});

/** The step that is kept, or undefined. */
export async function loadStep({ store, key }: Checkpointing): Promise<PrunedStep | undefined> {
  const found = await store.loadStage(key);
  if (!found?.model) return undefined;
  const { step, kept, rounds, reached = null } = found.record as unknown as StepRecord;
  const model = requireHidden(found.model);
  return { step, model, kept: kept.map((fields) => Uint32Array.from(fields)), rounds, reached };
}

interface StepRecord extends Pick<PrunedStep, 'step' | 'rounds' | 'reached'> {
  readonly kept: readonly (readonly number[])[];
}

/** Keeps a step in the place of the one before. accuracy: of its network, on the validation tiles. */
export async function saveStep(
  checkpointing: Checkpointing,
  { step, model, kept, rounds, reached }: PrunedStep,
  accuracy: number,
  seconds: number,
): Promise<void> {
  const own: StepRecord = { step, kept: kept.map((fields) => Array.from(fields)), rounds, reached };
  // A fine-tuning of another network that was here before is none of this one's.
  await checkpointing.store.forget(checkpointingOfStep(checkpointing, step).key);
  await checkpointing.store.saveStage(
    { name: checkpointing.key, accuracy, seconds, ...totalCost(model.arch), ...own },
    model,
  );
}

const choiceKey = ({ key }: Checkpointing, step: number): string => `${key} step ${step} choice`;

/** What was decided for a step, or undefined. */
export async function loadChoice(
  checkpointing: Checkpointing,
  step: number,
): Promise<KeptChoice | undefined> {
  const found = await checkpointing.store.loadStage(choiceKey(checkpointing, step));
  return found?.record as unknown as KeptChoice | undefined;
}

/** Keeps what is decided for a step, before anything is made of it. of: the network that enters it, and its accuracy. */
export async function saveChoice(
  checkpointing: Checkpointing,
  step: number,
  choice: KeptChoice,
  of: { readonly model: GcnnModel; readonly accuracy: number },
  seconds: number,
): Promise<void> {
  const name = choiceKey(checkpointing, step);
  const { kept, reached } = choice;
  const { accuracy, model } = of;
  await checkpointing.store.saveStage({ name, accuracy, seconds, ...totalCost(model.arch), kept, reached });
}

/** Drops all that is kept of a pruning in `steps` steps. */
export async function forgetSteps(checkpointing: Checkpointing, steps: number): Promise<void> {
  await checkpointing.store.forget(checkpointing.key);
  for (let step = 1; step <= steps; step++) {
    await checkpointing.store.forget(checkpointingOfStep(checkpointing, step).key);
    await checkpointing.store.forget(choiceKey(checkpointing, step));
  }
}
