/** What of a recipe decides how long its first training takes, and how much memory. Plain values. */
import type { TrainingPlan } from '../train/trainingCost';
import type { Prepared } from './prepare';

/** The first training of a recipe; null where it has none. */
export function trainingPlanOf({ planned, splits }: Prepared): TrainingPlan | null {
  for (const { step } of planned) {
    if (step.kind !== 'train') continue;
    const { epochs, batch } = step.settings;
    return { epochs, batch, train: splits.train.length, val: splits.val.length };
  }
  return null;
}
