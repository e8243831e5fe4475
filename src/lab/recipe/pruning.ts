/** The stages that prune: every cell once, in one shot or in steps, fine-tuned where too much was lost. */
import { totalCost } from '../evaluate/cost';
import { latencies, latencyOf } from '../evaluate/latency';
import { rotationCheck } from '../evaluate/rotation';
import type { GcnnModel } from '../families/gcnn/model';
import { type PruneChoice, prune } from '../prune/neurons/prune';
import { checkHead, openStudy, type Study } from '../prune/neurons/study';
import { pruneFieldsInSteps, pruneNeuronsInSteps } from '../prune/tuning/steps';
import { finetuneInStudy, type TuningTarget, teacherLogits } from '../prune/tuning/tuning';
import { deadUnits } from '../prune/units/statistics';
import { secondsSince } from '../runtime/stopwatch';
import type { Stage } from '../stage/events';
import { keepingCheckpoints, type StageRecord } from '../stage/store';
import { type FinetuneSettings, finetuneSettingsSchema } from '../train/settings';
import { type CellNames, cellNames, type FieldCell, fieldCells, pruneChoices, takenByName } from './plan';
import type { Run } from './run';
import type { RecipeStage } from './schema';

type Of<Kind extends RecipeStage['kind']> = Extract<RecipeStage, { kind: Kind }>;

export function pruneStage(
  run: Run,
  model: GcnnModel,
  stage: Of<'prune'>,
  suffix: string,
): Stage<StageRecord[]> {
  const cells = pruneChoices(stage, run.recipe.seed).map((choice) => ({
    choice,
    names: cellNames(choice, suffix, stage.steps),
  }));
  return allCells(run, model, stage, cells, (study, { choice, names }) =>
    pruneCell(run, study, choice, names, stage),
  );
}

export function pruneFieldsStage(
  run: Run,
  model: GcnnModel,
  stage: Of<'prune-fields'>,
  suffix: string,
): Stage<StageRecord[]> {
  const cells = fieldCells(stage, run.recipe.seed, suffix);
  return allCells(run, model, stage, cells, (study, cell) => fieldsCell(run, study, cell, stage));
}

/** Runs every cell that the store does not have, on one study of the unpruned network. */
async function* allCells<Cell extends { readonly names: CellNames }>(
  { store, dataset, splits }: Run,
  model: GcnnModel,
  { finetune }: Pick<Of<'prune'>, 'finetune'>,
  cells: readonly Cell[],
  runCell: (study: Study, cell: Cell) => Stage<StageRecord[]>,
): Stage<StageRecord[]> {
  let study: Study | undefined;
  const records: StageRecord[] = [];
  for (const [i, cell] of cells.entries()) {
    const pruned = await store.loadStage(cell.names.prune);
    const tuned = finetune ? await store.loadStage(cell.names.finetune) : undefined;
    if (pruned && (tuned || !finetune)) {
      records.push(pruned.record, ...(tuned ? [tuned.record] : []));
    } else {
      study ??= yield* openStudy(model, dataset, splits);
      records.push(...(yield* runCell(study, cell)));
    }
    yield { type: 'progress', what: 'prunings', done: i + 1, total: cells.length };
  }
  return records;
}

async function* pruneCell(
  run: Run,
  study: Study,
  choice: PruneChoice,
  names: CellNames,
  { steps, finetune }: Of<'prune'>,
): Stage<StageRecord[]> {
  const { method, compensation, cascade, ratio } = choice;
  const began = performance.now();
  const towards = { baseline: study.baseline.accuracy };
  const inSteps =
    steps && finetune
      ? yield* pruneNeuronsInSteps(study, choice, {
          steps,
          settings: finetune,
          seed: run.recipe.seed,
          towards,
        })
      : { ...prune(study.model, choice, study.statistics), study, rounds: undefined };
  const { model, kept, rounds } = inSteps;
  const own = { method, compensation, cascade, ratio };
  const record = {
    name: names.prune,
    ...(await checkHead(inSteps.study.turns, model)),
    ...totalCost(model.arch),
    seconds: secondsSince(began),
    ...own,
    units: study.model.arch.head.hidden,
    dead: deadUnits(study.statistics),
    kept: Array.from(kept),
    ...(rounds && { rounds }),
  };
  // The steps may have left another trunk, whose study then is not that of the unpruned network.
  const teacher = steps && finetune ? await teacherLogits(study, finetune) : undefined;
  const reference = { ...towards, start: record.accuracy, teacher };
  return yield* keptAndTuned(run, inSteps.study, model, record, names, finetune, reference, own);
}

