/**
 * Iterative pruning: several small steps with adaptive fine-tuning between them, beside the one-shot kind. Every step
 * removes the same share of what is left, and ranks anew what the steps before it have made of the network.
 */
import type { Dataset, Splits } from '../../data/dataset';
import { power } from '../../elementary';
import { BadInput } from '../../errors';
import type { GcnnModel } from '../../families/gcnn/model';
import { runUntilStopped, type Stage } from '../../stage/events';
import type { FinetuneSettings } from '../../train/settings';
import type { FieldChoice } from '../fields/choice';
import { chooseFields, type PrunedFields, removeFields } from '../fields/prune';
import type { Measure } from '../fields/time';
import { type PruneChoice, prune } from '../neurons/prune';
import { statisticsOf } from '../neurons/statistics';
import { checkHead, openStudy, type Study } from '../neurons/study';
import type { RankingStatistics } from '../units/statistics';
import { keptCount, unitCount } from '../units/units';
import {
  checkpointingOfStep,
  type KeptChoice,
  loadChoice,
  loadStep,
  noCheckpointing,
  type PrunedStep,
  type Round,
  saveChoice,
  saveStep,
} from './keptSteps';
import { type Checkpointing, finetuneWithCheckpoints, STOPPED } from './keptTuning';
import { type FinetuneResult, finetuneInStudy, type TuningTarget, teacherLogits } from './tuning';

export interface Steps {
  readonly steps: number;
  /** Of the fine-tuning between two steps. */
  readonly settings: FinetuneSettings;
  readonly seed: number;
  readonly towards: Omit<TuningTarget, 'start'>;
}

/** The share of all units that is gone after each of `steps` steps. */
export function stepRatios(ratio: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, s) =>
    s + 1 === steps ? ratio : 1 - power(1 - ratio, (s + 1) / steps),
  );
}

export interface NeuronsInSteps {
  /** After the last step, which no fine-tuning has followed yet. */
  readonly model: GcnnModel;
  /** By the unpruned network's indices. */
  readonly kept: Uint32Array;
  readonly rounds: readonly Round[];
  /** Of the network that entered the last step. */
  readonly study: Study;
}

/** Hidden neurons in steps. */
export async function* pruneNeuronsInSteps(
  study: Study,
  choice: PruneChoice,
  { steps, settings, seed, towards }: Steps,
): Stage<NeuronsInSteps> {
  const all = unitCount(study.model);
  const goal = { ...towards, teacher: towards.teacher ?? (await teacherLogits(study, settings)) };
  const rounds: Round[] = [];
  let kept = Uint32Array.from({ length: all }, (_, unit) => unit);
  let current = study;
  for (const [step, gone] of stepRatios(choice.ratio, steps).entries()) {
    const ratio = 1 - keptCount(all, gone) / kept.length;
    const pruned = prune(current.model, { ...choice, ratio }, current.statistics);
    kept = pruned.kept.map((unit) => kept[unit]);
    if (step + 1 === steps) return { model: pruned.model, kept, rounds, study: current };
    const start = (await checkHead(current.turns, pruned.model)).accuracy;
    yield { type: 'pruned', step: step + 1, steps, accuracy: start };
    const tuned = yield* finetuneInStudy(current, pruned.model, { ...goal, start }, settings, seed);
    rounds.push({ start, accuracy: tuned.accuracy, epochs: tuned.epochs.length });
    current = yield* studyAfter(current, tuned.model, settings.scope === 'network' && tuned.triggered);
  }
  throw new RangeError(`${steps} steps are none`);
}

/** The study of the same tiles with a network whose head, or whole, has changed. */
async function* studyAfter(study: Study, model: GcnnModel, hasNewTrunk: boolean): Stage<Study> {
  if (hasNewTrunk) return yield* openStudy(model, study.dataset, study.splits);
  const baseline = await checkHead(study.turns, model);
  return { ...study, model, baseline, statistics: await statisticsOf(model, study.train) };
}

/** After the last step, which no fine-tuning has followed yet; after an earlier one where it was asked to stop. */
export interface FieldsInSteps extends PrunedStep {
  /** Of the pruned network. */
  readonly study: Study;
  /** The fine-tuning that it was stopped in, or after. */
  readonly stopped: FinetuneResult | null;
}

/**
 * Prunes fields in steps; a budget is approached by the same factor in each. Steps that `checkpointing` already holds
 * are not done again; the last one stays there.
 */
