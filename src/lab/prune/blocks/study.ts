/**
 * A transformer under the slider: what its units have answered to training tiles, and the network run whole and pruned on
 * validation tiles. A number of these tiles has to do, for each stop of each curve is a network of its own.
 */
import type { Dataset } from '../../data/dataset';
import { type Decisions, decide } from '../../evaluate/decide';
import { checkTurns, type TurnCheck, turnedLogits } from '../../evaluate/quarterTurns';
import type { VitModel } from '../../families/vit/model';
import { type AnyModel, requireFloat } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { labelsOf } from '../../train/problem';
import type { CriterionId } from '../criteria';
import type { Compensation } from '../neurons/compensate';
import { type PrunedBlocks, pruneUnits } from './prune';
import type { Ranking } from './rank';
import { type Responses, responsesOf } from './responses';
import { type BlockStatistics, unitStatisticsOf } from './statistics';
import { type Stop, stopsOf } from './stops';
import { type BlockUnit, unitsOf } from './units';

/** What is removed, and by which ranking. */
export interface BlockWay {
  readonly unit: BlockUnit;
  readonly ranking: Ranking;
}

/** On which tiles: indices of the data set. */
export interface BlockTiles {
  readonly dataset: Dataset;
  readonly train: Uint32Array;
  readonly val: Uint32Array;
}

/** What opening a study finds out by running the network: all of it that takes time. */
export interface BlockAnswers {
  readonly statistics: readonly BlockStatistics[];
  readonly responses: Responses;
  /** The unpruned network, and what it answers at each turn. */
  readonly baseline: TurnCheck;
  readonly decided: readonly Decisions[];
}

export interface BlockStudy extends BlockWay, BlockTiles, BlockAnswers {
  readonly model: VitModel;
  /** For the random criterion. */
  readonly seed: number;
  /** Units of each block. */
  readonly counts: readonly number[];
  readonly stops: readonly Stop[];
}

/** Throws `BadInput` for a network in integers. */
export async function* openBlockStudy(
  model: VitModel,
  tiles: BlockTiles,
  way: BlockWay,
  seed: number,
): Stage<BlockStudy> {
  requireFloat(model);
  const { dataset, train, val } = tiles;
  const statistics = yield* unitStatisticsOf(model, way.unit, dataset, train);
  const responses = yield* responsesOf(model, way.unit, dataset, val);
  const { check: baseline, decided } = yield* answersOn(model, tiles);
  return { model, ...tiles, seed, statistics, responses, baseline, decided, ...placesOf(model, way) };
}

/** The study with what was found out before, for the same units on the same tiles; null where that does not fit. */
export function blockStudyWith(
  model: VitModel,
  tiles: BlockTiles,
  way: BlockWay,
  seed: number,
  { statistics, responses, baseline, decided }: BlockAnswers,
): BlockStudy | null {
  const places = placesOf(model, way);
  const units = places.counts.reduce((sum, count) => sum + count, 0);
  const isWhole =
    `${statistics.map(({ ranking }) => ranking.mean.length)}` === `${places.counts}` &&
    responses.length === tiles.val.length * units;
  return isWhole ? { model, ...tiles, seed, statistics, responses, baseline, decided, ...places } : null;
}

/** The same by another ranking: all that was computed stays. */
export const rankedOtherwise = (study: BlockStudy, ranking: Ranking): BlockStudy => ({
  ...study,
  ...placesOf(study.model, { unit: study.unit, ranking }),
});

function placesOf({ arch }: VitModel, { unit, ranking }: BlockWay) {
  const counts = unitsOf(arch, unit).map(({ count }) => count);
  return { unit, ranking, counts, stops: stopsOf(counts, ranking) };
}

/** A network on the validation tiles at the four quarter turns. */
export async function* checkOn(
  model: AnyModel,
  tiles: BlockTiles,
  watched?: ReadonlyMap<number, number>,
): Stage<TurnCheck> {
  return (yield* answersOn(model, tiles, watched)).check;
}

/** The same, and its answers at each turn. */
export async function* answersOn(
  model: AnyModel,
  { dataset, val }: BlockTiles,
  watched?: ReadonlyMap<number, number>,
): Stage<{ check: TurnCheck; decided: Decisions[] }> {
  const { classes } = model.arch;
  const logits = yield* turnedLogits(model, dataset, val);
  const decided = logits.map((each) => decide(each, classes));
  return { check: checkTurns(logits, labelsOf(dataset, val), classes, watched), decided };
}

export interface Filling {
  readonly method: CriterionId;
  readonly compensation: Compensation;
}

/** The really smaller network at a stop. */
export const prunedAt = (study: BlockStudy, filling: Filling, { ratio }: Stop): PrunedBlocks =>
  pruneUnits(study.model, { ...study, ...filling, ratio }, study.statistics);
