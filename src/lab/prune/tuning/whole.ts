/** Adaptive fine-tuning of all of a network whose layers are not known apart: from tiles, with the unpruned one as a teacher. */
import type { Dataset, Splits } from '../../data/dataset';
import { logitsAt } from '../../evaluate/rotation';
import { scoreLogits } from '../../evaluate/score';
import type { Model } from '../../nn/model';
import type { FitCheckpoint } from '../../stage/checkpoint';
import type { Stage } from '../../stage/events';
import { withTeacher } from '../../train/distil';
import { labelsOf, type Objective, pictureProblem } from '../../train/problem';
import type { FinetuneSettings } from '../../train/settings';
import { type Drop, type FinetuneResult, tuneAdaptively } from './adaptively';

/** Share of the chosen tiles that a network answers right. */
export async function* accuracyOn(model: Model, dataset: Dataset, tiles: Uint32Array): Stage<number> {
  return scoreLogits(yield* logitsAt(model, dataset, tiles, 0), labelsOf(dataset, tiles)).accuracy;
}

/** What is known already of a pruned network and the one it came from. */
export interface Known extends Drop {
  /** Logits of the unpruned network on the training tiles. */
  readonly teacher: Float32Array;
  /** Validation tiles whose answers are told with each epoch: from their position in the split to the tile. */
  readonly watched?: ReadonlyMap<number, number>;
}

/** The settings' scope is taken to be the network. */
export async function* finetuneWhole<Tuned extends Model>(
  unpruned: Model,
  pruned: Tuned,
  dataset: Dataset,
  splits: Splits,
  settings: FinetuneSettings,
  seed: number,
  resume?: FitCheckpoint,
  known?: Known,
): Stage<FinetuneResult<Tuned>> {
  const { train, val } = splits;
  const drop = known ?? {
    baseline: yield* accuracyOn(unpruned, dataset, val),
    start: yield* accuracyOn(pruned, dataset, val),
  };
  const { distil } = settings;
  const values = known?.teacher ?? (distil && (yield* logitsAt(unpruned, dataset, train, 0)));
  const problem = async (own?: FitCheckpoint) => {
    const problemFor = (objective?: Objective) => ({
      ...pictureProblem(pruned.arch, dataset, pruned.normalisation, train, val, objective),
      watched: known?.watched,
    });
    return distil
      ? withTeacher(problemFor, { values: values!, width: unpruned.arch.classes }, distil, own)
      : problemFor();
  };
  return yield* tuneAdaptively(pruned, drop, settings, seed, problem, resume);
}
