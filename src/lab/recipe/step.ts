/**
 * A step: one thing that is done to one network and leaves one record. A stage of a recipe is one step, but a sweep and
 * a study, which are many. Two steps that say the same do the same, wherever they stand.
 */
import type { FinetuneSettings } from '../train/settings';
import type { RecipeStage, StageKind, StageOf } from './schema';
import type { StudyCell, Tuning } from './studyPlan';

type Settings<Stage> = Omit<Stage, 'name' | 'from' | 'towards' | 'split' | 'seed'>;
type Of<Kind extends StageKind> = Settings<StageOf<Kind>>;

/** One network of a study, and how it was fine-tuned. */
export interface StudyStep {
  readonly kind: 'study';
  readonly cell: StudyCell;
  readonly tuning: Tuning;
  /** Of the fine-tuning; null without one. */
  readonly settings: FinetuneSettings | null;
}

/** One fold of the cross-validation in front of an `adapt`: one λ, taught by all tiles but those of the fold. */
export interface FoldStep extends Omit<Of<'adapt'>, 'kind' | 'lambda'> {
  readonly kind: 'adapt-fold';
  readonly lambda: number;
  /** From 0, of so many. */
  readonly fold: number;
  readonly folds: number;
}

export type Step =
  | Of<'train'>
  | Of<'continue'>
  | Of<'distil'>
  | Of<'prune'>
  | Of<'prune-fields'>
  | Of<'prune-orbits'>
  | Of<'prune-blocks'>
  | Of<'prune-filters'>
  | Of<'finetune'>
  | Of<'adapt'>
  | Of<'project'>
  | Of<'quantise'>
  | Of<'check'>
  | FoldStep
  | StudyStep;
export type StepKind = Step['kind'];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

/** The step that a stage is, where it is one. */
export function stepOf(
  stage: Exclude<RecipeStage, { kind: 'sweep' | 'study' }>,
): Exclude<Step, StudyStep | FoldStep> {
  const { name: _, split, ...rest } = stage;
  const { from, towards, seed, ...step } = rest as typeof rest & {
    readonly from?: unknown;
    readonly towards?: unknown;
    readonly seed?: number;
  };
  return step as Exclude<Step, StudyStep | FoldStep>;
}

const PRUNINGS: readonly StepKind[] = [
  ...(['prune', 'prune-fields', 'prune-orbits', 'prune-blocks', 'prune-filters'] as const),
];

export const isPruning = ({ kind }: Step): boolean => PRUNINGS.includes(kind);

/** Whether a step draws random numbers. */
export const isDrawn = ({ kind }: { readonly kind: StageKind | StepKind }): boolean =>
  kind !== 'quantise' && kind !== 'check' && kind !== 'project';

/** Whether a step leaves the convolutions as they are, so that what they answer is known from its input. */
export function keepsTrunk(step: Step): boolean {
  if (step.kind === 'prune') return step.steps?.finetune.scope !== 'network';
  return step.kind === 'finetune' && step.settings.scope !== 'network';
}
