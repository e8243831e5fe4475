/**
 * The stage that prunes the network at hand in many ways (studyPlan.ts) and measures each network: on validation tiles,
 * which fine-tuning goes by, and on test tiles, which choose nothing. What the ways have in common is computed once.
 */
import type { Splits } from '../../data/dataset';
import { accuracyOf, agreementOf } from '../../evaluate/agreement';
import { layerCosts } from '../../evaluate/cost';
import { decide } from '../../evaluate/decide';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { featuresOf, logitsFromFeatures } from '../../evaluate/features';
import { latencies } from '../../evaluate/latency';
import { ERROR_TILES, QUARTERS, rotationCheck } from '../../evaluate/rotation';
import { headInputs } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { requireHidden } from '../../families/units';
import type { AnyArch } from '../../nn/arch';
import { normalisedTiles } from '../../nn/batch';
import { brokenFields, chooseChannels, silence } from '../../prune/counterexamples/channels';
import { pruneFields } from '../../prune/fields/prune';
import { fieldStatistics } from '../../prune/fields/statistics';
import { prune } from '../../prune/neurons/prune';
import { type NeuronStatistics, statisticsOf } from '../../prune/neurons/statistics';
import { pruneOrbitsOf } from '../../prune/orbits/prune';
import { type FinetuneResult, finetuneInStudy } from '../../prune/tuning/tuning';
import type { RankingStatistics } from '../../prune/units/statistics';
import { secondsSince } from '../../runtime/stopwatch';
import type { Stage } from '../../stage/events';
import { keepingCheckpoints } from '../../stage/store';
import { GROUPS, QUARTER_TURNS } from '../../symmetry/group';
import { type Examples, labelsOf } from '../../train/problem';
import type { Figures, Run } from '../run';
import { type BlockCell, isBlockCell, type StudyCell, studyNetworks } from '../studyPlan';
import { studyBlocks } from './studyBlocks';
import { byCell, type StudyPlanned, type StudyRun } from './studyRun';

/** Head inputs of a network's trunk. */
interface Features {
  readonly train: Examples;
  readonly validation: Examples;
  /** At 0°, 90°, 180° and 270°. */
  readonly test: readonly Examples[];
}

/** The unpruned network and what was worked out of it. */
interface Whole {
  readonly model: GcnnModel;
  readonly features: Features;
  /** Validation accuracy, and logits on the training tiles. */
  readonly baseline: number;
  readonly teacher: Float32Array;
  readonly neurons?: NeuronStatistics;
  readonly fields?: readonly RankingStatistics[];
}

/** Makes and measures every network that is missing. */
export async function* study(given: StudyRun): Stage<void> {
  const { missing, stage } = given;
  if (missing.some(({ step }) => isBlockCell(step.cell))) return yield* studyBlocks(given);
  const total = studyNetworks(stage).length;
  let done = total - missing.length;
  let whole: Whole | undefined;
  for (const tunings of byCell(missing)) {
    whole ??= yield* openWhole(given);
    yield* doCell(given, whole, tunings);
    done += tunings.length;
    yield { type: 'progress', what: 'prunings', done, total };
  }
}

async function* openWhole({ run, splits, input, stage }: StudyRun): Stage<Whole> {
  const model = requireHidden(input);
  const features = yield* featuresOfAll(run, splits, model);
  return {
    model,
    features,
    baseline: await validationAccuracy(model, features),
    teacher: await logitsFromFeatures(model, features.train.values),
    neurons: stage.neurons && (await statisticsOf(model, features.train)),
    fields: stage.fields && (yield* fieldStatistics(model, run.dataset, splits.train)),
  };
}

async function* featuresOfAll({ dataset }: Run, splits: Splits, model: GcnnModel): Stage<Features> {
  const width = headInputs(model.arch);
  const { train, val, test } = splits;
  const turns: Examples[] = [];
  for (const turn of QUARTER_TURNS) {
    const values = yield* featuresOf(model, dataset, test, turn);
    turns.push({ values, width, labels: labelsOf(dataset, test) });
  }
  return {
    train: { values: yield* featuresOf(model, dataset, train), width, labels: labelsOf(dataset, train) },
    validation: { values: yield* featuresOf(model, dataset, val), width, labels: labelsOf(dataset, val) },
    test: turns,
  };
}

/** One way to prune, with some of its fine-tunings, every one from the network pruned at once. */
async function* doCell(
  given: StudyRun,
  whole: Whole,
  [first, ...others]: readonly StudyPlanned[],
): Stage<void> {
  const { run, splits, save } = given;
  let began = performance.now();
  const { cell } = first.step;
  if (cell.units === 'channels') {
    await save(first, yield* brokenFigures(given, whole, cell, first.seed), null);
    return;
  }
  if (isBlockCell(cell)) throw new Error('Blocks are studied elsewhere.');
  const { model, kept } = yield* pruned(given, whole, cell, first.seed);
  const features = cell.units === 'neurons' ? whole.features : yield* featuresOfAll(run, splits, model);
  const start = await validationAccuracy(model, features);
  const common = {
    ...cell,
    convParams: { before: convParams(whole.model.arch), after: convParams(model.arch) },
    baseline: whole.baseline,
  };
  for (const planned of [first, ...others]) {
    const { tuning } = planned.step;
    let [tuned, after, own, accuracy]: [GcnnModel, Features, object, number] = [
      model,
      features,
      { kept },
      start,
    ];
    if (tuning !== 'none') {
      const { model: better, ...result } = yield* tunedBy(given, whole, planned, { model, features, start });
      [tuned, own, accuracy] = [better, result, result.accuracy];
      if (tuning === 'network' && better !== model) after = yield* featuresOfAll(run, splits, better);
    }
    const test = await testOf(given, tuned, after);
    const seconds = secondsSince(began);
    await save(planned, { accuracy, seconds, tuning, ...common, ...own, test }, tuned);
    began = performance.now();
  }
}

