/** What the controls remove, as the views draw it. */
import type { TrunkPlan } from '../../lab/prune/trunkChoice';
import { useFields } from '../../stores/fields';
import { planHere, useTrunk } from '../../stores/trunkState';

export function usePlanHere(): TrunkPlan | null {
  const fields = useFields();
  return useTrunk((state) => planHere(state, fields));
}
