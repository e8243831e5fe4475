/** What stands beside the whole network and the pruned one. */
import type { TrunkFigures } from '../../lab/prune/trunk/trunk';
import { tuningOf, useFields } from '../../state/fields/fields';
import { pointHere, useTrunk } from '../../state/fields/trunkState';
import type { TrunkPoint } from '../../storage/rows';

export interface Third {
  readonly name: string;
  readonly figures: TrunkFigures;
  readonly latency: TrunkPoint['result']['latency'];
}

/** Whole fields beside single channels, else the fine-tuned network where there is one. */
export function useThird(point: TrunkPoint | undefined): Third | undefined {
  const settled = useFields(({ settled }) => settled);
  const tuned = useTrunk((state) => pointHere(state, settled, tuningOf(settled)));
  const naive = point?.result.naive;
  if (naive) return { name: 'Fields', figures: naive.fields, latency: null };
  return tuned && { name: 'Fine-tuned', figures: tuned.result.after, latency: tuned.result.latency };
}
