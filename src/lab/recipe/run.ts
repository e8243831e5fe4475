/** What the stages of a run share: what they work on, a fresh network, and keeping checkpoints. */
import { channelStatistics } from '../data/tiles';
import type { ArchSpec } from '../families/gcnn/arch';
import type { GcnnModel } from '../families/gcnn/model';
import { initialParams } from '../families/init';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import { passing, type Stage } from '../stage/events';
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

/** Passes a stage's events on, saving each checkpoint before the host sees it. */
export function keepingCheckpoints<T>(stage: Stage<T>, store: RunStore, name: string): Stage<T> {
  return passing(stage, async (event) => {
    if (event.type === 'checkpoint') await store.saveCheckpoint(name, event.checkpoint);
    return event;
  });
}

export const secondsSince = (began: number): number => (performance.now() - began) / 1000;
