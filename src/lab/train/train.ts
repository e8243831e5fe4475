/** Training from scratch as the paper does it (science §4): Adam, early stopping on validation accuracy. */
import type { Dataset, Splits } from '../data/dataset';
import { cos } from '../elementary';
import { paramLayouts } from '../families/layout';
import { traineeOf } from '../families/networks';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { epochsWithoutGain } from '../stage/history';
import { balancedOrder, classWeights } from './balance';
import { type FitResult, fit, type Plan } from './fit';
import { labelObjective, labelsOf, type Problem, pictureProblem } from './problem';
import type { TrainSettings } from './settings';

/** The plan of training from scratch, with or without a teacher. */
export function trainPlan(model: AnyModel, settings: TrainSettings, seed: number): Plan {
  const { epochs, batch, weightDecay, decoupled, patience } = settings;
  const { width, dropout } = traineeOf(model.arch).last;
  return {
    epochs,
    batch,
    weightDecay,
    seed,
    dropout,
    hidden: width,
    ...(decoupled && { decoupled: shrunkParams(model) }),
    learningRate: (_, step, steps) => settings.learningRate * shareOfRate(settings, step, steps),
    stop: (history) => (epochsWithoutGain(history) >= patience ? 'early stopping' : null),
  };
}

/** What AdamW shrinks: filters and matrices, not biases, norms, tokens and positions. */
function shrunkParams({ arch }: AnyModel): ReadonlySet<string> {
  const names = paramLayouts(arch).map(({ name }) => name);
  return new Set(names.filter((name) => name.endsWith('.weight')));
}

/** Of the learning rate at a step of so many: rising, then falling. */
export function shareOfRate(
  { epochs, warmup = 0, decay }: Pick<TrainSettings, 'epochs' | 'warmup' | 'decay'>,
  step: number,
  steps: number,
): number {
  const rising = (steps / epochs) * Math.min(warmup, epochs);
  if (step < rising) return (step + 1) / rising;
  const done = (step - rising) / Math.max(1, steps - rising);
  if (decay === 'linear') return 1 - done;
  return decay === 'cosine' ? (1 + cos(Math.PI * done)) / 2 : 1;
}

/** What a training learns and how, before anything is computed. */
export interface Course {
  readonly problem: Problem;
  readonly plan: Plan;
}

/** The training of a model on the training tiles, choosing the epoch on the validation tiles. */
export function courseOf(
  model: AnyModel,
  dataset: Dataset,
  { train, val }: Pick<Splits, 'train' | 'val'>,
  settings: TrainSettings,
  seed: number,
): Course {
  const { smoothing, augment, balance } = settings;
  const labels = labelsOf(dataset, train);
  const weights = balance === 'weights' ? classWeights(labels, model.arch.classes) : undefined;
  const objective = labelObjective(smoothing, weights);
  return {
    problem: pictureProblem(model.arch, dataset, model.normalisation, train, val, objective, augment),
    plan: {
      ...trainPlan(model, settings, seed),
      ...(balance && { by: 'balanced' }),
      ...(balance === 'batches' && { order: (epoch) => balancedOrder(labels, seed, epoch) }),
    },
  };
}

/** Trains a model on the training tiles, choosing the epoch on the validation tiles. `first`: what learns at first alone. */
export function trainModel(
  model: AnyModel,
  dataset: Dataset,
  splits: Splits,
  settings: TrainSettings,
  seed: number,
  resume?: FitCheckpoint,
  first?: Plan['first'],
): Stage<FitResult> {
  const { problem, plan } = courseOf(model, dataset, splits, settings, seed);
  return fit(problem, model.params, { ...plan, first }, resume);
}
