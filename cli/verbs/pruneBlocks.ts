/** `prune --units mlp | heads`: inside the blocks of a transformer. */
import type { VitModel } from '../../src/lab/families/vit/model';
import { RANKINGS } from '../../src/lab/prune/blocks/rank';
import { type BlockUnit, unitsOf } from '../../src/lab/prune/blocks/units';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { COMPENSATIONS } from '../../src/lab/prune/neurons/compensate';
import { continueNetworks } from '../continue';
import { oneOf } from '../work';
import { outOf, ratioOf, report, type TrunkOptions } from './pruneTrunk';

export interface BlockOptions extends TrunkOptions {
  readonly ranking?: string;
}

/** Removes hidden neurons of the MLPs, or heads, over all blocks together or of each block. */
export async function pruneBlocksVerb(
  units: BlockUnit,
  network: { readonly model: VitModel; readonly title: string },
  options: BlockOptions,
): Promise<void> {
  const [ratio, out] = [ratioOf(options), await outOf(options, network.title)];
  const ranking = oneOf('ranking', options.ranking ?? 'network', RANKINGS);
  const method = oneOf('pruning method', options.method, CRITERION_IDS);
  const compensation = oneOf('compensation', options.compensation, COMPENSATIONS);
  const stage = { kind: 'prune-blocks', units, ratio, ranking, method, compensation };
  const done = await continueNetworks([network], () => [stage], options);
  const { kept, floored } = done.records[0] as unknown as { kept: number[][]; floored: number[] };
  const sizes = unitsOf(network.model.arch, units).map(({ count }, i) => `${kept[i].length} of ${count}`);
  const what = units === 'mlp' ? 'hidden neurons' : 'heads';
  const floor =
    floored.length === 0 ? '' : `; of block ${floored.map((i) => i + 1).join(', ')} all would have gone`;
  const heading = `${method}, compensation ${compensation}: ${sizes.join(', ')} ${what} kept, block by block${floor}`;
  await report(network.model, done, { kept, floored }, heading, out, options);
}
