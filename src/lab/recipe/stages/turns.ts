/** What every pruned or fine-tuned network is measured by. */
import type { Splits } from '../../data/dataset';
import { QUARTERS, rotationCheck } from '../../evaluate/rotation';
import type { AnyModel } from '../../nn/model';
import type { Run } from '../run';

/** A network on the validation tiles at the four quarter turns. */
export async function* turnsOf({ dataset }: Run, splits: Splits, model: AnyModel) {
  const {
    angles,
    equivarianceError,
    each: _,
    ...agreement
  } = yield* rotationCheck(model, dataset, splits.val, QUARTERS);
  const turned = angles.map(({ accuracy }) => accuracy);
  return { accuracy: turned[0], turned, ...agreement, equivarianceError };
}
