import { type Command, Option } from 'commander';
import type { Dataset, SplitName } from '../../src/lab/data/dataset';
import { BALANCE_ADVICE, imbalanceOf, imbalanceWords } from '../../src/lab/data/imbalance';
import { officialParts } from '../../src/lab/data/parts';
import { CLASS_LEVELS, type ClassLevel, type ReadProgress } from '../../src/lab/data/readers/entry';
import { classCounts } from '../../src/lab/data/tiles';
import { type BandWish, bandWords } from '../../src/lab/pictures/bands';
import { RESIZES } from '../../src/lab/pictures/resize';
import { fetchDataset } from '../fetch';
import { importDataset, listDatasets, type RemovedDataset, removeDataset } from '../node/data';
import { createProgressBar, type Progress } from '../node/progress';
import { columns } from '../node/table';
import { AS_JSON, bandsOption, QUIET } from '../options';
import { type OutputOptions, oneOf, print, wholeOption } from '../work';

interface ImportOptions extends OutputOptions {
  readonly rotated?: boolean;
  readonly bands?: BandWish;
  readonly scale?: number;
  readonly resize?: string;
  readonly classes?: ClassLevel;
}

/** `data fetch`, `data import`, `data list` and `data remove`: datasets kept in the project, decoded once. */
export function data(program: Command): void {
  const verb = program
    .command('data')
    .description('datasets: fetch a published one, import your own, list or remove what is there');
  verb
    .command('fetch <name>')
    .description('download a published dataset (datasets/<name>.json), check it and keep it under its name')
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (name: string, options: OutputOptions) => {
      const { dataset, file, downloads } = await underBar(options, (bar) =>
        fetchDataset(name, { onEvent: (event) => bar.show(event), onProgress: reading(bar) }),
      );
      print({ ...facts(dataset, file), downloads }, options, () => [
        sentence(dataset),
        `What was downloaded stays in ${downloads}; it may be deleted.`,
      ]);
    });
  verb
    .command('import <path> <name>')
    .description('read a folder or zip of pictures, CIFAR-10 or MNIST files once and keep it under a name')
    .addOption(bandsOption())
    .option(
      '--scale <n>',
      'scale every picture to n×n pixels; without it, all must have one size',
      wholeOption('scale', 4),
    )
    .option(
      '--resize <how>',
      `with --scale: pictures that are no square: ${RESIZES.join(' | ')} (default: refuse them)`,
    )
    .addOption(
      new Option(
        '--classes <folders>',
        'which folders above a picture are its class (default: topmost)',
      ).choices(CLASS_LEVELS),
    )
    .option('--rotated', 'keep a draw of it (12,000 + 50,000 tiles) turned by random angles instead')
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (path: string, name: string, options: ImportOptions) => {
      const { rotated, scale, classes } = options;
      const resize = options.resize === undefined ? undefined : oneOf('resize', options.resize, RESIZES);
      const notes: string[] = [];
      const { dataset, file } = await underBar(options, (bar) =>
        importDataset(path, name, {
          ...{ rotated, scale, resize, classes, bands: options.bands },
          onProgress: reading(bar),
          onNote: (note) => notes.push(note),
        }),
      );
      const counts = classCounts(dataset);
      const split = officialCounts(dataset);
      const unequal = imbalanceWords(dataset.classes, counts);
      const imbalance = imbalanceOf(counts);
      print({ ...facts(dataset, file), counts, parts: split, notes, imbalance }, options, () => [
        sentence(dataset),
        '',
        ...columns([['class', 'tiles'], ...dataset.classes.map((name, label) => [name, counts[label]])]),
        ...(unequal ? ['', `${unequal} ${BALANCE_ADVICE} With "train": --balance weights, or batches.`] : []),
        ...(notes.length > 0 ? ['', ...notes] : []),
      ]);
    });
  verb
    .command('list')
    .description('the datasets that --data takes by name')
    .addOption(AS_JSON)
    .option('--quiet')
    .action(async (options: OutputOptions) => {
      const list = await listDatasets();
      print(list, options, () =>
        columns([
          ['name', 'tiles', 'size', 'classes', 'title'],
          ...list.map(({ name, count, size, classes, title }) => [name, count, size, classes.length, title]),
        ]),
      );
    });
  verb
    .command('remove <name>')
    .description('remove an imported dataset; its pictures, downloads and networks stay')
    .addOption(AS_JSON)
    .option('--quiet')
    .action(async (name: string, options: OutputOptions) => {
      const removed = await removeDataset(name);
      print(removed, options, () => [removedSentence(removed)]);
    });
}

async function underBar<T>(
  { quiet = false }: OutputOptions,
  work: (bar: Progress) => Promise<T>,
): Promise<T> {
  const bar = createProgressBar(quiet);
  try {
    return await work(bar);
  } finally {
    bar.stop();
  }
}

function reading(bar: Progress): (progress: ReadProgress) => void {
  return ({ done, total }) => bar.show({ type: 'progress', what: 'reading', done, total });
}

/** Tiles in each official part; null where the set has none and is split at random. */
function officialCounts(dataset: Dataset): Record<SplitName, number> | null {
  const parts = officialParts(dataset);
  if (!parts) return null;
  const of = (name: SplitName) => parts.filter((part) => part === name).length;
  return { train: of('train'), val: of('val'), test: of('test') };
}

function facts({ name, title, classes, size, channels, bands, count }: Dataset, file: string) {
  return { name, title, classes, size, channels, ...(bands && { bands }), count, file };
}

function sentence({ name, title, classes, size, channels, bands, count }: Dataset): string {
  const grey = channels === 1 && !bands ? ' grey' : '';
  const chosen = bands ? ` with bands ${bandWords(bands)}` : '';
  return `${title}: ${count}${grey} tiles of ${size}×${size}${chosen} in ${classes.length} classes, kept as "${name}"`;
}

function removedSentence({ name, title, count, bytes, file }: RemovedDataset): string {
  const what = title === null ? 'its file was damaged' : `${title}, ${count} tiles`;
  return `Removed "${name}" (${what}): ${file}, ${(bytes / 1e6).toFixed(1)} MB.`;
}
