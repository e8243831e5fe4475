/** What the stages of a run share: what they work on, and a fresh network. */
import { channelStatistics } from '../data/tiles';
import type { ArchSpec } from '../families/gcnn/arch';
import type { GcnnModel } from '../families/gcnn/model';
import { initialParams } from '../families/init';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import type { RunStore } from '../stage/store';
import type { Prepared } from './prepare';

export interface Run extends Prepared {
  readonly store: RunStore;
}

/** An untrained network of a run's data; by default of the recipe's design. */
export function freshModel(prepared: Prepared): AnyModel;
export function freshModel(prepared: Prepared, design: ArchSpec): GcnnModel;
export function freshModel({ recipe, arch, dataset, splits }: Prepared, design: AnyArch = arch): AnyModel {
  return {
    arch: design,
    params: initialParams(design, recipe.seed),
    classes: dataset.classes,
    normalisation: channelStatistics(dataset, splits.train),
    provenance: { recipe, dataset: dataset.title, synthetic: dataset.synthetic },
  };
}