/** A pruned network fine-tuned as a step of the study says. */
async function* tunedBy(
  { run, splits }: StudyRun,
  whole: Whole,
  { step: { tuning, settings }, name, seed }: StudyPlanned,
  {
    model,
    features,
    start,
  }: { readonly model: GcnnModel; readonly features: Features; readonly start: number },
): Stage<FinetuneResult> {
  const { store, dataset, ids } = run;
  const key = ids.get(name)!;
  const { train, validation } = features;
  const ground = { model: whole.model, dataset, splits, train, turns: [validation] };
  const towards = { baseline: whole.baseline, start, teacher: whole.teacher };
  const long = tuning === 'network';
  const scope = long ? tuning : ('head' as const);
  const resume = long ? await store.loadCheckpoint(key) : undefined;
  const tuned = finetuneInStudy(ground, model, towards, { ...settings!, scope }, seed, resume);
  return yield* long ? keepingCheckpoints(tuned, store, key) : tuned;
}

async function* pruned(
  { run: { dataset }, splits }: StudyRun,
  whole: Whole,
  cell: Exclude<StudyCell, { units: 'channels' } | BlockCell>,
  seed: number,
): Stage<{ model: GcnnModel; kept: number[][] }> {
  if (cell.units === 'neurons') {
    const { model, kept } = prune(whole.model, { ...cell, seed }, whole.neurons!);
    return { model, kept: [Array.from(kept)] };
  }
  if (cell.units === 'fields') {
    const choice = { ...cell, target: { ratio: cell.ratio }, seed };
    const { model, kept } = yield* pruneFields(
      whole.model,
      dataset,
      splits.train,
      choice,
      latencies,
      whole.fields,
    );
    return { model, kept: kept.map((fields) => Array.from(fields)) };
  }
  const target = cell.ratio === 'ring' ? cell.ratio : { method: cell.method, ratio: cell.ratio, seed };
  return pruneOrbitsOf(whole.model, target);
}

/** The counter-example, which no smaller network shows: its channels are silenced. */
async function* brokenFigures(
  { run: { dataset }, splits }: StudyRun,
  { model, baseline }: Whole,
  cell: Extract<StudyCell, { units: 'channels' }>,
  seed: number,
): Stage<Figures> {
  const began = performance.now();
  const removed = yield* chooseChannels(model, dataset, splits.train, { ...cell, block: cell.layer, seed });
  const broken = silence(model, cell.layer, removed);
  const onValidation = yield* rotationCheck(broken, dataset, splits.val, [0]);
  const { each, ...check } = yield* rotationCheck(broken, dataset, splits.test, QUARTERS);
  return {
    accuracy: onValidation.angles[0].accuracy,
    seconds: secondsSince(began),
    tuning: 'none',
    ...cell,
    baseline,
    removed: Array.from(removed),
    brokenFields: brokenFields(removed, GROUPS[model.arch.group].order),
    test: { split: 'test', accuracy: check.angles[0].accuracy, ...check, answers: Array.from(each.upright) },
  };
}

async function validationAccuracy(model: GcnnModel, { validation }: Features): Promise<number> {
  const logits = await logitsFromFeatures(model, validation.values);
  return accuracyOf(decide(logits, model.arch.classes).answers, validation.labels);
}

/** In the form of a rotation check's record, from cached features. */
async function testOf({ run: { dataset }, splits }: StudyRun, model: GcnnModel, { test }: Features) {
  const decided = [];
  for (const { values } of test)
    decided.push(decide(await logitsFromFeatures(model, values), model.arch.classes));
  const angles = decided.map(({ answers }, turn) => ({
    degrees: 90 * turn,
    accuracy: accuracyOf(answers, test[turn].labels),
  }));
  const sample = normalisedTiles(dataset, splits.test.subarray(0, ERROR_TILES), model.normalisation);
  return {
    split: 'test',
    accuracy: angles[0].accuracy,
    angles,
    ...agreementOf(
      decided.map(({ answers }) => answers),
      decided.map(({ undecided }) => undecided),
    ),
    equivarianceError: await equivarianceErrors(model, sample),
    answers: Array.from(decided[0].answers),
  };
}

const convParams = (arch: AnyArch): number =>
  layerCosts(arch).reduce((sum, { kind, params }) => sum + (kind === 'dense' ? 0 : params), 0);
