/** Equivariant fine-tuning of a network: the whole network, for all epochs asked for. */
import type { Dataset, Splits } from '../data/dataset';
import { BadInput } from '../errors';
import { traineeOf } from '../families/networks';
import { type AnyModel, requireFloat } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { type FitResult, fit, type Plan } from '../train/fit';
import { REFUSALS } from './penalties/refusals';
import { type Adapting, adaptProblem } from './problem';
import type { AdaptSettings } from './settings';

/** Adapts a model to the training tiles. Throws `BadInput` where it has no such penalty. */
export function adaptModel(
  model: AnyModel,
  dataset: Dataset,
  splits: Splits,
  how: Adapting,
  settings: AdaptSettings,
  seed: number,
  resume?: FitCheckpoint,
): Stage<FitResult> {
  requireFloat(model);
  const refusal = how.lambda > 0 ? REFUSALS[how.penalty](model.arch, how.group) : null;
  if (refusal !== null) throw new BadInput(refusal);
  const problem = adaptProblem(model, dataset, splits.train, splits.val, how);
  return fit(problem, model.params, planOf(model, settings, seed), resume);
}

function planOf({ arch }: AnyModel, settings: AdaptSettings, seed: number): Plan {
  const { epochs, batch, weightDecay, learningRate, decay } = settings;
  const { width, dropout } = traineeOf(arch).last;
  return {
    ...{ epochs, batch, weightDecay, dropout, hidden: width, seed, takes: 'last' },
    learningRate: (_, step, steps) => learningRate * (decay === 'linear' ? 1 - step / steps : 1),
    stop: () => null,
  };
}
