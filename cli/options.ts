/** Options that many verbs take: each is written once, so that it means the same everywhere. */
import path from 'node:path';
import { type Command, Option } from 'commander';
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

/** Where a sweep is put: with `--on` its steps are jobs on a queue. what: becomes a job. */
export const onOption = (what = 'every step'): Option =>
  new Option(
    '--on <redis>',
    `put ${what} on a queue, redis://host:port/db, from which "lab worker" takes them on any machine (password: ` +
      'ORBIT_LAB_REDIS_PASSWORD)',
  );
export const storeOption = (): Option =>
  new Option(
    '--store <ref>',
    'with --on: where all machines see what is made, a folder or s3://bucket/prefix (keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)',
  ).argParser(wholeStore);

/** Other processes, in other folders, look for it. */
const wholeStore = (text: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : path.resolve(text));

/** A command as it was typed, to be pasted into a shell. */
export function typedCommand(command: Command): string {
  // What the program was given, verb and all; commander keeps it and does not say so in its types.
  const { rawArgs } = command.parent as unknown as { readonly rawArgs: readonly string[] };
  return ['npm run -s lab --', ...rawArgs.map(inShell)].join(' ');
}

const inShell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

export interface QueueOptions {
  readonly on?: string;
  readonly store?: string;
}

/** Throws `BadInput` where one of `--on` and `--store` is given without the other. Whether they are given. */
export function isOnQueue(options: QueueOptions): options is Required<QueueOptions> {
  const { on, store } = options;
  if (on === undefined && store === undefined) return false;
  if (on === undefined)
    throw new BadInput('--store is for sweeps on a queue: name that with --on redis://host:port/db.');
  if (store === undefined)
    throw new BadInput(
      'A sweep on a queue needs a place that all its machines see: name it with --store, a folder on a shared disk or s3://bucket/prefix.',
    );
  return true;
}

/** `name=reference`, added to those given before. */
export function dataOption(text: string, given: Record<string, string>): Record<string, string> {
  const [, name, reference] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!name)
    throw new BadInput(
      `--data needs a name and where to find it, such as eurosat=EuroSAT.zip, not "${text}".`,
    );
  return { ...given, [name]: reference };
}
