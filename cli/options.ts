/** Options that many verbs take: each is written once, so that it means the same everywhere. */
import { Option } from 'commander';
import { wholeOption } from './work';

/** The tiles to work on. */
export const DATA = new Option('--data <ref>', 'dataset: a name, a folder, a zip').makeOptionMandatory();

export const SPLIT_SEED = new Option('--split-seed <n>', 'seed of the split')
  .argParser(wholeOption('split-seed', 0))
  .default(1);

/** what: that the seed is of. */
export const seedOption = (what: string): Option =>
  new Option('--seed <n>', what).argParser(wholeOption('seed', 0)).default(1);

export const AS_JSON = new Option('--json', 'one JSON document');

export const QUIET = new Option('--quiet', 'no progress bar');
