/** All that prunes and fine-tunes the networks on the bench, in one script. */

import type { Study } from '../../lab/prune/neurons/study';
import { PAGE_RUN } from '../../storage/stages';
import type { NetName } from '../protocol/choices';
import { createExtractHandlers } from './extracting';
import { createFinetuneHandler } from './finetuning';
import { neuronSlider } from './neuronSlider';
import type { OnBench, Slider } from './slider';
import { createTrunkHandlers } from './trunk';

export { originByHand } from '../../lab/recipe/handmade';

/** What was opened: a study of hidden neurons, or another slider that is there already. */
export type Kept = Omit<OnBench, 'slider'> & ({ readonly study: Study } | { readonly slider: Slider });

/** `kept`: what was opened last under a name. */
export const createPruneHandlers = (kept: (net: NetName) => Kept | undefined) => {
  const benches = new WeakMap<Kept, OnBench>();
  const find = (net: NetName): OnBench | undefined => {
    const found = kept(net);
    if (!found) return undefined;
    const bench = benches.get(found) ?? benchOf(found);
    benches.set(found, bench);
    return bench;
  };
  return {
    ...createFinetuneHandler(find, PAGE_RUN),
    ...createExtractHandlers(find),
    ...createTrunkHandlers(() => find('main'), PAGE_RUN),
  };
};

export function benchOf(kept: Kept): OnBench {
  if ('slider' in kept) return kept;
  const { study, ...rest } = kept;
  return { ...rest, slider: neuronSlider(study, kept.seed) };
}
