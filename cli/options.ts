/** Options that many verbs take: each is written once, so that it means the same everywhere. */
import { Option } from 'commander';
import { BadInput } from '../src/lab/errors';
import { type BandWish, bandWishSchema } from '../src/lab/pictures/bands';
import { wholeOption } from './work';

/** The tiles to work on. */
export const DATA = new Option('--data <ref>', 'dataset: a name, a folder, a zip').makeOptionMandatory();

/** what: that the seed is of. */
export const seedOption = (what: string): Option =>
  new Option('--seed <n>', what).argParser(wholeOption('seed', 0));

export const splitSeedOption = (): Option =>
  new Option('--split-seed <n>', 'seed of the split').argParser(wholeOption('split-seed', 0));

/** Where a network goes on from another one: by default with the split of that one. */
export const OTHER_SPLIT_SEED = new Option(
  '--split-seed <n>',
  'seed of the split, if not the network’s own',
).argParser(wholeOption('split-seed', 0));

export const AS_JSON = new Option('--json', 'one JSON document');

export const QUIET = new Option('--quiet', 'no progress bar');

/** `--bands rgb`, `all` or `4,3,2,8`. */
export const bandsOption = (): Option =>
  new Option(
    '--bands <which>',
    'bands of GeoTIFF tiles: rgb, all, or numbers from 1, comma-separated',
  ).argParser((text): BandWish => {
    const wish = text === 'rgb' || text === 'all' ? text : text.split(',').map(Number);
    const { data } = bandWishSchema.safeParse(wish);
    if (!data) throw new BadInput(`--bands needs "rgb", "all" or numbers such as 4,3,2,8, not "${text}".`);
    return data;
  });
