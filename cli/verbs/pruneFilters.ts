/** `prune --units filters`: of a network from elsewhere. */
import { bundlesOf } from '../../src/lab/families/imported/channels';
import type { ImportedModel } from '../../src/lab/families/imported/model';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { FILTER_COMPENSATIONS } from '../../src/lab/prune/filters/choice';
import { continueNetworks } from '../continue';
import { oneOf } from '../work';
import { outOf, ratioOf, report, type TrunkOptions } from './pruneTrunk';

/** Removes the same share of the filters of each layer; those of layers that a residual sum ties go together. */
export async function pruneFiltersVerb(
  network: { readonly model: ImportedModel; readonly title: string },
  options: TrunkOptions,
): Promise<void> {
  const [ratio, out] = [ratioOf(options), await outOf(options, network.title)];
  const method = oneOf('pruning method', options.method, CRITERION_IDS);
  const compensation = oneOf('compensation of filters', options.compensation, FILTER_COMPENSATIONS);
  const stage = { kind: 'prune-filters', ratio, method, compensation };
  const done = await continueNetworks([network], () => [stage], options);
  const kept = done.records[0].kept as number[][];
  const bundles = bundlesOf(network.model.arch);
  const sizes = bundles.map(
    ({ makers, units }, i) => `${kept[i].length} of ${units} (${makers.join(' + ')})`,
  );
  const heading = `${method}, compensation ${compensation}: kept of each layer, or of layers tied by sums, ${sizes.join(', ')}`;
  await report(network.model, done, { kept }, heading, out, options);
}
