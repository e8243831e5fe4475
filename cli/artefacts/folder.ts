/**
 * Objects as the files of a folder, which may lie on a disk that several machines share (NFS). A file is written under
 * another name in `unfinished`, brought to the disk, and renamed: all that is asked of the disk is that a rename is one
 * step. There are no locks, which such disks often only pretend to have.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, open, opendir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, isPassing, refusalOf } from './folderWords';
import { type Objects, StoreError } from './objects';

const UNFINISHED = 'unfinished';
/** Nothing takes so long to write: what is older was left by a process that is no more. By the clock of the disk. */
const LEFT_AFTER_HOURS = 6;

const PAUSES_MS = [50, 200, 1000, 3000];

/** Opens the objects of a folder; throws `StoreError` where it is not there or may not be written to. */
export async function openFolder(folder: string): Promise<Objects> {
  const root = path.resolve(folder);
  await requireFolder(root);
  await steadily(() => makeBelow(root, [UNFINISHED]), root, root);
  await sweep(path.join(root, UNFINISHED));
  return folderObjects(root);
}

/** The objects of a folder that is there. */
export function folderObjects(root: string): Objects {
  const fileOf = (name: string) => path.join(root, ...name.split('/'));
  return {
    place: root,
    get: (name) =>
      steadily(
        async () => {
          const found = await ifThere(() => readFile(fileOf(name)), fileOf(name));
          return found && new Uint8Array(found.buffer, found.byteOffset, found.byteLength);
        },
        fileOf(name),
        root,
      ),
    head: (name) =>
      steadily(
        async () => (await ifThere(() => stat(fileOf(name)), fileOf(name)))?.isFile() ?? false,
        fileOf(name),
        root,
      ),
    put: (name, bytes) => steadily(() => write(root, fileOf(name), bytes, rename), fileOf(name), root),
    create: (name, bytes) => steadily(() => write(root, fileOf(name), bytes, linkOnce), fileOf(name), root),
    remove: (name) => steadily(() => rm(fileOf(name), { force: true }), fileOf(name), root),
    close: async () => {},
  };
}

async function requireFolder(root: string): Promise<void> {
  const found = await stat(root).catch(async (error) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw await refusalOf(error, root, root);
  });
  if (found === null)
    throw new StoreError(
      `There is no folder "${root}". A store is not made by itself, for a disk that is not mounted would look like an ` +
        'empty one: mount the disk, or make the folder.',
      { mayPass: false },
    );
  if (!found.isDirectory())
    throw new StoreError(`"${root}" is a file, where the folder of a store is meant: name a folder.`, {
      mayPass: false,
    });
  await access(root, constants.R_OK | constants.W_OK | constants.X_OK).catch(async (error) => {
    throw await refusalOf(error, root, root);
  });
}

/**
 * What `read` gives; null where the file is not there. A shared disk may remember for a minute that there was no such
 * file; opening the folder has it ask anew.
 */
async function ifThere<T>(read: () => Promise<T>, file: string): Promise<T | null> {
  const orNone = (error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  };
  const first = await read().catch(orNone);
  if (first !== null) return first;
  const above = await opendir(path.dirname(file)).catch(orNone);
  if (above === null) return null;
  await above.close();
  return read().catch(orNone);
}

/** Writes a file elsewhere and has `place` bring it to where it belongs, in one step. */
async function write(
  root: string,
  file: string,
  bytes: Uint8Array,
  place: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const name = `${path.basename(file)}.${randomBytes(6).toString('hex')}`;
  const temporary = path.join(root, UNFINISHED, name);
  await makeBelow(root, path.relative(root, path.dirname(file)).split(path.sep));
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      // A rename that outlives a power cut must not find an empty file.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // The first error says more.
    throw error;
  }
}

/** A second name for a file, unless something has that name; the first goes. */
async function linkOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Some disks know no second names; there the last of two that write at once stays.
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) return rename(from, to);
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  await rm(from);
}

/** Makes folders in one another. The root itself is never made: where it is gone, its disk is. */
async function makeBelow(root: string, names: readonly string[]): Promise<void> {
  let at = root;
  for (const name of names) {
    at = path.join(at, name);
    await mkdir(at).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** Removes what processes that were killed in the midst of writing have left. Nothing depends on it, so it never fails. */
async function sweep(unfinished: string): Promise<void> {
  for (const name of await readdir(unfinished).catch(() => [])) {
    const file = path.join(unfinished, name);
    const found = await stat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > LEFT_AFTER_HOURS * 3600e3)
      await rm(file, { force: true }).catch(() => {});
  }
}

/** Does something with the disk, again where that may help; throws `StoreError` where it refuses. */
async function steadily<T>(work: () => Promise<T>, place: string, root: string): Promise<T> {
  for (const milliseconds of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw await refusalOf(error, place, root);
    }
    await pause(milliseconds);
  }
  return work().catch(async (error) => {
    throw await refusalOf(error, place, root);
  });
}
