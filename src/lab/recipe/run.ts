/** What the steps of a run share: what they work on, where networks are kept, and what is known of them by now. */
import type { Splits } from '../data/dataset';
import { datasetHash, normalisationOf } from '../data/tiles';
import { initialParams } from '../families/init';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';
import type { RunStore, StageRecord } from '../stage/store';
import { canonical, identitiesOf } from './identity';
import type { Planned } from './plan';
import { type Prepared, splitOf } from './prepare';
import { Studies } from './studies';

export interface Run extends Prepared {
  readonly store: RunStore;
  /** `datasetHash` of the tiles as they were given. */
  readonly data: string;
  /** Of each record, by name. */
  readonly ids: ReadonlyMap<string, string>;
  readonly studies: Studies;
}

/** What a step leaves. */
export interface Made {
  readonly record: StageRecord;
  /** null where it leaves none, or none that was kept. */
  readonly model: AnyModel | null;
}

/** Does one step. `input`: the network it takes, `towards`: what a fine-tuning is to reach. */
export type DoStep<S> = (given: {
  readonly run: Run;
  readonly planned: Planned & { readonly step: S };
  readonly splits: Splits;
  readonly input: AnyModel;
  readonly towards: AnyModel;
}) => Stage<{ readonly figures: Figures; readonly model: AnyModel | null }>;

/** What a step measured; the name, the identity and the costs are added to it. */
export type Figures = Pick<StageRecord, 'accuracy' | 'seconds'> & Readonly<Record<string, unknown>>;

/** The identities of a prepared recipe's records, by name. */
export function idsOf(
  { recipe, planned, arch }: Pick<Prepared, 'recipe' | 'planned' | 'arch'>,
  data: string,
): Map<string, string> {
  return identitiesOf(planned, { data, arch, seed: recipe.seed, start: recipe.start });
}

/** Begins a run: nothing is computed yet but the fingerprint of the tiles. */
export function openRun(
  prepared: Prepared,
  store: RunStore,
  data: string = datasetHash(prepared.source),
): Run {
  return { ...prepared, store, data, ids: idsOf(prepared, data), studies: new Studies() };
}

/** The split of a step: mostly the recipe's. */
export function splitsFor({ recipe, source, splits }: Prepared, { split }: Pick<Planned, 'split'>): Splits {
  return canonical(split) === canonical(recipe.split) ? splits : splitOf(source, split);
}

/** An untrained network of a run's data, by default of the recipe's design and seed. */
export function freshModel<Arch extends AnyArch>(
  { dataset }: Prepared,
  { train }: Splits,
  design: Arch,
  seed: number,
): AnyModel & { readonly arch: Arch } {
  return {
    arch: design,
    params: initialParams(design, seed),
    classes: dataset.classes,
    normalisation: normalisationOf(dataset, train),
    provenance: { dataset: dataset.title, synthetic: dataset.synthetic },
  };
}
