/**
 * Data sets on disk. A reference is `synthetic`, the name of an imported set, or a path: to a folder with one
 * subfolder per class, a zip of one, CIFAR-10 or MNIST as published (a file or a folder of them), or a packed
 * file; which it is is read from the bytes, not the name.
 */

import { type FileHandle, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../../src/lab/data/dataset';
import type { ByteSource } from '../../src/lab/data/readers/byteSource';
import type { ReadOptions } from '../../src/lab/data/readers/entry';
import {
  isPacked,
  type PackedHeader,
  packedBodyStart,
  packedParts,
  unpackDataset,
  unpackHeader,
} from '../../src/lab/data/readers/packed';
import { readDataset } from '../../src/lab/data/readers/read';
import { sourceName } from '../../src/lab/data/readers/sourceName';
import { datasetLimit, zipEntries } from '../../src/lab/data/readers/zip';
import { drawRotated } from '../../src/lab/data/rotated';
import { SYNTHETIC_PER_CLASS, syntheticDataset } from '../../src/lab/data/synthetic';
import { BadInput } from '../../src/lab/errors';
import { isZip } from '../../src/lab/pictures/decode/kind';
import { loadDecoders } from './decoders';
import { fileEntry, folderEntries, plain } from './entries';
import { onDisk } from './fileErrors';
import { writeAtomically } from './files';

export interface DataOptions extends ReadOptions {
  /** The folder that holds `datasets/`; the project's own by default. */
  readonly root?: string;
}

export interface ImportOptions extends DataOptions {
  /** Keep a rotated draw of the set instead (see rotated.ts). */
  readonly rotated?: boolean;
}

/** A data set that openDataset knows by name. */
export type ListedDataset = Pick<PackedHeader, 'name' | 'title' | 'synthetic' | 'classes' | 'size' | 'count'>;

/** The project; or, named by `LAB_ROOT`, a folder whose `datasets/` is used instead, as on another disk. */
export const PROJECT_ROOT = process.env.LAB_ROOT ?? fileURLToPath(new URL('../..', import.meta.url));
const EXTENSION = '.tiles';
const SYNTHETIC = 'synthetic';

/**
 * Opens a data set by reference.
 *
 * @throws BadInput when there is no such name or file, or it is no usable data set.
 */
export async function openDataset(ref: string, options: DataOptions = {}): Promise<Dataset> {
  if (ref === SYNTHETIC) return syntheticDataset();
  const imported = isName(ref) ? importedFile(ref, options.root) : undefined;
  if (imported && (await exists(imported))) return readPacked(imported, ref);
  if (await exists(ref)) return readPath(ref, sourceName(resolve(ref)), options);
  throw nothingAt(ref);
}

/** Throws `BadInput` where `openDataset` would find nothing by this reference. It reads none of what is there. */
export async function requireDataset(ref: string, options: DataOptions = {}): Promise<void> {
  if (ref === SYNTHETIC || (isName(ref) && (await exists(importedFile(ref, options.root))))) return;
  if (!(await exists(ref))) throw nothingAt(ref);
}

const nothingAt = (ref: string): BadInput =>
  new BadInput(`There is no data set named ${ref} and no file or folder at ${resolve(ref)}.`);

/**
 * Reads what a path leads to (see above) once and keeps it as `datasets/imported/<name>.tiles`, replacing an
 * earlier one of that name only when everything has been read and written.
 *
 * @returns the data set and the file written.
 * @throws BadInput as openDataset does, or when the name is not usable; then nothing is left behind.
 */
export async function importDataset(
  path: string,
  name: string,
  options: ImportOptions = {},
): Promise<{ dataset: Dataset; file: string }> {
  if (!isName(name) || name === SYNTHETIC) {
    throw new BadInput(
      `"${name}" cannot name a data set; use letters, digits, - and _ (and not "${SYNTHETIC}").`,
    );
  }
  if (!(await exists(path))) throw new BadInput(`There is no file or folder at ${resolve(path)}.`);
  const source = await readPath(path, name, options);
  const dataset = { ...(options.rotated ? drawRotated(source) : source), name };
  const file = importedFile(name, options.root);
  await writeAtomically(file, packedParts(dataset));
  return { dataset, file };
}

/** The data sets that can be opened by name: the synthetic one and what was imported, by name. */
export async function listDatasets(options: DataOptions = {}): Promise<ListedDataset[]> {
  const imported = await Promise.all((await importedFiles(options.root)).map(readHeader));
  const empty = syntheticDataset({ perClass: 0 });
  const synthetic = { ...empty, count: SYNTHETIC_PER_CLASS * empty.classes.length };
  return [synthetic, ...imported].map(({ name, title, synthetic, classes, size, count }) => {
    return { name, title, synthetic, classes: [...classes], size, count };
  });
}

/** What was removed. */
export interface RemovedDataset {
  readonly name: string;
  /** Null where the file was too damaged to tell. */
  readonly title: string | null;
  readonly count: number | null;
  readonly bytes: number;
  readonly file: string;
}

/**
 * Removes an imported data set. Pictures that it was made of, downloads and networks trained on it stay.
 *
 * @throws BadInput for the synthetic one, and for a name that nothing was imported under; then nothing is removed.
 */
export async function removeDataset(name: string, options: DataOptions = {}): Promise<RemovedDataset> {
  if (name === SYNTHETIC) {
    throw new BadInput(`"${SYNTHETIC}" is made by code and takes no room, so there is nothing to remove.`);
  }
  const file = importedFile(name, options.root);
  if (!isName(name) || !(await exists(file))) {
    const names = (await importedFiles(options.root)).map(sourceName).join(', ') || 'none';
    throw new BadInput(`No data set "${name}" was imported, so nothing was removed (there are: ${names}).`);
  }
  const header = await readHeader(file).catch(() => null);
  const { size: bytes } = await stat(file);
  await rm(file);
  return { name, title: header?.title ?? null, count: header?.count ?? null, bytes, file };
}

/** Tells what was understood, changed or passed over in reading tiles, on standard error. */
export function tellNotes({ quiet = false }: { readonly quiet?: boolean }): DataOptions {
  return quiet ? {} : { onNote: (note) => process.stderr.write(`${note}\n`) };
}

async function readPath(path: string, name: string, options: DataOptions): Promise<Dataset> {
  if ((await stat(path)).isDirectory()) {
    await loadDecoders();
    return readDataset(name, folderEntries(path), options);
  }
  const handle = await onDisk(open(path));
  try {
    const source = await fileSource(handle);
    const head = await source.read(0, 8);
    if (isPacked(head)) return readPacked(path, name);
    await loadDecoders();
    if (isZip(head))
      return await readDataset(name, zipEntries(source, basename(path), { limitOf: datasetLimit }), options);
    return await readDataset(name, [fileEntry(path, basename(path))], options);
  } finally {
    await handle.close();
  }
}

/** An open file as random access to bytes (Node's openAsBlob would do, but is experimental in Node 20). */
export async function fileSource(handle: FileHandle): Promise<ByteSource> {
  const { size } = await handle.stat();
  const read = async (offset: number, length: number) => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, offset);
    return buffer.subarray(0, bytesRead);
  };
  return { size, read };
}

async function readPacked(file: string, name: string): Promise<Dataset> {
  return { ...unpackDataset(plain(await onDisk(readFile(file))), file), name };
}

async function readHeader(file: string): Promise<PackedHeader> {
  const handle = await open(file);
  try {
    const source = await fileSource(handle);
    const length = packedBodyStart(await source.read(0, 12), file);
    return { ...unpackHeader(await source.read(0, length), file), name: sourceName(file) };
  } finally {
    await handle.close();
  }
}

function importedFile(name: string, root?: string): string {
  return join(importedFolder(root), `${name}${EXTENSION}`);
}

const importedFolder = (root = PROJECT_ROOT): string => join(root, 'datasets', 'imported');

/** The file of every imported set, by name. */
async function importedFiles(root?: string): Promise<string[]> {
  const folder = importedFolder(root);
  if (!(await exists(folder))) return [];
  const names = (await readdir(folder)).filter((file) => extname(file) === EXTENSION);
  return names.sort().map((file) => join(folder, file));
}

function isName(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/i.test(text);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
