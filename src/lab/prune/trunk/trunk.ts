/**
 * Pruning inside the trunk as a person tries it: one network, ranked once, then pruned for real in any way, measured
 * beside what it was, and fine-tuned.
 */

import { totalCost } from '../../evaluate/cost';
import type { LayerError } from '../../evaluate/equivariance';
import { latencies } from '../../evaluate/latency';
import { QUARTERS, type RotationCheck, rotationCheck } from '../../evaluate/rotation';
import type { ArchSpec } from '../../families/gcnn/arch';
import type { GcnnModel } from '../../families/gcnn/model';
import type { RunModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import type { EpochRecord } from '../../stage/history';
import type { FinetuneSettings } from '../../train/settings';
import { channelSaliency, pruneChannels } from '../counterexamples/channels';
import { CRITERION_IDS, type CriterionId, criterion } from '../criteria';
import type { KeptFields } from '../fields/extract';
import { fieldSaliencies, needsAnswers } from '../fields/prune';
import { archOf, keptByRatio } from '../fields/rank';
import { activationStatistics, fieldStatistics, weightStatistics } from '../fields/statistics';
import type { Measure, ReachedTime } from '../fields/time';
import { openStudy, type Study } from '../neurons/study';
import type { OrbitMethod } from '../orbits/choice';
import { expandToGrid, orbitSaliency, pruneOrbits } from '../orbits/prune';
import {
  checkpointingOfStep,
  type KeptChoice,
  loadStep,
  noCheckpointing,
  type Round,
  saveStep,
} from '../tuning/keptSteps';
import { type Checkpointing, finetuneWithCheckpoints } from '../tuning/keptTuning';
import { allFields, type FieldsInSteps, pruneFieldsInSteps, pruneOnce } from '../tuning/steps';
import { teacherLogits } from '../tuning/tuning';
import type { RankingStatistics } from '../units/statistics';
import { removedUnits } from '../units/units';
import type { RankingGrain, TrunkChoice, TrunkRanking } from './choice';

/** A network, and what is known of it by now. */
export interface TrunkBench {
  readonly study: Study;
  /** For the random criterion. */
  readonly seed: number;
  /** Times networks; by default on this device. */
  readonly measure?: Measure;
  fields?: readonly RankingStatistics[];
  channels?: readonly Omit<RankingStatistics, 'overlaps'>[];
  whole?: RotationCheck;
}

/** A network on the validation tiles at the four quarter turns, and its size. */
export interface TrunkFigures {
  readonly n: number;
  readonly turned: readonly number[];
  readonly agreement: number;
  readonly changed: number;
  readonly undecided: number;
  /** Layer by layer, on the first tiles. */
  readonly errors: readonly LayerError[];
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
  /** Bytes as exported; absent in measurements of before it was counted. */
  readonly exported?: number | null;
}

export interface PrunedTrunk {
  readonly arch: ArchSpec;
  /** Removed fields by block, where fields were pruned: a budget of time is met by measuring. */
  readonly gone: readonly Uint32Array[] | null;
  readonly before: TrunkFigures;
  readonly after: TrunkFigures;
  /** Seconds per tile of one forward pass here, measured in turn; null where nothing became smaller. */
  readonly latency: { readonly before: number; readonly after: number } | null;
  /** What a budget of time came to when it was chosen; absent for others. */
  readonly reached?: ReachedTime;
  /** Of the counter-example: fields that lost some of their channels, and the same share of whole fields removed. */
  readonly naive: {
    readonly removed: number;
    readonly brokenFields: number;
    readonly fields: TrunkFigures;
  } | null;
}

export interface Trunk {
  readonly result: PrunedTrunk;
  /** null where no network came of it that could be saved. */
  readonly model: GcnnModel | null;
}

/** Ranks what can be ranked by looking at `grain`: the rest of the ranking is empty. */
export async function* rankTrunk(bench: TrunkBench, grain: RankingGrain): Stage<TrunkRanking> {
  const { seed, study } = bench;
  const { model } = study;
  const ranking = { arch: model.arch, fields: {}, orbits: orbitRanking(model, seed), channels: {} };
  if (grain === 'channels') return { ...ranking, channels: yield* channelRanking(bench) };
  const statistics = grain === 'weights' ? await weightStatistics(model) : yield* knownFields(bench);
  const methods = CRITERION_IDS.filter((id) => grain === 'fields' || criterion(id).from === 'weights');
  const fields = methods.map((method) => [method, fieldSaliencies(model, { method, seed }, statistics)]);
  return { ...ranking, fields: Object.fromEntries(fields) };
}

function orbitRanking(model: GcnnModel, seed: number): TrunkRanking['orbits'] {
  const grid = expandToGrid(model);
  const saliencies = (method: OrbitMethod) =>
    model.arch.blocks.map((_, i) => orbitSaliency(grid, i + 1, method, seed));
  return { l2: saliencies('l2'), l1: saliencies('l1'), random: saliencies('random') };
}

async function* channelRanking(bench: TrunkBench): Stage<TrunkRanking['channels']> {
  const { seed, study } = bench;
  const ranking: Partial<Record<CriterionId, Float64Array[]>> = {};
  const channels = yield* knownChannels(bench);
  for (const method of CRITERION_IDS) {
    const blocks: Float64Array[] = [];
    for (const [i, observed] of channels.entries()) {
      blocks.push(await channelSaliency(study.model, i + 1, observed, { method, seed }));
    }
    ranking[method] = blocks;
  }
  return ranking;
}

/** Prunes for real (channels: silences) and measures. Throws `BadInput` for a choice that cannot be met. */
export async function* pruneTrunk(bench: TrunkBench, choice: TrunkChoice): Stage<Trunk> {
  const { model, dataset, splits } = bench.study;
  const whole = yield* knownWhole(bench);
  const before = figures(model, whole);
  if (choice.units === 'channels') {
    const known = { fields: yield* knownFields(bench), channels: yield* knownChannels(bench), whole };
    const { removed, brokenFields, channels, fields } = yield* pruneChannels(
      model,
      dataset,
      splits,
      choice,
      known,
    );
    // Whole fields would leave a network that really is smaller.
    const kept = keptByRatio(fieldSaliencies(model, choice, known.fields), choice.ratio, [choice.block]);
    const smaller = { arch: archOf(model.arch, kept) };
    const naive = { removed: removed.length, brokenFields, fields: figures(smaller, fields) };
    return {
      result: { arch: model.arch, gone: null, before, after: figures(model, channels), latency: null, naive },
      model: null,
    };
  }
  const pruned = yield* shrinkTrunk(bench, choice);
  return {
    result: yield* measureAgainstWhole(bench, pruned),
    model: withProvenance(pruned.model, model, choice),
  };
}

export interface TunedTrunk {
  readonly result: PrunedTrunk & {
    readonly tuned: {
      /** Validation accuracy of the unpruned network, of the pruned one, and after fine-tuning. */
      readonly baseline: number;
      readonly start: number;
      readonly accuracy: number;
      /** Of the last fine-tuning. */
      readonly epochs: readonly EpochRecord[];
      /** The steps before the last one. */
      readonly rounds: readonly Round[];
      /** A stopping rule's name, or `stopped` on request; null where so little was lost that it did not run. */
      readonly stop: string | null;
      /** The step it was stopped in, where others should have followed: then less is gone than was chosen. */
      readonly stoppedIn?: number;
    };
  };
  readonly model: GcnnModel;
}

/**
 * Prunes in one step or more, fine-tunes adaptively after each, and measures the result. Orbits are always pruned in
 * one step. Steps and epochs that `checkpointing` already holds are not done again; they stay there until `forgetSteps`.
 * given: which fields stay, where that was decided before; of a pruning in one step.
 */
export async function* tuneTrunk(
  bench: TrunkBench,
  choice: Exclude<TrunkChoice, { units: 'channels' }>,
  settings: FinetuneSettings,
  steps: number,
  checkpointing: Checkpointing = noCheckpointing(),
  given?: KeptChoice,
): Stage<TunedTrunk> {
  const { study, seed, measure = latencies } = bench;
  const { dataset, splits } = study;
  yield* knownWhole(bench);
  const towards = {
    baseline: study.baseline.accuracy,
    teacher: await teacherLogits(study, settings),
  };
  const stepwise = { steps, settings, seed, towards };
  const last =
    choice.units === 'fields' && steps > 1
      ? yield* pruneFieldsInSteps(study.model, dataset, splits, choice, measure, stepwise, checkpointing)
      : yield* prunedAtOnce(bench, choice, checkpointing, given);
  const start = last.study.baseline.accuracy;
  let tuned = last.stopped;
  if (!tuned) {
    yield { type: 'pruned', step: last.step, steps, accuracy: start };
    const own = checkpointingOfStep(checkpointing, last.step);
    tuned = yield* finetuneWithCheckpoints(
      last.study,
      last.model,
      { ...towards, start },
      settings,
      seed,
      own,
    );
  }
  const { model, accuracy, epochs, stop, baseline } = tuned;
  const kept = choice.units === 'fields' ? last.kept : null;
  const result = yield* measureAgainstWhole(bench, { model, kept, reached: last.reached });
  const stoppedIn = last.step < steps ? { stoppedIn: last.step } : {};
  return {
    result: {
      ...result,
      tuned: { baseline, start, accuracy, epochs, rounds: last.rounds, stop, ...stoppedIn },
    },
    model: withProvenance(model, study.model, { ...choice, ...stoppedIn }),
  };
}

/** The only step of a pruning, or that step as it was kept. */
async function* prunedAtOnce(
  bench: TrunkBench,
  choice: Exclude<TrunkChoice, { units: 'channels' }>,
  checkpointing: Checkpointing,
  given: KeptChoice | undefined,
): Stage<FieldsInSteps> {
  const { model, dataset, splits } = bench.study;
  const began = performance.now();
  const begun = await loadStep(checkpointing);
  if (begun) return { ...begun, study: yield* openStudy(begun.model, dataset, splits), stopped: null };
  const { model: pruned, kept, reached } = yield* shrinkTrunk(bench, choice, checkpointing, given);
  const only = { step: 1, model: pruned, kept: kept ?? allFields(model), rounds: [], reached };
  const study = yield* openStudy(pruned, dataset, splits);
  await saveStep(checkpointing, only, study.baseline.accuracy, (performance.now() - began) / 1000);
  return { ...only, study, stopped: null };
}

interface SmallerTrunk {
  readonly model: GcnnModel;
  /** null for orbits. */
  readonly kept: KeptFields | null;
  /** Of a budget of time. */
  readonly reached: ReachedTime | null;
}

/** The network without what a choice removes; what `checkpointing` has of the choice is not decided again. Throws `BadInput` for a choice that cannot be met. */
export async function* shrinkTrunk(
  bench: TrunkBench,
  choice: Exclude<TrunkChoice, { units: 'channels' }>,
  checkpointing: Checkpointing = noCheckpointing(),
  given?: KeptChoice,
): Stage<SmallerTrunk> {
  const { model, dataset, splits, baseline } = bench.study;
  if (choice.units === 'orbits')
    return { model: pruneOrbits(model, choice).model, kept: null, reached: null };
  const known = needsAnswers(choice) ? yield* knownFields(bench) : undefined;
  const of = { model, accuracy: baseline.accuracy };
  const { measure = latencies } = bench;
  return yield* pruneOnce(of, dataset, splits, choice, measure, checkpointing, 1, known, given);
}

/** The smaller network beside the unpruned one. */
async function* measureAgainstWhole(
  bench: TrunkBench,
  { model, kept, reached }: SmallerTrunk,
): Stage<PrunedTrunk> {
  const { study, measure = latencies } = bench;
  const gone = kept?.map((fields, i) => removedUnits(fields, study.model.arch.blocks[i].fields)) ?? null;
  const before = figures(study.model, yield* knownWhole(bench));
  const after = figures(model, yield* checkTurns(study, model));
  const [was, is] = await measure([study.model.arch, model.arch]);
  const latency = { before: was, after: is };
  return { arch: model.arch, gone, before, after, latency, naive: null, ...(reached && { reached }) };
}

const withProvenance = (
  model: GcnnModel,
  from: GcnnModel,
  choice: TrunkChoice & { stoppedIn?: number },
): GcnnModel => ({
  ...model,
  // What else its file said is of the network that it was made from.
  provenance: {
    dataset: from.provenance.dataset,
    synthetic: from.provenance.synthetic,
    pruned: { ...choice },
  },
});

function figures({ arch }: Pick<GcnnModel, 'arch'>, check: RotationCheck): TrunkFigures {
  const { n, angles, agreement, changed, undecided, equivarianceError: errors } = check;
  const turned = angles.map(({ accuracy }) => accuracy);
  return { n, turned, agreement, changed, undecided, errors, ...totalCost(arch) };
}

const checkTurns = ({ dataset, splits }: Study, model: RunModel): Stage<RotationCheck> =>
  rotationCheck(model, dataset, splits.val, QUARTERS);

async function* knownWhole(bench: TrunkBench): Stage<RotationCheck> {
  bench.whole ??= yield* checkTurns(bench.study, bench.study.model);
  return bench.whole;
}

async function* knownFields(bench: TrunkBench): Stage<readonly RankingStatistics[]> {
  const { model, dataset, splits } = bench.study;
  bench.fields ??= yield* fieldStatistics(model, dataset, splits.train);
  return bench.fields;
}

async function* knownChannels(bench: TrunkBench): Stage<NonNullable<TrunkBench['channels']>> {
  const { model, dataset, splits } = bench.study;
  bench.channels ??= yield* activationStatistics(model, dataset, splits.train, 'channel');
  return bench.channels;
}
