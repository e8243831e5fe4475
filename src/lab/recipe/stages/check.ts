/** Turning tiles in front of the network at hand. Leaves no network. */
import { rotationCheck } from '../../evaluate/rotation';
import { balancedAccuracy } from '../../evaluate/score';
import { secondsSince } from '../../runtime/stopwatch';
import { labelsOf } from '../../train/problem';
import type { DoStep } from '../run';
import type { StepOf } from '../step';

export const check: DoStep<StepOf<'check'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { part, angles, answers } = planned.step;
  const { each, ...turned } = yield* rotationCheck(input, run.dataset, splits[part], angles);
  const labels = labelsOf(run.dataset, splits[part]);
  const balanced = balancedAccuracy(each.upright, labels, input.arch.classes);
  const first = turned.angles.find(({ degrees }) => degrees === 0) ?? turned.angles[0];
  const figures = {
    accuracy: first.accuracy,
    ...(balanced !== null && { balanced }),
    seconds: secondsSince(began),
    split: part,
    ...turned,
    ...(answers && { answers: Array.from(each.upright), right: Array.from(each.right) }),
  };
  return { figures, model: null };
};
