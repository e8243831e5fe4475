import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { datasetHash } from '../../src/lab/data/tiles';
import { CONVERTED, readRecipe } from '../../src/lab/recipe/parse';
import { runRecipe } from '../../src/lab/recipe/pipeline';
import { prepare } from '../../src/lab/recipe/prepare';
import { preset } from '../../src/lab/recipe/presets';
import type { Recipe } from '../../src/lab/recipe/schema';
import { startNodeBackend } from '../backend';
import { openDataset } from '../data';
import { readJson } from '../files';
import { toldProgress } from '../progress';
import { folderStore } from '../runStore';
import { inSession } from '../sessions';
import { columns, type OutputOptions, percent, print, runStage, wholeOption } from '../work';

interface Options extends OutputOptions {
  data: string;
  out: string;
  seed?: number;
  events?: boolean;
}

/** `run <preset or recipe.json>`: every stage of a recipe, each kept as soon as it is finished. */
export function run(program: Command): void {
  program
    .command('run <recipe>')
    .description('run a preset or a recipe file; a second run with the same --out resumes')
    .requiredOption('--data <ref>', 'dataset: a name, a folder, a zip')
    .requiredOption('--out <dir>', 'folder for stages, models and checkpoints')
    .option(
      '--seed <n>',
      'seed of initial weights, shuffling, dropout and random pruning',
      wholeOption('seed', 0),
    )
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .option('--events', 'instead of a bar: each epoch and stage as a line of JSON on standard error')
    .action(async (reference: string, options: Options) => {
      const recipe = await openRecipe(reference, options.seed);
      const dataset = await openDataset(options.data);
      const prepared = prepare(recipe, dataset);
      const store = await folderStore(options.out, { recipe, data: datasetHash(dataset) });
      const { backend } = await startNodeBackend();
      const bar = options.events ? toldProgress() : undefined;
      const stages = () => runStage(runRecipe(prepared, store), options, bar);
      const report = await inSession(options.out, backend, stages);
      const models = [...store.models.values()];
      print({ ...report, backend, models }, options, () => [
        `${recipe.name} on ${report.data.title}, seed ${recipe.seed}, ${backend}`,
        '',
        ...columns([
          ['stage', 'accuracy', 'agreement', 'parameters', 'multiply-adds', 'seconds'],
          ...report.stages.map((stage) => [
            stage.name,
            percent(stage.accuracy),
            typeof stage.agreement === 'number' ? percent(stage.agreement) : '–',
            stage.params,
            stage.macs,
            stage.seconds.toFixed(1),
          ]),
        ]),
        '',
        `${models.length} models in ${options.out}`,
      ]);
    });
}

async function openRecipe(reference: string, seed: number | undefined): Promise<Recipe> {
  const recipe =
    existsSync(reference) || reference.endsWith('.json')
      ? parseRecipe(await readJson(reference))
      : preset(reference);
  return seed === undefined ? recipe : { ...recipe, seed };
}
