/**
 * The counter-example: naive channel pruning, as any tool does it that does not know of the symmetry. Single orientation
 * channels go where whole fields should. Turning the input permutes the channels of a field, so a field with one of them
 * missing answers otherwise to a turned picture: equivariance ends at that layer, and with it the same answer at all turns.
 * Measured with the channels silenced: no smaller network of the same group exists.
 */

import type { Dataset, Splits } from '../../data/dataset';
import { type RotationCheck, rotationCheck } from '../../evaluate/rotation';
import { foldedFilters } from '../../families/gcnn/folded';
import { blockLayouts } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import type { RunModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { expandGrid } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { type CriterionId, criterion } from '../criteria';
import { requireBlocks } from '../fields/choice';
import { maskFields } from '../fields/extract';
import { fieldSaliencies } from '../fields/prune';
import { keptByRatio } from '../fields/rank';
import { activationStatistics, fieldStatistics } from '../fields/statistics';
import type { UnitFilters } from '../units/filters';
import { overlapsOf } from '../units/overlaps';
import type { RankingStatistics } from '../units/statistics';
import { leastUnits } from '../units/units';

export interface ChannelChoice {
  readonly method: CriterionId;
  /** Share of the block's channels to remove, 0 ≤ ratio < 1. */
  readonly ratio: number;
  /** From 1. */
  readonly block: number;
  /** For the random criterion. */
  readonly seed: number;
}

/** What is known already and need not be found out again. */
export interface KnownBefore {
  readonly fields?: readonly RankingStatistics[];
  readonly channels?: readonly ChannelStatistics[];
  /** The network as it is. */
  readonly whole?: RotationCheck;
}

type ChannelStatistics = Omit<RankingStatistics, 'overlaps'>;

export interface CounterExample {
  /** Channels of the block that were removed, and how many fields lost some but not all of theirs. */
  readonly removed: Uint32Array;
  readonly brokenFields: number;
  /** The network as it was, with those channels silenced, and with the same share of whole fields removed. */
  readonly whole: RotationCheck;
  readonly channels: RotationCheck;
  readonly fields: RotationCheck;
}

/** Removes single channels, and whole fields beside them, and checks all three on the validation tiles. */
export async function* pruneChannels(
  model: GcnnModel,
  dataset: Dataset,
  splits: Splits,
  choice: ChannelChoice,
  known: KnownBefore = {},
): Stage<CounterExample> {
  requireBlocks(model, [choice.block]);
  const removed = yield* chooseChannels(model, dataset, splits.train, choice, known.channels);
  const statistics = known.fields ?? (yield* fieldStatistics(model, dataset, splits.train));
  const kept = keptByRatio(fieldSaliencies(model, choice, statistics), choice.ratio, [choice.block]);
  const check = (each: RunModel) => rotationCheck(each, dataset, splits.val, [0, 90, 180, 270]);
  return {
    removed,
    brokenFields: brokenFields(removed, GROUPS[model.arch.group].order),
    whole: known.whole ?? (yield* check(model)),
    channels: yield* check(silence(model, choice.block, removed)),
    fields: yield* check(maskFields(model, kept)),
  };
}

/** The model with single channels of block `index` (from 1) always zero. */
export function silence(model: GcnnModel, index: number, channels: Uint32Array): RunModel {
  const silenced = model.arch.blocks.map((_, i) => (i + 1 === index ? channels : new Uint32Array()));
  return { ...model, silenced };
}

/** The channels with the lowest saliency, each looked at by itself, ascending. */
export async function* chooseChannels(
  model: GcnnModel,
  dataset: Dataset,
  train: Uint32Array,
  { method, ratio, block, seed }: ChannelChoice,
  known?: readonly ChannelStatistics[],
): Stage<Uint32Array> {
  const observed = known ?? (yield* activationStatistics(model, dataset, train, 'channel'));
  return leastUnits(await channelSaliency(model, block, observed[block - 1], { method, seed }), ratio);
}

/** The saliency of each channel of block `index` (from 1). */
export async function channelSaliency(
  model: GcnnModel,
  index: number,
  observed: ChannelStatistics,
  { method, seed }: Pick<ChannelChoice, 'method' | 'seed'>,
): Promise<Float64Array> {
  const filters = channelFilters(model, index);
  const statistics = { ...observed, overlaps: await overlapsOf(filters) };
  return criterion(method).saliency({ filters, statistics, seed });
}

/** The expanded filters, norms folded in, one pattern per channel and no group to move it. */
function channelFilters({ arch, params }: GcnnModel, index: number): UnitFilters {
  const { filter } = blockLayouts(arch)[index - 1];
  const order = GROUPS[arch.group].order;
  const units = filter.fieldsOut * order;
  const bank = expandGrid(foldedFilters(arch, params, index).weights, filter);
  const width = bank.length / units;
  const patterns = new Float32Array(bank.length);
  bank.forEach((value, i) => {
    patterns[(i % units) * width + Math.floor(i / units)] = value;
  });
  return { units, width, patterns, actions: [Uint32Array.from({ length: width }, (_, i) => i)] };
}

/** Fields that lost some of their channels, but not all. order: of the group. */
export function brokenFields(removed: Uint32Array, order: number): number {
  const lost = new Map<number, number>();
  for (const channel of removed) {
    const field = Math.floor(channel / order);
    lost.set(field, (lost.get(field) ?? 0) + 1);
  }
  return [...lost.values()].filter((count) => count < order).length;
}
