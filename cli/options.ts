/** Options that many verbs take: each is written once, so that it means the same everywhere. */
import { Option } from 'commander';
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