export async function* pruneFieldsInSteps(
  model: GcnnModel,
  dataset: Dataset,
  splits: Splits,
  choice: FieldChoice,
  measure: Measure,
  { steps, settings, seed, towards }: Steps,
  checkpointing: Checkpointing = noCheckpointing(),
): Stage<FieldsInSteps> {
  // Only where a step follows another is there anything to teach.
  const isTaught = steps > 1 && settings.distil && !towards.teacher;
  const unpruned = isTaught ? yield* openStudy(model, dataset, splits) : undefined;
  const goal = unpruned ? { ...towards, teacher: await teacherLogits(unpruned, settings) } : towards;

  async function* after({ step: last, model: current, kept, rounds }: Entered): Stage<FieldsInSteps> {
    const began = performance.now();
    const step = last + 1;
    const own = { ...choice, target: stepTarget(choice.target, model, step, steps) };
    const of = { model: current, accuracy: rounds.at(-1)?.accuracy ?? towards.baseline };
    const pruned = yield* pruneOnce(of, dataset, splits, own, measure, checkpointing, step);
    const left = pruned.kept.map((fields, i) => fields.map((field) => kept[i][field]));
    const now = { step, model: pruned.model, kept: left, rounds, reached: pruned.reached };
    const study = yield* openStudy(now.model, dataset, splits);
    await saveStep(checkpointing, now, study.baseline.accuracy, (performance.now() - began) / 1000);
    return { ...now, study, stopped: null };
  }

  const begun = await loadStep(checkpointing);
  if (begun) yield* replayRounds(begun.rounds, steps);
  let at: FieldsInSteps = begun
    ? { ...begun, study: yield* openStudy(begun.model, dataset, splits), stopped: null }
    : yield* after({ step: 0, model, kept: allFields(model), rounds: [] });
  while (at.step < steps) {
    const { step, study, rounds } = at;
    const start = study.baseline.accuracy;
    yield { type: 'pruned', step, steps, accuracy: start };
    const own = checkpointingOfStep(checkpointing, step);
    const tuned = yield* finetuneWithCheckpoints(study, at.model, { ...goal, start }, settings, seed, own);
    const round = { start, accuracy: tuned.accuracy, epochs: tuned.epochs.length };
    const next = yield* runUntilStopped(
      after({ ...at, model: tuned.model, rounds: [...rounds, round] }),
      checkpointing.stop,
    );
    if (!next) return { ...at, stopped: { ...tuned, stop: STOPPED } };
    at = next;
  }
  return at;
}

/** A network on its way into a step. */
type Entered = Omit<PrunedStep, 'reached'>;

/**
 * One pruning of fields whose choice is made once: it is kept as soon as it is made, before anything is computed with the
 * smaller network, and where `checkpointing` has it already it is not made again. given: made before, elsewhere.
 */
export async function* pruneOnce(
  of: { readonly model: GcnnModel; readonly accuracy: number },
  dataset: Dataset,
  splits: Splits,
  choice: FieldChoice,
  measure: Measure,
  checkpointing: Checkpointing,
  step: number,
  known?: readonly RankingStatistics[],
  given?: KeptChoice,
): Stage<PrunedFields> {
  const { model } = of;
  const began = performance.now();
  const loaded = await loadChoice(checkpointing, step);
  const decided = loaded ?? given;
  const target = decided ? { kept: decided.kept } : choice.target;
  const chosen = yield* chooseFields(model, dataset, splits.train, { ...choice, target }, measure, known);
  const { reached } = decided ?? chosen;
  if (!loaded) {
    const kept = chosen.kept.map((fields) => Array.from(fields));
    await saveChoice(checkpointing, step, { kept, reached }, of, (performance.now() - began) / 1000);
  }
  return yield* removeFields(model, dataset, splits.train, choice, { ...chosen, reached });
}

/** Every field of a network, as what is kept. */
export const allFields = ({ arch }: GcnnModel): Uint32Array[] =>
  arch.blocks.map(({ fields: length }) => Uint32Array.from({ length }, (_, field) => field));

/** Reports the steps that were done before, so that whoever follows the run sees them all. */
async function* replayRounds(rounds: readonly Round[], steps: number): Stage<void> {
  for (const [i, { start, ...end }] of rounds.entries()) {
    yield { type: 'pruned', step: i + 1, steps, accuracy: start, end };
  }
}

/** What is to be left after a step, as a share of the unpruned network. */
function stepTarget(
  target: FieldChoice['target'],
  { arch }: GcnnModel,
  step: number,
  steps: number,
): FieldChoice['target'] {
  if ('kept' in target) {
    if (steps === 1) return target;
    throw new BadInput(
      'Fields that were named one by one go in one step: leave out the steps, or give a ratio.',
    );
  }
  if ('ratio' in target) {
    const of = arch.blocks.map(({ fields }) => fields);
    return { ratio: stepRatios(target.ratio, steps)[step - 1], of };
  }
  const { budget } = target;
  return { budget: { ...budget, share: power(budget.share, step / steps), from: arch } };
}
