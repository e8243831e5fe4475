/**
 * Files and folders on disk as the entries that readers see. One that cannot be read does not stop the others: asked for
 * its bytes it says why, so it matters only where it is wanted. Names are UTF-8; Node would read others as something
 * else, and then not find them.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Entry } from '../../src/lab/data/readers/entry';
import { BadInput } from '../../src/lab/errors';
import { asBadInput, onDisk } from './fileErrors';

/** Deeper folders are a link that leads back to itself. */
const MAX_DEPTH = 16;

/** Every file below `folder`, depth first and sorted, and every directory, so that an empty class is seen. */
export async function* folderEntries(folder: string, below = '', depth = 0): AsyncGenerator<Entry> {
  if (depth > MAX_DEPTH)
    throw new BadInput(`${folder} is nested deeper than ${MAX_DEPTH} folders; flatten it.`);
  for (const { name, isClear, isFile } of await namesIn(join(folder, below))) {
    const path = `${below}${name}`;
    if (!isClear) {
      const problem = `${path} in ${folder} has a name that is not UTF-8, so it cannot be told which; rename it`;
      if (!isFile) throw new BadInput(`${problem}.`);
      yield unreadable(path, `${problem}, or leave it out.`);
      continue;
    }
    const found = await kindOf(join(folder, path), path);
    if (typeof found !== 'string') yield found;
    else if (found === 'folder') {
      yield { path: `${path}/`, bytes: async () => new Uint8Array(0) };
      yield* folderEntries(folder, `${path}/`, depth + 1);
    } else yield fileEntry(join(folder, path), path);
  }
}

export function fileEntry(file: string, path: string): Entry {
  return {
    path,
    bytes: async () => plain(await onDisk(readFile(file))),
    stream: () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
  };
}

interface Name {
  readonly name: string;
  readonly isClear: boolean;
  readonly isFile: boolean;
}

async function namesIn(folder: string): Promise<Name[]> {
  const found = await onDisk(readdir(folder, { encoding: 'buffer', withFileTypes: true }));
  const names = found.map((each) => {
    const bytes = each.name as Uint8Array;
    return { name: new TextDecoder().decode(bytes), isClear: isUtf8(bytes), isFile: each.isFile() };
  });
  return names.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** What a path leads to; an entry that says why where that cannot be told, or is neither file nor folder. */
async function kindOf(full: string, path: string): Promise<'file' | 'folder' | Entry> {
  try {
    const found = await stat(full);
    if (found.isDirectory()) return 'folder';
    return found.isFile()
      ? 'file'
      : unreadable(path, `${path} is no ordinary file, so it cannot be read; leave it out.`);
  } catch (error) {
    const link = await readlink(full).catch(() => undefined);
    if (link !== undefined) {
      return unreadable(
        path,
        `${path} is a link to ${link}, which is not there; put the file there, or leave it out.`,
      );
    }
    const told = asBadInput(error);
    if (!(told instanceof BadInput)) throw error;
    return unreadable(path, told.message);
  }
}

function unreadable(path: string, problem: string): Entry {
  const refuse = () => Promise.reject(new BadInput(problem));
  return { path, bytes: refuse, problem };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A Buffer as a plain Uint8Array over the same memory (a Buffer's slice() differs). */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
