/** What verbs share: opening data with a model, reading options, and printing. */
import type { ZodType } from 'zod';
import { bandsFor, requireChannels } from '../src/lab/data/bands';
import type { Dataset, Splits } from '../src/lab/data/dataset';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../src/lab/data/split/splits';
import { sameClasses, shrinkTiles } from '../src/lab/data/tiles';
import { BadInput } from '../src/lab/errors';
import type { AnyModel } from '../src/lab/nn/model';
import { plain, plainLine } from '../src/lab/plain';
import { splitOf } from '../src/lab/recipe/prepare';
import { provenanceIn } from '../src/lab/recipe/provenance';
import { type DataOptions, openDataset } from './node/data';

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * The dataset a model can read (averaged down to its input size) and its split: by a seed, or the one that the model was
 * trained on, so that its test tiles stay unseen.
 */
export async function dataFor(
  model: AnyModel,
  reference: string,
  splitSeed: number | undefined,
): Promise<{ dataset: Dataset; splits: Splits }> {
  const source = await openTilesFor(model, reference);
  requireSameKind(model, source);
  const dataset = shrinkTiles(bandsFor(source, model.arch.input), model.arch.input.size);
  const own = provenanceIn(model)?.recipe.split;
  if (own && splitSeed === undefined) return { dataset, splits: splitOf(source, own) };
  return { dataset, splits: stratifiedSplit(dataset, DEFAULT_FRACTIONS, splitSeed ?? 1) };
}

/** Throws `BadInput` for tiles that a model cannot tell apart, or read. */
export function requireSameKind(model: AnyModel, dataset: Dataset): void {
  if (!sameClasses(dataset.classes, model.classes)) throw classesError(model, dataset);
  requireChannels(dataset, model.arch.input);
}

/** A data set by reference; where it is read anew, with the bands that a network reads. */
export const openTilesFor = (
  model: AnyModel,
  reference: string,
  options: DataOptions = {},
): Promise<Dataset> => openDataset(reference, { bands: model.arch.input.bands?.numbers, ...options });

/**
 * Every tile of a dataset that a model can read, with the model's classes: some of them are enough, and of each one tile.
 * isKnown: the network says that it was trained on tiles of this set.
 */
export async function allTilesFor(
  model: AnyModel,
  reference: string,
): Promise<{ dataset: Dataset; tiles: Uint32Array; isKnown: boolean }> {
  const source = await openTilesFor(model, reference);
  const found = shrinkTiles(bandsFor(source, model.arch.input), model.arch.input.size);
  const known = model.classes.map((name) => name.normalize('NFC'));
  const labelOf = found.classes.map((name) => known.indexOf(name.normalize('NFC')));
  if (labelOf.includes(-1)) throw classesError(model, found);
  const labels = found.labels.map((label) => labelOf[label]);
  const dataset = { ...found, labels, classes: model.classes };
  const isKnown = model.provenance.dataset === found.title;
  return { dataset, tiles: Uint32Array.from(labels, (_, tile) => tile), isKnown };
}

function classesError(model: AnyModel, { classes }: Dataset): BadInput {
  return new BadInput(
    `The network tells ${model.classes.length} classes apart (${model.classes.join(', ')}), but the data has ` +
      `${classes.length} (${classes.join(', ')}): give it data with the same classes.`,
  );
}

/** The one of `choices` that was written; `BadInput` when it is none. */
export function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (!found) throw new BadInput(`There is no ${name} "${text}". Choose one of: ${choices.join(', ')}.`);
  return found;
}

/** Options as a schema wants them, defaults filled in; `BadInput` names the first misfit. */
export function checked<T>(schema: ZodType<T>, options: Readonly<Record<string, unknown>>): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  const option = path.join('.').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new BadInput(`--${option} does not fit: ${message}.`);
}

/** A number from the command line; `BadInput` when it is none. */
export function numberOption(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new BadInput(`--${name} needs a number, not "${plain(text)}".`);
    return value;
  };
}

/** The largest number of 32 bits: that of the largest seed. */
const LARGEST = 0xffffffff;

/** A whole number from `least` to `most`. */
export function wholeOption(name: string, least: number, most = LARGEST): (text: string) => number {
  const parse = numberOption(name);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value) || value < least)
      throw new BadInput(`--${name} needs a whole number of at least ${least}, not "${plain(text)}".`);
    if (value > most)
      throw new BadInput(`--${name} needs a whole number of at most ${most}, not "${plain(text)}".`);
    return value;
  };
}

/** One JSON document on standard output, or the lines of a readable table. */
export function print(value: unknown, { json = false }: OutputOptions, table: () => string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${table().map(plainLine).join('\n')}\n`);
}
