/**
 * A study: one trained network on one split, with everything pruning its dense layers leaves unchanged computed
 * once: head inputs of the training tiles, and of the validation tiles at the four quarter turns.
 */

import type { Dataset, Splits } from '../../data/dataset';
import { featuresOf, logitsFromFeatures } from '../../evaluate/features';
import { checkTurns, type TurnCheck } from '../../evaluate/quarterTurns';
import { headInputs } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { requireFloat } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import { type Examples, labelsOf } from '../../train/problem';
import { type NeuronStatistics, statisticsOf } from './statistics';

/** What a network's convolutions answer to training and validation tiles: all that its head has to read. */
export interface HeadTiles {
  /** Head inputs of the training tiles. */
  readonly train: Examples;
  /** Head inputs of the validation tiles at 0°, 90°, 180° and 270°. */
  readonly turns: readonly Examples[];
}

export interface Study extends HeadTiles {
  /** The unpruned network. */
  readonly model: GcnnModel;
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** Dataset indices of the validation tiles it has run. */
  readonly tiles: Uint32Array;
  /** Hidden activations on the training tiles, summed up. */
  readonly statistics: NeuronStatistics;
  /** The unpruned network on the validation tiles. */
  readonly baseline: HeadCheck;
  /** Validation tiles whose answers are told as a pruned network is fine-tuned: from their row to the tile; absent: none. */
  readonly watched?: ReadonlyMap<number, number>;
}

/** Runs the trunk over training and validation tiles and keeps the results. Throws `BadInput` for an int8 network. */
export async function* openStudy(model: GcnnModel, dataset: Dataset, splits: Splits): Stage<Study> {
  const { train, turns } = yield* openHeadTiles(model, dataset, splits);
  const statistics = await statisticsOf(model, train);
  const baseline = await checkHead(turns, model);
  return { model, dataset, splits, train, tiles: splits.val, turns, statistics, baseline };
}

/** Runs the trunk over training and validation tiles. Throws `BadInput` for an int8 network. */
export async function* openHeadTiles(model: GcnnModel, dataset: Dataset, splits: Splits): Stage<HeadTiles> {
  requireFloat(model);
  const width = headInputs(model.arch);
  const train = {
    values: yield* featuresOf(model, dataset, splits.train),
    width,
    labels: labelsOf(dataset, splits.train),
  };
  const turns: Examples[] = [];
  for (const turn of QUARTER_TURNS) {
    const values = yield* featuresOf(model, dataset, splits.val, turn);
    turns.push({ values, width, labels: labelsOf(dataset, splits.val) });
  }
  return { train, turns };
}

export type HeadCheck = TurnCheck;

/** Accuracy, agreement and equivariance error of a network from its head inputs at the four quarter turns. */
export async function checkHead(
  turns: readonly Examples[],
  model: GcnnModel,
  watched?: ReadonlyMap<number, number>,
): Promise<HeadCheck> {
  const logits: Float32Array[] = [];
  for (const { values } of turns) logits.push(await logitsFromFeatures(model, values));
  return checkTurns(logits, turns[0].labels, model.arch.classes, watched);
}
