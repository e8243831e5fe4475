/**
 * CIFAR-10 in its binary layout (Krizhevsky, 2009): a batch is nothing but records of 3,073 bytes, a label
 * and then 32×32 values of red, of green and of blue.
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

const SIZE = 32;
const PLANE = SIZE * SIZE;
const RECORD = 1 + 3 * PLANE;
const COUNTS = { train: 50_000, test: 10_000 };

/**
 * True when most bytes at which a record would begin are labels: a batch has no magic number. A batch with a
 * broken record still passes, so that the error can say what is broken.
 */
export function isCifar10Batch(bytes: Uint8Array): boolean {
  let labels = 0;
  for (let at = 0; at < bytes.length; at += RECORD) if (bytes[at] < CIFAR10_CLASSES.length) labels++;
  return bytes.length >= RECORD && 2 * labels > bytes.length / RECORD;
}

/**
 * The batches as one data set: the training batches in the order of their names, then the test batch; each
 * tile's key tells its part, class and place in that part.
 *
 * @throws BadInput when a batch is truncated, a label is none, or there are more pictures than the set has.
 */
export function cifar10Dataset(name: string, batches: readonly PlainFile[]): Dataset {
  const parts = (['train', 'test'] as const).map((part) => ({
    part,
    files: batches.filter(({ path }) => partOfFile(path) === part).sort(byPath),
  }));
  const count = batches.reduce((sum, { bytes }) => sum + Math.floor(bytes.length / RECORD), 0);
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  const keys: string[] = [];

  for (const { part, files } of parts) {
    let index = 0;
    for (const { bytes, path } of files) {
      checkLength(bytes, path);
      for (let at = 0; at < bytes.length; at += RECORD) {
        const label = bytes[at];
        if (label >= CIFAR10_CLASSES.length) {
          throw new BadInput(
            `Record ${at / RECORD} of ${path} has the label ${label}; CIFAR-10 has 0 to 9. Fetch it again.`,
          );
        }
        interleave(bytes, at + 1, pixels, keys.length * 3 * PLANE);
        labels[keys.length] = label;
        keys.push(partKey(part, CIFAR10_CLASSES[label], index++));
      }
    }
    if (index > COUNTS[part]) {
      throw new BadInput(
        `${name} holds ${index} ${part} pictures while CIFAR-10 has ${COUNTS[part]}; is a batch there twice?`,
      );
    }
  }

  const whole = count === COUNTS.train + COUNTS.test;
  const title = whole ? 'CIFAR-10' : `CIFAR-10 subset, n = ${count.toLocaleString('en-US')}`;
  const classes = [...CIFAR10_CLASSES];
  return { name, title, synthetic: false, classes, size: SIZE, channels: 3, count, pixels, labels, keys };
}

function checkLength(bytes: Uint8Array, path: string): void {
  if (bytes.length % RECORD === 0) return;
  throw new BadInput(
    `${path} is truncated or no CIFAR-10 batch: its ${bytes.length} bytes are no whole number of records of ${RECORD}.`,
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
