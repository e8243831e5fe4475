/**
 * MNIST and sets in its layout: one IDX file of grey pictures and one of labels, for training and for testing.
 * The tiles keep their one channel and their size, so they are the original's, bit by bit. EMNIST (Cohen et al., 2017) has
 * the same layout, more classes, and pictures that lie on their side: which of its sets it is, its names say.
 */

import { BadInput } from '../../errors';
import type { Dataset } from '../dataset';
import { partKey, partOfFile } from '../parts';
import { datasetHash } from '../tiles';
import { type Idx, parseIdx } from './idx';
import type { PlainFile } from './unwrap';

export const MNIST_CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** What may be called MNIST, by datasetHash: Fashion-MNIST and others come in the same layout. */
const TITLES: Readonly<Record<string, string>> = {
  '42c5163592b22d99': 'MNIST',
  e2b6fa8c2b4df8c0: 'MNIST subset, n = 60,000',
  '474a54dc0cadf4e0': 'MNIST subset, n = 10,000',
};

const DIGITS = [...MNIST_CLASSES];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Small letters that do not look like their capitals. */
const DISTINCT = [...'abdefghnqrt'];

/** What a set in this layout tells apart, and how its files say so. */
interface Kind {
  readonly title: string;
  readonly classes: readonly string[];
  /** The label of the first class. */
  readonly first: number;
  /** Rows and columns are exchanged. */
  readonly onSide: boolean;
}

const MNIST: Kind = { title: 'MNIST', classes: MNIST_CLASSES, first: 0, onSide: false };
const emnist = (title: string, classes: readonly string[], first = 0): Kind => ({
  title: `EMNIST ${title}`,
  ...{ classes, first, onSide: true },
});

/** By the name that stands in the files' (`emnist-letters-train-images-idx3-ubyte`). */
const EMNIST: Readonly<Record<string, Kind>> = {
  letters: emnist('Letters', CAPITALS, 1),
  digits: emnist('Digits', DIGITS),
  mnist: emnist('MNIST', DIGITS),
  balanced: emnist('Balanced', [...DIGITS, ...CAPITALS, ...DISTINCT]),
  bymerge: emnist('By Merge', [...DIGITS, ...CAPITALS, ...DISTINCT]),
  byclass: emnist('By Class', [...DIGITS, ...CAPITALS, ...'abcdefghijklmnopqrstuvwxyz']),
};

function kindOf(files: readonly PlainFile[]): Kind {
  const named = files.map(({ path }) => /emnist-([a-z]+)-/i.exec(path)?.[1].toLowerCase() ?? '');
  const odd = named.find((name) => name !== named[0]);
  if (odd !== undefined) {
    throw new BadInput(
      `${files[0].path} and ${files[named.indexOf(odd)].path} are of different sets; give one.`,
    );
  }
  return Object.hasOwn(EMNIST, named[0]) ? EMNIST[named[0]] : MNIST;
}

interface PartFiles {
  readonly part: 'train' | 'test';
  readonly pictures: Idx;
  readonly labels: Uint8Array;
  readonly labelsPath: string;
}

/**
 * The files as one data set, training part first; each tile's key tells its part, class and place there.
 *
 * @returns count × size × size × 1 pixels, 0 the background.
 * @throws BadInput when pictures or labels are missing, twice, damaged, or do not fit each other.
 */
export function mnistDataset(name: string, files: readonly PlainFile[]): Dataset {
  const kind = kindOf(files);
  const parts = (['train', 'test'] as const).flatMap((part) => partFiles(name, part, files) ?? []);
  const size = parts[0].pictures.dims[1];
  const odd = parts.find(({ pictures }) => pictures.dims[1] !== size);
  if (odd) throw new BadInput(`The two parts of ${name} have pictures of different sizes.`);
  const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * size * size);
  const labels = new Uint8Array(count);
  const keys: string[] = [];

  for (const { part, pictures, labels: own, labelsPath } of parts) {
    pixels.set(kind.onSide ? upright(pictures.values, size) : pictures.values, keys.length * size * size);
    for (const [i, label] of own.entries()) {
      const className = kind.classes[label - kind.first];
      if (className === undefined) throw wrongLabel(kind, labelsPath, i, label);
      labels[keys.length] = label - kind.first;
      keys.push(partKey(part, className, i));
    }
  }

  const classes = [...kind.classes];
  const tiles = { classes, size, channels: 1, count, pixels, labels, keys };
  return { name, title: TITLES[datasetHash(tiles)] ?? name, synthetic: false, ...tiles };
}

function wrongLabel({ title, classes, first }: Kind, path: string, i: number, label: number): BadInput {
  const range = `${title} has ${first} to ${first + classes.length - 1}`;
  const perhaps =
    title === 'MNIST' && label <= 62
      ? 'It is another set in the layout of MNIST: EMNIST is known by its published names (emnist-letters-…, emnist-balanced-…); others with more than ten classes, give as pictures in a folder for each class'
      : 'The file is damaged, or of another set';
  return new BadInput(`Label ${i} of ${path} is ${label}, but ${range}. ${perhaps}.`);
}

/** Pictures whose rows and columns were exchanged, put right. */
function upright(values: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start += size * size) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) out[start + y * size + x] = values[start + x * size + y];
    }
  }
  return out;
}

/** One part's two files, found by what is in them; undefined when the part is not there. */
function partFiles(
  name: string,
  part: PartFiles['part'],
  files: readonly PlainFile[],
): PartFiles | undefined {
  const parsed = files
    .filter(({ path }) => partOfFile(path) === part)
    .map(({ bytes, path }) => ({ path, idx: parseIdx(bytes, path) }));
  for (const { path, idx } of parsed) checkDims(idx, path);
  const [pictures, labels] = [3, 1].map((dims) => parsed.filter(({ idx }) => idx.dims.length === dims));
  const what = part === 'train' ? 'training' : 'test';
  for (const [list, kind] of [[pictures, 'pictures'] as const, [labels, 'labels'] as const]) {
    if (list.length > 1) {
      throw new BadInput(`${list[0].path} and ${list[1].path} both hold ${what} ${kind}; leave one out.`);
    }
  }
  if (pictures.length === 0 && labels.length === 0) return undefined;
  if (pictures.length === 0 || labels.length === 0) {
    const [have, lack] = pictures.length ? ['pictures', 'labels'] : ['labels', 'pictures'];
    throw new BadInput(
      `${name} holds ${what} ${have} but not their ${lack}; give a folder with both files (…-images-idx3-ubyte, …-labels-idx1-ubyte).`,
    );
  }
  const [{ idx }, { idx: own, path: labelsPath }] = [pictures[0], labels[0]];
  if (idx.dims[0] !== own.dims[0]) {
    throw new BadInput(
      `${pictures[0].path} holds ${idx.dims[0]} pictures, but ${labelsPath} ${own.dims[0]} labels; they do not belong together.`,
    );
  }
  return { part, pictures: idx, labels: own.values, labelsPath };
}

function checkDims({ dims }: Idx, path: string): void {
  if (dims.length !== 1 && dims.length !== 3) {
    throw new BadInput(`${path} has ${dims.length} dimensions; pictures have 3 and labels 1.`);
  }
  if (dims.includes(0)) throw new BadInput(`${path} is empty.`);
  const [, height, width] = dims;
  if (height !== width || (height ?? 0) % 2 !== 0) {
    throw new BadInput(
      `${path} holds pictures of ${width}×${height}; tiles must be square, of an even side.`,
    );
  }
}
