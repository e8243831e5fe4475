/**
 * Studies of which each stop of a slider is a network of its own: how units are ranked in them and removed, whichever units
 * these are. Who measures curves asks through this.
 */
import { BadInput } from '../../errors';
import type { AnyArch } from '../../nn/arch';
import type { AnyModel } from '../../nn/model';
import { compensateUnits } from '../blocks/compensate';
import { extractUnits, maskUnits } from '../blocks/extract';
import { saliencyOf } from '../blocks/prune';
import { rankUnits } from '../blocks/rank';
import type { Stop } from '../blocks/stops';
import { type BlockStudy, type Filling, prunedAt } from '../blocks/study';
import type { CriterionId } from '../criteria';
import { isFilterCompensation } from '../filters/choice';
import { blindFilters, extractFilters } from '../filters/extract';
import { chosenFilters, filterSaliency } from '../filters/prune';
import { type FilterStudy, filterChoice } from '../filters/study';
import { keptCount } from '../units/units';

export type StopStudy = BlockStudy | FilterStudy;

export interface Removal {
  /** Of the units of each layer: what is lowest goes first. */
  saliency(method: CriterionId): Float64Array[];
  /** The really smaller network. */
  pruned(filling: Filling, stop: Stop): AnyModel;
  /** The same answers from a network that is no smaller. */
  masked(filling: Filling, stop: Stop): AnyModel;
  /** Of the smaller network, whatever goes: all units of a layer cost the same. */
  archAt(stop: Stop): AnyArch;
}

export const removalOf = (study: StopStudy): Removal =>
  study.unit === 'filter' ? filterRemoval(study) : blockRemoval(study);

function blockRemoval(study: BlockStudy): Removal {
  const { model, unit, counts, ranking, statistics } = study;
  return {
    saliency: (method) => saliencyOf(model, { ...study, method }, statistics),
    pruned: (filling, stop) => prunedAt(study, filling, stop).model,
    masked: (filling, stop) => {
      const { kept } = prunedAt(study, filling, stop);
      return maskUnits(compensateUnits(model, unit, kept, filling.compensation, statistics), unit, kept);
    },
    archAt: ({ ratio }) => {
      const equal = counts.map((count) => new Float64Array(count));
      return extractUnits(model, unit, rankUnits(equal, ratio, ranking).kept).arch;
    },
  };
}

function filterRemoval(study: FilterStudy): Removal {
  const { model, seed, counts, statistics } = study;
  const chosen = ({ method, compensation }: Filling, { ratio }: Stop) => {
    if (!isFilterCompensation(compensation))
      throw new BadInput(`Filters are made up for by their means or not at all, not by ${compensation}.`);
    return chosenFilters(model, filterChoice(study, { method, compensation }, ratio), statistics);
  };
  return {
    saliency: (method) => filterSaliency(model, { method, seed }, statistics),
    pruned: (filling, stop) => {
      const { whole, kept } = chosen(filling, stop);
      return extractFilters(whole, kept);
    },
    masked: (filling, stop) => {
      const { whole, kept } = chosen(filling, stop);
      return blindFilters(whole, kept);
    },
    archAt: ({ ratio }) => {
      const kept = counts.map((count) =>
        Uint32Array.from({ length: keptCount(count, ratio) }, (_, unit) => unit),
      );
      return extractFilters(model, kept).arch;
    },
  };
}
