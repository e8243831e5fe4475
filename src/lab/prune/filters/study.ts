/**
 * A network from elsewhere under the slider: what its filters have answered to training tiles, and the network run whole and
 * pruned on validation tiles. As of a transformer, each stop of each curve is a network of its own.
 */
import { bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { requireFloat } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { stopsOf } from '../blocks/stops';
import { answersOn, type BlockAnswers, type BlockStudy, type BlockTiles } from '../blocks/study';
import type { FilterChoice } from './choice';
import { requireBundles } from './prune';
import { filterResponses } from './responses';
import { type FilterStatistics, filterStatistics } from './statistics';

/** What opening a study finds out by running the network: all of it that takes time. */
export type FilterAnswers = Omit<BlockAnswers, 'statistics'> & {
  readonly statistics: readonly FilterStatistics[];
};

export interface FilterStudy
  extends BlockTiles,
    FilterAnswers,
    Pick<BlockStudy, 'seed' | 'counts' | 'stops'> {
  readonly unit: 'filter';
  /** The same share of all layers, or of layers that sums tie. */
  readonly ranking: 'block';
  readonly model: ImportedModel;
  /** Of each bundle the layers whose filters are its units. */
  readonly makers: readonly (readonly string[])[];
}

/** Throws `BadInput` for a network in integers, that has no gradient here, or of which no filter can be removed. */
export async function* openFilterStudy(
  model: ImportedModel,
  tiles: BlockTiles,
  seed: number,
): Stage<FilterStudy> {
  requireFloat(model);
  requireBundles(model);
  const { dataset, train, val } = tiles;
  const statistics = yield* filterStatistics(model, dataset, train);
  const responses = yield* filterResponses(model, dataset, val);
  const { check: baseline, decided } = yield* answersOn(model, tiles);
  return { model, ...tiles, seed, statistics, responses, baseline, decided, ...placesOf(model) };
}

/** The study with what was found out before, for the same units on the same tiles; null where that does not fit. */
export function filterStudyWith(
  model: ImportedModel,
  tiles: BlockTiles,
  seed: number,
  { statistics, responses, baseline, decided }: FilterAnswers,
): FilterStudy | null {
  const places = placesOf(model);
  const units = places.counts.reduce((sum, count) => sum + count, 0);
  const isWhole =
    `${statistics.map(({ ranking }) => ranking.mean.length)}` === `${places.counts}` &&
    responses.length === tiles.val.length * units;
  return isWhole ? { model, ...tiles, seed, statistics, responses, baseline, decided, ...places } : null;
}

/** What is chosen at a stop of such a study. */
export const filterChoice = (
  { seed }: Pick<FilterStudy, 'seed'>,
  filling: Pick<FilterChoice, 'method' | 'compensation'>,
  ratio: number,
): FilterChoice => ({ ...filling, ratio, seed });

function placesOf({ arch }: ImportedModel) {
  const bundles = bundlesOf(arch);
  const counts = bundles.map(({ units }) => units);
  return {
    ...{ unit: 'filter' as const, ranking: 'block' as const, counts },
    makers: bundles.map(({ makers }) => makers),
    stops: stopsOf(counts, 'block'),
  };
}
