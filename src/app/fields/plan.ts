/** What the controls remove, as the views draw it. */
import type { TrunkPlan } from '../../lab/prune/trunk/choice';
import { useFields } from '../../state/fields/fields';
import { planHere, useTrunk } from '../../state/fields/trunkState';

export function usePlanHere(): TrunkPlan | null {
  const fields = useFields();
  return useTrunk((state) => planHere(state, fields));
}
