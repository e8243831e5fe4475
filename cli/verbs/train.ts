import type { Command } from 'commander';
import { DEFAULT_FRACTIONS } from '../../src/lab/data/split/splits';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import type { BandWish } from '../../src/lab/pictures/bands';
import { PRESET_NAMES, preset } from '../../src/lab/recipe/presets';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { GROUP_NAMES } from '../../src/lab/symmetry/group';
import { costSentence } from '../../src/lab/train/costWords';
import { trainSettingsSchema } from '../../src/lab/train/settings';
import { AS_JSON, bandsOption, DATA, QUIET, seedOption, splitSeedOption } from '../options';
import { costOfRecipe, printReport, type RunOptions, runInFolder } from '../runs';
import { checked, numberOption, oneOf, print, wholeOption } from '../work';

interface Options extends RunOptions {
  readonly seed?: number;
  readonly splitSeed?: number;
  readonly group?: string;
  readonly head?: string;
  readonly hidden?: number;
  readonly dropout?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly bands?: BandWish;
  readonly cost?: boolean;
}

/** `train <design>`: one network and nothing else; killed and started again, it goes on. */
export function train(program: Command): void {
  program
    .command('train <design>')
    .description('train one network and nothing else; a second run with the same --out resumes')
    .addOption(DATA)
    .requiredOption('--out <dir>', 'folder for the network and its checkpoint')
    .option('--group <name>', GROUP_NAMES.join(' | '))
    .option('--head <kind>', HEAD_KINDS.join(' | '))
    .option('--hidden <n>', 'hidden neurons', wholeOption('hidden', 1))
    .option('--dropout <p>', 'share of hidden activations dropped in training', numberOption('dropout'))
    .option('--size <n>', 'input size in pixels', wholeOption('size', 4))
    .option('--epochs <n>', 'at most', wholeOption('epochs', 1))
    .option('--batch <n>', 'tiles per step', wholeOption('batch', 1))
    .option('--learning-rate <x>', "Adam's", numberOption('learning-rate'))
    .addOption(bandsOption())
    .addOption(seedOption('seed of initial weights, shuffling and dropout'))
    .addOption(splitSeedOption())
    .addOption(AS_JSON)
    .addOption(QUIET)
    .option('--cost', 'train nothing: tell how long it would take here, and how much memory')
    .option('--events', 'instead of a bar: each epoch as a line of JSON on standard error')
    .action(async (design: string, options: Options) => {
      const recipe = recipeOf(design, options);
      if (options.cost) {
        const { cost, epochs } = await costOfRecipe(recipe, options);
        print(cost, options, () => [costSentence(cost, epochs)]);
        return;
      }
      printReport(await runInFolder(recipe, options), options);
    });
}

/** What a preset says of its training stands, where there is one of that name; what is given goes before it. */
function recipeOf(design: string, options: Options): Recipe {
  const { hidden, dropout, size, epochs, batch, learningRate, seed, splitSeed, bands } = options;
  const base = PRESET_NAMES.includes(design) ? preset(design) : null;
  const [stage] = base?.stages ?? [];
  const known = stage?.kind === 'train' ? stage.settings : {};
  const arch = {
    ...(base?.arch ?? { id: design }),
    ...present({
      group: options.group && oneOf('group', options.group, GROUP_NAMES),
      head: options.head && oneOf('head', options.head, HEAD_KINDS),
      ...{ hidden, dropout, size },
    }),
  };
  const settings = checked(trainSettingsSchema, { ...known, ...present({ epochs, batch, learningRate }) });
  return checkRecipe({
    version: 2,
    name: design,
    arch,
    ...present({ seed, bands }),
    ...(splitSeed !== undefined && { split: { seed: splitSeed, ...DEFAULT_FRACTIONS } }),
    stages: [{ kind: 'train', settings }],
  });
}

const present = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
