/** What the first training of a recipe will take on this device. */
import type { Stage } from '../stage/events';
import { type TrainingCost, trainingCost } from '../train/trainingCost';
import type { Prepared } from './prepare';
import { trainingPlanOf } from './trainingPlan';

/** Networks of smaller inputs fit any device that runs the lab; measuring takes a second or so. */
const LARGE = 64;

/**
 * What the first training of a recipe takes; null where it is not worth asking.
 *
 * @throws BadInput where the memory would not do.
 */
export async function* costBefore(prepared: Prepared, always = false): Stage<TrainingCost | null> {
  const plan = trainingPlanOf(prepared);
  if (!plan || (!always && prepared.arch.input.size <= LARGE)) return null;
  return yield* trainingCost(prepared.arch, plan);
}