async function* fieldsCell(
  run: Run,
  study: Study,
  { choice, ratio, names }: FieldCell,
  { steps = 1, finetune, budget }: Of<'prune-fields'>,
): Stage<StageRecord[]> {
  const { dataset, splits, recipe } = run;
  const began = performance.now();
  const settings = finetune ?? finetuneSettingsSchema.parse({});
  const teacher = await teacherLogits(study, settings);
  const towards = { baseline: study.baseline.accuracy, teacher };
  const {
    model,
    kept,
    rounds,
    study: pruned,
  } = yield* pruneFieldsInSteps(study.model, dataset, splits, choice, latencyOf, {
    steps,
    settings,
    seed: recipe.seed,
    towards,
  });
  const own = { method: choice.method, compensation: choice.compensation, ratio, budget };
  const [before, after] = await latencies([study.model.arch, model.arch]);
  const record = {
    name: names.prune,
    ...(yield* quarterCheck(pruned, model)),
    ...totalCost(model.arch),
    seconds: secondsSince(began),
    ...own,
    fields: study.model.arch.blocks.map(({ fields }) => fields),
    kept: kept.map((fields) => Array.from(fields)),
    /** Seconds per tile of a forward pass here, measured in turn. */
    latency: { before, after },
    ...(rounds.length > 0 && { rounds }),
  };
  const reference = { ...towards, start: record.accuracy };
  return yield* keptAndTuned(run, pruned, model, record, names, finetune, reference, own);
}

/** Keeps a pruned network's record, and fine-tunes it where the stage says so. study: of the pruned network's trunk. */
async function* keptAndTuned(
  { recipe, store }: Run,
  study: Study,
  model: GcnnModel,
  pruned: StageRecord,
  names: CellNames,
  settings: FinetuneSettings | null,
  towards: TuningTarget,
  own: Readonly<Record<string, unknown>>,
): Stage<StageRecord[]> {
  // Where fine-tuning follows, the network before it is kept only if a stage wants it.
  const isKept = !settings || takenByName(recipe).has(names.prune);
  await store.saveStage(pruned, isKept ? model : undefined);
  if (!settings) return [pruned];
  const began = performance.now();
  // Only whole-network fine-tuning is long enough to be worth a checkpoint each epoch.
  const long = settings.scope === 'network';
  const resume = long ? await store.loadCheckpoint(names.finetune) : undefined;
  const before = (resume?.history ?? []).reduce((sum, { seconds }) => sum + seconds, 0);
  const stage = finetuneInStudy(study, model, towards, settings, recipe.seed, resume);
  const { model: tunedModel, ...result } = yield* long
    ? keepingCheckpoints(stage, store, names.finetune)
    : stage;
  // Whole-network fine-tuning moves the trunk, so its features are not the study's any more.
  const check =
    long && result.triggered
      ? yield* quarterCheck(study, tunedModel)
      : await checkHead(study.turns, tunedModel);
  const tuned = {
    name: names.finetune,
    ...check,
    ...totalCost(model.arch),
    seconds: before + secondsSince(began),
    ...own,
    scope: settings.scope,
    ...result,
  };
  await store.saveStage(tuned, tunedModel);
  return [pruned, tuned];
}

async function* quarterCheck({ dataset, splits }: Study, model: GcnnModel) {
  const {
    angles,
    equivarianceError,
    upright: _,
    ...agreement
  } = yield* rotationCheck(model, dataset, splits.val, [0, 90, 180, 270]);
  const turned = angles.map(({ accuracy }) => accuracy);
  return { accuracy: turned[0], turned, ...agreement, equivarianceError };
}
