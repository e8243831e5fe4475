/** Running a recipe in a folder, and telling what came of it. */
import type { Dataset } from '../src/lab/data/dataset';
import { SPLIT_NAMES } from '../src/lab/data/parts';
import { datasetHash } from '../src/lab/data/tiles';
import { BadInput } from '../src/lab/errors';
import type { Beginning } from '../src/lab/recipe/beginning';
import { costBefore } from '../src/lab/recipe/costBefore';
import { bestSoFar, type RunReport, runRecipe } from '../src/lab/recipe/pipeline';
import { type Given, type Prepared, prepare, requireDifferentTiles } from '../src/lab/recipe/prepare';
import { idsOf } from '../src/lab/recipe/run';
import type { Recipe } from '../src/lab/recipe/schema';
import { trainingPlanOf } from '../src/lab/recipe/trainingPlan';
import { notesOf } from '../src/lab/stage/store';
import { Astray } from '../src/lab/train/astray';
import { costSentence } from '../src/lab/train/costWords';
import type { TrainingCost } from '../src/lab/train/trainingCost';
import { startNodeBackend } from './node/backend';
import { openDataset, tellNotes } from './node/data';
import { createProgressLines } from './node/progress';
import { runStage } from './node/runStage';
import { type FolderStore, folderStore } from './node/runStore';
import { columns, exportedCell, percent } from './node/table';
import { inSession } from './sessions';
import { type OutputOptions, print } from './work';

export interface RunOptions extends OutputOptions {
  readonly data: string;
  readonly out: string;
  readonly events?: boolean;
}

export interface FolderReport extends RunReport {
  readonly backend: string;
  /** Files of the networks there. */
  readonly models: readonly string[];
  /** Folders of reports on them; absent where none were asked for. */
  readonly reports?: readonly string[];
}

/** Runs a recipe (or what is one for the tiles at hand) in the folder `out`, or goes on there. `given`: the networks that it begins with; `known`: steps that are done already, which are not reported. */
export async function runInFolder(
  asked: Recipe | ((dataset: Dataset) => Recipe),
  options: RunOptions,
  given: readonly Given[] = [],
  known: (dataset: Dataset) => Beginning['known'] = () => [],
): Promise<FolderReport> {
  const wish = typeof asked === 'function' ? undefined : asked.bands;
  const bands = wish ?? given[0]?.model.arch.input.bands?.numbers;
  const dataset: Dataset = await openDataset(options.data, { bands, ...tellNotes(options) });
  const recipe = typeof asked === 'function' ? asked(dataset) : asked;
  const prepared = prepare(recipe, dataset, given);
  // Before anything is written.
  requireDifferentTiles(prepared);
  const data = datasetHash(dataset);
  const store = await folderStore(options.out, { recipe, data });
  const { backend } = await startNodeBackend();
  const cost = store.models.size > 0 ? null : await runStage(costBefore(prepared), { quiet: true });
  if (cost && !options.quiet)
    process.stderr.write(`${costSentence(cost, trainingPlanOf(prepared)!.epochs)}\n`);
  const done = known(dataset);
  for (const { record, model } of done)
    if (!(await store.loadStage(record.id!))) await store.saveStage(record, model);
  const bar = options.events ? createProgressLines() : undefined;
  const stages = () => runStage(runRecipe(prepared, store, data), options, bar);
  const report = await inSession(options.out, backend, stages).catch(async (error: unknown) => {
    throw error instanceof Astray ? await withBest(error, prepared, store, data) : error;
  });
  return { ...report, stages: report.stages.slice(done.length), backend, models: [...store.models.values()] };
}

/** What the first training of a recipe would take here; nothing is written. Throws `BadInput` where its memory would not do. */
export async function costOfRecipe(
  recipe: Recipe,
  options: Pick<RunOptions, 'data' | 'quiet'>,
): Promise<{ readonly cost: TrainingCost; readonly epochs: number }> {
  const dataset = await openDataset(options.data, { bands: recipe.bands, ...tellNotes(options) });
  const prepared = prepare(recipe, dataset);
  await startNodeBackend();
  const cost = await runStage(costBefore(prepared, true), options);
  return { cost: cost!, epochs: trainingPlanOf(prepared)!.epochs };
}

/** Writes the best network of a training that went astray, and tells where it is. */
async function withBest(
  error: Astray,
  prepared: Prepared,
  store: FolderStore,
  data: string,
): Promise<BadInput> {
  const ids = idsOf(prepared, data);
  for (const { name, kind } of prepared.planned) {
    const checkpoint =
      kind === 'train' || kind === 'continue' ? await store.loadCheckpoint(ids.get(name)!) : undefined;
    if (!checkpoint || checkpoint.history.length === 0) continue;
    const file = await store.saveNetwork(`${name} best so far`, bestSoFar(prepared, checkpoint));
    return new BadInput(`${error.message} Its network is in "${file}".`, { cause: error });
  }
  return error;
}

/** The report as JSON, or as a table. */
export function printReport(report: FolderReport, options: RunOptions): void {
  const { recipe, data, stages, backend, models, reports } = report;
  const isUneven = stages.some(({ balanced }) => balanced !== undefined);
  print(report, options, () => [
    `${recipe.name} on ${data.title}, seed ${recipe.seed}, ${backend}`,
    ...(data.official
      ? [`the data's own parts: ${SPLIT_NAMES.map((part) => `${data.splits[part]} ${part}`).join(', ')}`]
      : []),
    '',
    ...columns([
      [
        'stage',
        'accuracy',
        ...(isUneven ? ['balanced'] : []),
        'agreement',
        'parameters',
        'multiply-adds',
        'bytes stored here',
        'bytes exported',
        'seconds',
      ],
      ...stages.map((stage) => [
        stage.name,
        percent(stage.accuracy),
        ...(isUneven ? [typeof stage.balanced === 'number' ? percent(stage.balanced) : '–'] : []),
        typeof stage.agreement === 'number' ? percent(stage.agreement) : '–',
        stage.params,
        stage.macs,
        stage.bytes,
        exportedCell(stage),
        stage.seconds.toFixed(1),
      ]),
    ]),
    '',
    ...stages.flatMap((stage) => notesOf(stage).flatMap((note) => [note, ''])),
    `${models.length} ${models.length === 1 ? 'model' : 'models'} in ${options.out}`,
    ...(reports ?? []).map((folder) => `a report in ${folder}`),
  ]);
}
