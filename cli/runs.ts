/** Running a recipe in a folder, and telling what came of it. */
import type { Dataset } from '../src/lab/data/dataset';
import { SPLIT_NAMES } from '../src/lab/data/parts';
import { datasetHash } from '../src/lab/data/tiles';
import { type RunReport, runRecipe } from '../src/lab/recipe/pipeline';
import { type Given, prepare } from '../src/lab/recipe/prepare';
import type { Recipe } from '../src/lab/recipe/schema';
import { startNodeBackend } from './node/backend';
import { openDataset, tellNotes } from './node/data';
import { createProgressLines } from './node/progress';
import { runStage } from './node/runStage';
import { folderStore } from './node/runStore';
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
}

/** Runs a recipe in the folder `out`, or goes on there. `given`: the networks that it begins with. */
export async function runInFolder(
  recipe: Recipe,
  options: RunOptions,
  given: readonly Given[] = [],
): Promise<FolderReport> {
  const dataset: Dataset = await openDataset(options.data, tellNotes(options));
  const prepared = prepare(recipe, dataset, given);
  const data = datasetHash(dataset);
  const store = await folderStore(options.out, { recipe, data });
  const { backend } = await startNodeBackend();
  const bar = options.events ? createProgressLines() : undefined;
  const stages = () => runStage(runRecipe(prepared, store, data), options, bar);
  const report = await inSession(options.out, backend, stages);
  return { ...report, backend, models: [...store.models.values()] };
}

/** The report as JSON, or as a table. */
export function printReport(report: FolderReport, options: RunOptions): void {
  const { recipe, data, stages, backend, models } = report;
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
        typeof stage.agreement === 'number' ? percent(stage.agreement) : '–',
        stage.params,
        stage.macs,
        stage.bytes,
        exportedCell(stage),
        stage.seconds.toFixed(1),
      ]),
    ]),
    '',
    `${models.length} models in ${options.out}`,
  ]);
}
