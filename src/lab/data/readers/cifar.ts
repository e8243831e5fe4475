/**
 * CIFAR-10 and CIFAR-100 in their binary layouts (Krizhevsky, 2009): a batch is nothing but records, of a label (CIFAR-100:
 * of a superclass, then of a class) and then 32×32 values of red, of green and of blue.
 */

import { BadInput } from '../../errors';
import type { Dataset } from '../dataset';
import { partKey, partOfFile } from '../parts';
import { byPath } from './layout';
import type { PlainFile } from './unwrap';

/** The ten classes, in the order of their labels. */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** The hundred classes, in the order of their labels and of the alphabet. */
export const CIFAR100_CLASSES = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
  camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup
  dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower
  leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid
  otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray
  road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
  sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
  wardrobe whale willow_tree wolf woman worm`
  .trim()
  .split(/\s+/);

const SIZE = 32;
const PLANE = SIZE * SIZE;
const COUNTS = { train: 50_000, test: 10_000 };

interface Kind {
  readonly title: string;
  readonly classes: readonly string[];
  /** How many values the labels of a record may have, in their order; the last is that of the class. */
  readonly labels: readonly number[];
}

const CIFAR10: Kind = { title: 'CIFAR-10', classes: CIFAR10_CLASSES, labels: [10] };
const CIFAR100: Kind = { title: 'CIFAR-100', classes: CIFAR100_CLASSES, labels: [20, 100] };

/** Bytes of a record. */
const recordOf = ({ labels }: Kind): number => labels.length + 3 * PLANE;

/**
 * True when most bytes at which a record would begin are labels: a batch has no magic number. A batch with a
 * broken record still passes, so that the error can say what is broken.
 */
export function isCifar10Batch(bytes: Uint8Array): boolean {
  return isBatch(CIFAR10, bytes);
}

/** The same for CIFAR-100; what may be either, by its length, is CIFAR-10. */
export function isCifar100Batch(bytes: Uint8Array): boolean {
  return isBatch(CIFAR100, bytes) && !(bytes.length % recordOf(CIFAR10) === 0 && isBatch(CIFAR10, bytes));
}

function isBatch(kind: Kind, bytes: Uint8Array): boolean {
  const record = recordOf(kind);
  let fitting = 0;
  for (let at = 0; at < bytes.length; at += record) {
    if (kind.labels.every((values, i) => bytes[at + i] < values)) fitting++;
  }
  return bytes.length >= record && 2 * fitting > bytes.length / record;
}

export const cifar10Dataset = (name: string, batches: readonly PlainFile[]): Dataset =>
  cifarDataset(CIFAR10, name, batches);
export const cifar100Dataset = (name: string, batches: readonly PlainFile[]): Dataset =>
  cifarDataset(CIFAR100, name, batches);

/**
 * The batches as one data set: the training batches in the order of their names, then the test batch; each
 * tile's key tells its part, class and place in that part.
 *
 * @throws BadInput when a batch is truncated, a label is none, or there are more pictures than the set has.
 */
function cifarDataset(kind: Kind, name: string, batches: readonly PlainFile[]): Dataset {
  const record = recordOf(kind);
  const own = kind.labels.length - 1;
  const parts = (['train', 'test'] as const).map((part) => ({
    part,
    files: batches.filter(({ path }) => partOfFile(path) === part).sort(byPath),
  }));
  const count = batches.reduce((sum, { bytes }) => sum + Math.floor(bytes.length / record), 0);
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  const keys: string[] = [];

  for (const { part, files } of parts) {
    let index = 0;
    for (const { bytes, path } of files) {
      checkLength(kind, bytes, path);
      for (let at = 0; at < bytes.length; at += record) {
        const label = bytes[at + own];
        if (label >= kind.classes.length) {
          throw new BadInput(
            `Record ${at / record} of ${path} has the label ${label}; ${kind.title} has 0 to ${kind.classes.length - 1}. The file is damaged, or of another set.`,
          );
        }
        interleave(bytes, at + own + 1, pixels, keys.length * 3 * PLANE);
        labels[keys.length] = label;
        keys.push(partKey(part, kind.classes[label], index++));
      }
    }
    if (index > COUNTS[part]) {
      throw new BadInput(
        `${name} holds ${index} ${part} pictures while ${kind.title} has ${COUNTS[part]}; is a batch there twice?`,
      );
    }
  }

  const whole = count === COUNTS.train + COUNTS.test;
  const title = whole ? kind.title : `${kind.title} subset, n = ${count.toLocaleString('en-US')}`;
  const classes = [...kind.classes];
  return { name, title, synthetic: false, classes, size: SIZE, channels: 3, count, pixels, labels, keys };
}

function checkLength(kind: Kind, bytes: Uint8Array, path: string): void {
  const record = recordOf(kind);
  if (bytes.length % record === 0) return;
  throw new BadInput(
    `${path} is truncated or no ${kind.title} batch: its ${bytes.length} bytes are no whole number of records of ${record}.`,
  );
}

/** Three planes at `from` become red, green, blue of each pixel at `to`. */
function interleave(planes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let i = 0; i < PLANE; i++) {
    pixels[to + 3 * i] = planes[from + i];
    pixels[to + 3 * i + 1] = planes[from + PLANE + i];
    pixels[to + 3 * i + 2] = planes[from + 2 * PLANE + i];
  }
}
