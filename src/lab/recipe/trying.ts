/** What can be asked of a recipe's training before it is begun. Nothing of it is kept. */
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';
import { type RateSweep, sweepRates } from '../train/rateSweep';
import { type TurnedLoss, turnedLoss } from '../train/turnedLoss';
import type { Planned } from './plan';
import type { Prepared } from './prepare';
import { freshModel, splitsFor } from './run';
import { atBeginning } from './stages/learn';
import type { StepOf } from './step';

type Training = Planned & { readonly step: StepOf<'train'> | StepOf<'continue'> };

/** The first training of a recipe, and the network that it begins with. */
function beginningOf(prepared: Prepared) {
  const planned = prepared.planned.find(({ kind }) => kind === 'train' || kind === 'continue') as
    | Training
    | undefined;
  if (!planned) throw new RangeError('The recipe trains nothing.');
  const splits = splitsFor(prepared, planned);
  const { start, dataset, arch } = prepared;
  const { input, seed } = planned;
  const model: AnyModel =
    input?.kind === 'start'
      ? atBeginning(start.get(input.name)!, dataset.classes, seed)
      : freshModel(prepared, splits, arch, seed);
  return { model, splits, planned };
}

/** Which learning rate the training can take. */
export function tryRates(prepared: Prepared): Stage<RateSweep> {
  const { model, splits, planned } = beginningOf(prepared);
  return sweepRates(model, prepared.dataset, splits, planned.step.settings, planned.seed);
}

/** Whether turned tiles are others to the network that is to be trained. */
export function tryTurns(prepared: Prepared): Stage<TurnedLoss> {
  const { model, splits, planned } = beginningOf(prepared);
  return turnedLoss(model, prepared.dataset, splits.train, planned.seed);
}
