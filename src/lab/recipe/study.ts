/**
 * The stage that prunes the network at hand in many ways (studyPlan.ts) and measures each network: on validation tiles,
 * which fine-tuning goes by, and on test tiles, which choose nothing. What the ways have in common is computed once.
 */
import { accuracyOf, agreementOf } from '../evaluate/agreement';
import { layerCosts, totalCost } from '../evaluate/cost';
import { decide } from '../evaluate/decide';
import { equivarianceErrors } from '../evaluate/equivariance';
import { featuresOf, logitsFromFeatures } from '../evaluate/features';
import { latencyOf } from '../evaluate/latency';
import { ERROR_TILES, rotationCheck } from '../evaluate/rotation';
import type { ArchSpec } from '../families/gcnn/arch';
import { headInputs } from '../families/gcnn/layout';
import type { GcnnModel } from '../families/gcnn/model';
import { normalisedTiles } from '../nn/batch';
import { brokenFields, chooseChannels, silence } from '../prune/counterexamples/channels';
import { pruneFields } from '../prune/fields/prune';
import { fieldStatistics } from '../prune/fields/statistics';
import { prune } from '../prune/neurons/prune';
import { type NeuronStatistics, statisticsOf } from '../prune/neurons/statistics';
import { pruneOrbits } from '../prune/orbits/prune';
import { finetuneInStudy } from '../prune/tuning/tuning';
import type { RankingStatistics } from '../prune/units/statistics';
import { secondsSince } from '../runtime/stopwatch';
import type { Stage } from '../stage/events';
import { keepingCheckpoints, type StageRecord } from '../stage/store';
import { GROUPS, QUARTER_TURNS } from '../symmetry/group';
import { type Examples, labelsOf } from '../train/problem';
import type { Run } from './run';
import {
  type StudyCell,
  type StudyStage,
  studyName,
  studyNetworks,
  studyTasks,
  type Tuning,
} from './studyPlan';

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

/** Makes and measures every network that the store does not have. */
export async function* studyStage(
  run: Run,
  model: GcnnModel,
  stage: StudyStage,
  suffix: string,
): Stage<StageRecord[]> {
  const { store } = run;
  const records: StageRecord[] = [];
  let whole: Whole | undefined;
  let done = 0;
  const total = studyNetworks(stage).length;
  for (const { cell, tunings } of studyTasks(stage)) {
    const names = tunings.map((tuning) => studyName(cell, tuning, suffix));
    const kept = await Promise.all(names.map((name) => store.loadStage(name)));
    if (kept.every((each) => each !== undefined)) {
      records.push(...kept.map((each) => each!.record));
    } else {
      whole ??= yield* openWhole(run, model, stage);
      records.push(...(yield* runCell(run, whole, stage, cell, tunings, suffix)));
    }
    done += names.length;
    yield { type: 'progress', what: 'prunings', done, total };
  }
  return records;
}

async function* openWhole(run: Run, model: GcnnModel, stage: StudyStage): Stage<Whole> {
  const { dataset, splits } = run;
  const features = yield* featuresOfAll(run, model);
  return {
    model,
    features,
    baseline: await validationAccuracy(model, features),
    teacher: await logitsFromFeatures(model, features.train.values),
    neurons: stage.neurons && (await statisticsOf(model, features.train)),
    fields: stage.fields && (yield* fieldStatistics(model, dataset, splits.train)),
  };
}

