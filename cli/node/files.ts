/** Files on disk, read with the disk's refusals in words, and written whole or not at all. */
import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import { requireOnce } from '../../src/lab/files/twice';
import { onDisk } from './fileErrors';
import { sweepUnfinished, unfinishedName } from './unfinished.mjs';

/**
 * Writes through a temporary neighbour and a rename, so that a reader never sees half a file; neighbours that dead
 * processes left are removed. Throws `BadInput` where the disk refuses.
 */
export async function writeAtomically(
  file: string,
  content: Uint8Array | string | readonly Uint8Array[],
): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  await makeFolder(folder);
  await sweepUnfinished(folder);
  const temporary = unfinishedName(file);
  try {
    await onDisk(writeFile(temporary, content), file);
    await onDisk(rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // The first error says more.
    throw error;
  }
}

/**
 * Makes a folder and those above it that are missing; `BadInput` where the disk refuses. One by one: where the system says of
 * a folder that is there that it is not (below /proc, and on some mounted disks), Node's own `recursive` never ends.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !isFolder(at); at = path.dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    await onDisk(
      mkdir(each).catch((error) => {
        // Another process was quicker.
        if (!isFolder(each)) throw error;
      }),
      each,
    );
  }
}

/**
 * Throws `BadInput` where no file can be written: asked before anything is computed, so that nothing is computed in
 * vain. Makes nothing.
 *
 * @param inputs what it is made from, which it must not replace.
 */
export async function requirePlaceFor(file: string, inputs: readonly string[] = []): Promise<void> {
  const full = path.resolve(file);
  const found = await stat(full).catch(() => undefined);
  for (const input of found ? inputs : []) {
    const { dev, ino } = (await stat(input).catch(() => undefined)) ?? {};
    if (found?.dev === dev && found?.ino === ino)
      throw new BadInput(
        `"${file}" is what is read here, and would be lost: name another place to write to.`,
      );
  }
  if (found?.isDirectory()) {
    throw new BadInput(`"${file}" is a folder, where a file is to be written: name a file in it.`);
  }
  let above = path.dirname(full);
  while (!existsSync(above)) above = path.dirname(above);
  if (!(await onDisk(stat(above))).isDirectory()) {
    throw new BadInput(
      `"${file}" cannot be written: "${above}" is a file, not a folder. Name another place.`,
    );
  }
  await onDisk(access(above, constants.W_OK));
}

/** Whether a folder is there; a name may be that of a folder and of something else. */
export function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The bytes of a file; `BadInput` when it is not there, is no file, or cannot be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) throw new BadInput(`There is no file "${file}".`);
  if (isFolder(file)) throw new BadInput(`"${file}" is a folder, where a file is meant: name a file.`);
  return new Uint8Array(await onDisk(readFile(file), file));
}

/** A JSON file's value; `BadInput` when it is missing, not JSON, or says something twice. */
export async function readJson(file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(file));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(`"${file}" is not JSON.`);
  }
  requireOnce(text, `"${file}"`);
  return value;
}
