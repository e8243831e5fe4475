/** Training from scratch as the paper does it (science §4): Adam, early stopping on validation accuracy. */
import type { Dataset, Splits } from '../data/dataset';
import { traineeOf } from '../families/networks';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { epochsWithoutGain } from '../stage/history';
import { type FitResult, fit, type Plan } from './fit';
import { pictureProblem } from './problem';
import type { TrainSettings } from './settings';

/** The plan of training from scratch, with or without a teacher. */
export function trainPlan(model: AnyModel, settings: TrainSettings, seed: number): Plan {
  const { epochs, batch, weightDecay, decay, patience } = settings;
  const { width, dropout } = traineeOf(model.arch).last;
  return {
    epochs,
    batch,
    weightDecay,
    seed,
    dropout,
    hidden: width,
    learningRate: (_, step, steps) => settings.learningRate * (decay === 'linear' ? 1 - step / steps : 1),
    stop: (history) => (epochsWithoutGain(history) >= patience ? 'early stopping' : null),
  };
}

/** Trains a model on the training tiles, choosing the epoch on the validation tiles. */
export function trainModel(
  model: AnyModel,
  dataset: Dataset,
  splits: Splits,
  settings: TrainSettings,
  seed: number,
  resume?: FitCheckpoint,
): Stage<FitResult> {
  const problem = pictureProblem(model.arch, dataset, model.normalisation, splits.train, splits.val);
  return fit(problem, model.params, trainPlan(model, settings, seed), resume);
}
