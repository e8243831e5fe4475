/** Projection of the network at hand on the equivariant ones: exactly symmetric, and smaller by |G|. */
import { arrangeFields } from '../../adapt/arrange';
import { symmetryOf } from '../../adapt/measure';
import { projectModel } from '../../adapt/project';
import { gcnn } from '../../families/gcnn';
import { isOf } from '../../families/registry';
import { reestimateNorms } from '../../prune/fields/renorm';
import { secondsSince } from '../../runtime/stopwatch';
import { GROUPS } from '../../symmetry/group';
import type { DoStep } from '../run';
import type { StepOf } from '../step';

export const project: DoStep<StepOf<'project'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { group, norms, fields } = planned.step;
  const arranged = fields === 'matched' ? arrangeFields(input, group) : input;
  const projected = projectModel(arranged, group);
  // Layer norms have no running statistics.
  const isRenormed = norms === 'estimated' && isOf(gcnn, projected);
  const model = isRenormed ? yield* reestimateNorms(projected, run.dataset, splits.train) : projected;
  const before = yield* symmetryOf(arranged, run.dataset, splits.val, GROUPS[group]);
  const after = yield* symmetryOf(model, run.dataset, splits.val, GROUPS[group]);
  const figures = {
    ...after,
    ...{ seconds: secondsSince(began), group, norms, baseline: before.accuracy, before },
  };
  return { figures, model };
};