async function* featuresOfAll({ dataset, splits }: Run, model: GcnnModel): Stage<Features> {
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
async function* runCell(
  run: Run,
  whole: Whole,
  stage: StudyStage,
  cell: StudyCell,
  tunings: readonly Tuning[],
  suffix: string,
): Stage<StageRecord[]> {
  const { store, dataset, splits, recipe } = run;
  let began = performance.now();
  if (cell.units === 'channels') {
    const record = yield* brokenRecord(run, whole, cell, studyName(cell, 'none', suffix));
    await store.saveStage(record);
    return [record];
  }
  const { model, kept } = yield* pruned(run, whole, cell);
  const features = cell.units === 'neurons' ? whole.features : yield* featuresOfAll(run, model);
  const start = await validationAccuracy(model, features);
  const common = {
    ...totalCost(model.arch),
    ...cell,
    convParams: { before: convParams(whole.model.arch), after: convParams(model.arch) },
    baseline: whole.baseline,
  };
  const records: StageRecord[] = [];
  for (const tuning of tunings) {
    const name = studyName(cell, tuning, suffix);
    const finished = await store.loadStage(name);
    if (finished) {
      records.push(finished.record);
      continue;
    }
    const settings = tuning === 'network' ? stage.network!.settings : stage.head!;
    let [tuned, after, own]: [GcnnModel, Features, object] = [model, features, { kept }];
    let accuracy = start;
    if (tuning !== 'none') {
      const ground = {
        model: whole.model,
        dataset,
        splits,
        train: features.train,
        turns: [features.validation],
      };
      const towards = { baseline: whole.baseline, start, teacher: whole.teacher };
      const long = tuning === 'network';
      const resume = long ? await store.loadCheckpoint(name) : undefined;
      const fine = finetuneInStudy(
        ground,
        model,
        towards,
        { ...settings, scope: tuning },
        recipe.seed,
        resume,
      );
      const { model: better, ...result } = yield* long ? keepingCheckpoints(fine, store, name) : fine;
      tuned = better;
      accuracy = result.accuracy;
      own = result;
      if (long && better !== model) after = yield* featuresOfAll(run, better);
    }
    const record = {
      name,
      accuracy,
      seconds: secondsSince(began),
      tuning,
      ...common,
      ...own,
      test: await testOf(run, tuned, after),
    };
    await store.saveStage(record, tuned);
    records.push(record);
    began = performance.now();
  }
  return records;
}

async function* pruned(
  { dataset, splits, recipe: { seed } }: Run,
  whole: Whole,
  cell: Exclude<StudyCell, { units: 'channels' }>,
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
      latencyOf,
      whole.fields,
    );
    return { model, kept: kept.map((fields) => Array.from(fields)) };
  }
  let model = whole.model;
  const all: number[][] = [];
  for (let block = 1; block <= model.arch.blocks.length; block++) {
    const target = cell.ratio === 'ring' ? cell.ratio : { method: cell.method, ratio: cell.ratio, seed };
    const { model: smaller, kept } = pruneOrbits(model, { block, target });
    model = smaller;
    all.push(Array.from(kept));
  }
  return { model, kept: all };
}

/** The counter-example, which no smaller network shows: its channels are silenced. */
async function* brokenRecord(
  { dataset, splits, recipe: { seed } }: Run,
  { model, baseline }: Whole,
  cell: Extract<StudyCell, { units: 'channels' }>,
  name: string,
): Stage<StageRecord> {
  const began = performance.now();
  const removed = yield* chooseChannels(model, dataset, splits.train, { ...cell, block: cell.layer, seed });
  const broken = silence(model, cell.layer, removed);
  const onValidation = yield* rotationCheck(broken, dataset, splits.val, [0]);
  const { upright, ...check } = yield* rotationCheck(broken, dataset, splits.test, [0, 90, 180, 270]);
  return {
    name,
    accuracy: onValidation.angles[0].accuracy,
    ...totalCost(model.arch),
    seconds: secondsSince(began),
    tuning: 'none',
    ...cell,
    baseline,
    removed: Array.from(removed),
    brokenFields: brokenFields(removed, GROUPS[model.arch.group].order),
    test: { split: 'test', accuracy: check.angles[0].accuracy, ...check, answers: Array.from(upright) },
  };
}

async function validationAccuracy(model: GcnnModel, { validation }: Features): Promise<number> {
  const logits = await logitsFromFeatures(model, validation.values);
  return accuracyOf(decide(logits, model.arch.classes).answers, validation.labels);
}

/** In the form of a rotation check's record, from cached features. */
async function testOf({ dataset, splits }: Run, model: GcnnModel, { test }: Features) {
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

const convParams = (arch: ArchSpec): number =>
  layerCosts(arch).reduce((sum, { kind, params }) => sum + (kind === 'dense' ? 0 : params), 0);
