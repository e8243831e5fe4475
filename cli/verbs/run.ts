import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import type { BandWish } from '../../src/lab/pictures/bands';
import { CONVERTED, readRecipe } from '../../src/lab/recipe/parse';
import type { Given } from '../../src/lab/recipe/prepare';
import { PRESET_NAMES, preset } from '../../src/lab/recipe/presets';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { isFolder, readJson } from '../node/files';
import { openAnyModel } from '../node/models';
import {
  AS_JSON,
  bandsOption,
  DATA,
  isOnQueue,
  onOption,
  QUIET,
  type QueueOptions,
  seedOption,
  storeOption,
  typedCommand,
} from '../options';
import { printReport, type RunOptions, runInFolder } from '../runs';
import { requireReport } from './evaluateReport';
import { writeRunReports } from './runReports';

interface Options extends RunOptions, QueueOptions {
  readonly seed?: number;
  readonly network?: readonly string[];
  readonly bands?: BandWish;
  readonly report?: string;
}

/** `run <preset or recipe.json>`: every stage of a recipe, each kept as soon as it is finished. */
export function run(program: Command): void {
  program
    .command('run <recipe>')
    .description('run a recipe file, or a preset; a second run with the same --out resumes')
    .addOption(DATA)
    .requiredOption('--out <dir>', 'folder for stages, models and checkpoints')
    .addOption(seedOption('seed of initial weights, shuffling, dropout and random pruning'))
    .addOption(bandsOption())
    .option('--network <file...>', 'networks that the recipe says it begins with')
    .option(
      '--report <dir>',
      'for each network of the run: confusion, precision, recall, calibration and every test tile, beside the network before it',
    )
    .addOption(onOption())
    .addOption(storeOption())
    .addOption(AS_JSON)
    .addOption(QUIET)
    .option('--events', 'instead of a bar: each epoch and stage as a line of JSON on standard error')
    .action(async (reference: string, options: Options, command: Command) => {
      const { report: folder } = options;
      await requireReport({ report: folder }, options.data);
      const recipe = await openRecipe(reference, options);
      const given: Given[] = [];
      for (const file of options.network ?? []) {
        const model = await openAnyModel(file);
        given.push({ model, fingerprint: fingerprintOf(model) });
      }
      // What was made elsewhere lies in the folder then, as if it had been made here.
      if (isOnQueue(options)) await runOnQueue(recipe, typedCommand(command), options);
      const report = await runInFolder(recipe, options, given);
      if (folder === undefined) return printReport(report, options);
      const reports = await writeRunReports(folder, report.models, options);
      printReport({ ...report, reports }, options);
    });
}

async function runOnQueue(
  recipe: Recipe,
  command: string,
  { on: address, store, data, out, network = [], quiet }: Options & Required<QueueOptions>,
): Promise<void> {
  // Here and not at the head: every other verb starts without it.
  const { jobOf, queueRunner } = await import('../sweep/runner');
  const run = queueRunner({ address, store, name: recipe.name, command, quiet });
  const say = quiet ? () => {} : (line: string) => void process.stderr.write(`${line}\n`);
  await run([await jobOf(recipe, data, out, network)], say);
}

async function openRecipe(reference: string, { seed, bands }: Options): Promise<Recipe> {
  const recipe = isPreset(reference) ? preset(reference) : await recipeIn(reference);
  return checkRecipe({
    ...recipe,
    ...(seed !== undefined && { seed }),
    ...(bands !== undefined && { bands }),
  });
}

/** A bare name is a preset's, also where a run's folder or a file is called so; a file beside it is told of. */
function isPreset(reference: string): boolean {
  if (!PRESET_NAMES.includes(reference)) {
    return !existsSync(reference) && !reference.endsWith('.json');
  }
  if (existsSync(reference) && !isFolder(reference)) {
    process.stderr.write(
      `"${reference}" is a preset and also a file here: the preset is run. For the file, write ./${reference}\n`,
    );
  }
  return true;
}

async function recipeIn(file: string): Promise<Recipe> {
  const { recipe, converted } = readRecipe(await readJson(file));
  if (converted) process.stderr.write(`${file}: ${CONVERTED}\n`);
  return recipe;
}
