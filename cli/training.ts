/** What verbs about a training share: what it is given, its recipe, and the sweep of its learning rate. */
import type { Command } from 'commander';
import { DEFAULT_FRACTIONS } from '../src/lab/data/split/splits';
import { HEAD_KINDS } from '../src/lab/families/gcnn/arch';
import type { BandWish } from '../src/lab/pictures/bands';
import { prepare, requireDifferentTiles } from '../src/lab/recipe/prepare';
import { PRESET_NAMES, preset } from '../src/lab/recipe/presets';
import { checkRecipe, type Recipe } from '../src/lab/recipe/schema';
import { tryRates } from '../src/lab/recipe/trying';
import { GROUP_NAMES } from '../src/lab/symmetry/group';
import { BALANCES } from '../src/lab/train/balance';
import type { RateSweep } from '../src/lab/train/rateSweep';
import { trainSettingsSchema } from '../src/lab/train/settings';
import { startNodeBackend } from './node/backend';
import { openDataset, tellNotes } from './node/data';
import { runStage } from './node/runStage';
import { AS_JSON, bandsOption, DATA, QUIET, seedOption, splitSeedOption } from './options';
import { checked, numberOption, type OutputOptions, oneOf, wholeOption } from './work';

export interface TrainingOptions {
  readonly data: string;
  readonly seed?: number;
  readonly splitSeed?: number;
  readonly group?: string;
  readonly head?: string;
  readonly hidden?: number;
  readonly dropout?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number | typeof FIND;
  readonly balance?: string;
  readonly patience?: number;
  readonly shift?: number;
  readonly mirror?: boolean;
  readonly turns?: boolean;
  readonly brightness?: number;
  readonly bands?: BandWish;
}

/** In the place of a learning rate: what `rate` finds. */
export const FIND = 'find';

/** What a training is given: the same for all verbs about one. */
export function withTraining(command: Command): Command {
  return command
    .addOption(DATA)
    .option('--group <name>', GROUP_NAMES.join(' | '))
    .option('--head <kind>', HEAD_KINDS.join(' | '))
    .option('--hidden <n>', 'hidden neurons', wholeOption('hidden', 1))
    .option('--dropout <p>', 'share of hidden activations dropped in training', numberOption('dropout'))
    .option('--size <n>', 'input size in pixels', wholeOption('size', 4))
    .option('--epochs <n>', 'at most', wholeOption('epochs', 1))
    .option('--batch <n>', 'tiles per step', wholeOption('batch', 1))
    .option('--learning-rate <x>', `Adam's; "${FIND}": as the verb rate finds it`, (text) =>
      text === FIND ? FIND : numberOption('learning-rate')(text),
    )
    .option('--patience <n>', 'epochs without a gain before it stops early', wholeOption('patience', 1))
    .option('--balance <how>', `for classes of unequal size: ${BALANCES.join(' | ')}`)
    .option('--shift <n>', 'training tiles are shifted by up to so many pixels', wholeOption('shift', 1))
    .option('--mirror', 'every second training tile, by chance, is mirrored')
    .option('--turns', 'training tiles are turned by quarters, by chance')
    .option('--brightness <x>', 'and brighter or darker by up to this share', numberOption('brightness'))
    .addOption(bandsOption())
    .addOption(seedOption('seed of initial weights, shuffling and dropout'))
    .addOption(splitSeedOption())
    .addOption(AS_JSON)
    .addOption(QUIET);
}

/** What a preset says of its training stands, where there is one of that name; what is given goes before it. */
export function recipeOf(design: string, options: TrainingOptions): Recipe {
  const { hidden, dropout, size, epochs, batch, learningRate, patience, seed, splitSeed, bands } = options;
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
  const [balance, augment] = [balanceIn(options), augmentIn(options)];
  const settings = checked(trainSettingsSchema, {
    ...known,
    ...present({ epochs, batch, learningRate: learningRate === FIND ? undefined : learningRate }),
    ...present({ patience, balance, augment }),
  });
  return checkRecipe({
    version: 2,
    name: design,
    arch,
    ...present({ seed, bands }),
    ...(splitSeed !== undefined && { split: { seed: splitSeed, ...DEFAULT_FRACTIONS } }),
    stages: [{ kind: 'train', settings }],
  });
}

export const balanceIn = ({ balance }: TrainingOptions) => balance && oneOf('balance', balance, BALANCES);

/** How tiles are changed, where it is said; undefined where it is not. */
export function augmentIn({ shift, mirror, turns, brightness }: TrainingOptions): object | undefined {
  const given = present({ crop: shift, flip: mirror, turn: turns, brightness });
  return Object.keys(given).length > 0 ? given : undefined;
}

/** The sweep of a training's learning rate. */
export async function sweepOf(design: string, options: TrainingOptions & OutputOptions): Promise<RateSweep> {
  const recipe = recipeOf(design, options);
  const dataset = await openDataset(options.data, { bands: recipe.bands, ...tellNotes(options) });
  const prepared = prepare(recipe, dataset);
  requireDifferentTiles(prepared);
  await startNodeBackend();
  return await runStage(tryRates(prepared), options);
}

export function rateWords({ chosen, least, tiles }: RateSweep): string {
  return chosen === null
    ? `Over ${tiles} training tiles the loss never fell, so no learning rate can be read from it.`
    : `Learning rate ${chosen}: a quarter of ${least.rate.toPrecision(2)}, at which the loss of the batches was least, over ${tiles} training tiles.`;
}

/** What of it is there. */
export const present = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
