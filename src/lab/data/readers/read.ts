/** Reads any data set the lab knows the layout of; which one it is is told from the bytes. */

import { BadInput } from '../../errors';
import { isZip } from '../../pictures/decode/kind';
import type { Dataset } from '../dataset';
import { isPicture } from './called';
import { cifar10Dataset, cifar100Dataset, isCifar10Batch, isCifar100Batch } from './cifar';
import type { Entries, Entry, ReadOptions } from './entry';
import { foreignSentence } from './foreign';
import { isIdx } from './idx';
import { collect, MAX_DATASET_BYTES, readImageFolder } from './imageFolder';
import { mnistDataset } from './mnist';
import { type PlainFile, unwrapFiles } from './unwrap';

/** A layout of whole files without pictures in them. */
interface Layout {
  readonly title: string;
  /** True when a file is of this layout, broken or not. */
  fits(bytes: Uint8Array): boolean;
  read(name: string, files: readonly PlainFile[]): Dataset;
}

/** Those with a magic number first. */
const LAYOUTS: readonly Layout[] = [
  { title: 'MNIST', fits: isIdx, read: mnistDataset },
  { title: 'CIFAR-100', fits: isCifar100Batch, read: cifar100Dataset },
  { title: 'CIFAR-10', fits: isCifar10Batch, read: cifar10Dataset },
];

/**
 * Reads a folder of pictures, or files in the binary layouts of CIFAR-10, CIFAR-100, MNIST or EMNIST, plain, gzipped or in a tar.
 * At its peak it holds the plain files and the data set made of them: twice the size of the set.
 *
 * @throws BadInput when the layout is none of these, mixed, damaged, or too large; the signal's reason when
 * aborted.
 */
export async function readDataset(
  name: string,
  entries: Entries,
  options: ReadOptions = {},
): Promise<Dataset> {
  const list = await collect(entries, options.signal);
  if (list.some(isPicture)) return readImageFolder(name, list, options);
  const found = await layoutOf(name, list, options.signal);
  if (!found) return readImageFolder(name, list, options); // Which says what is missing.
  const dataset = found.layout.read(name, found.files);
  options.onProgress?.({ done: dataset.count, total: dataset.count });
  return dataset;
}

/** The layout that the files have in common; texts that lie beside them are passed over. */
async function layoutOf(
  name: string,
  entries: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<{ layout: Layout; files: PlainFile[] } | undefined> {
  const files: PlainFile[] = [];
  let layout: Layout | undefined;
  let text: PlainFile | undefined;
  let total = 0;
  for await (const file of unwrapFiles(entries, signal)) {
    const own = LAYOUTS.find(({ fits }) => fits(file.bytes));
    if (!own) {
      if (!isText(file.bytes)) throw unknown(file);
      text = file;
      continue;
    }
    layout ??= own;
    if (own !== layout) {
      throw new BadInput(`${name} holds files of ${layout.title} and of ${own.title}; give one data set.`);
    }
    total += file.bytes.length;
    if (total > MAX_DATASET_BYTES) throw new BadInput(`${name} holds more than fits; give fewer files.`);
    files.push(file);
  }
  if (!layout && text && (entries.length === 1 || foreignSentence(text.path, text.bytes)))
    throw unknown(text);
  return layout && { layout, files };
}

function unknown({ path, bytes }: PlainFile): BadInput {
  if (bytes.length === 0) return new BadInput(`${path} is empty: it holds no byte. Leave it out.`);
  if (isZip(bytes)) return new BadInput(`${path} is a zip among other files; give it by itself.`);
  return new BadInput(
    foreignSentence(path, bytes) ??
      `${path} is neither a picture, nor a zip, nor a file in the layout of CIFAR-10, CIFAR-100, MNIST or EMNIST; leave it out.`,
  );
}

/** A readme, a list of classes: something, and no zero byte at its beginning. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && !bytes.subarray(0, 4096).includes(0);
}
