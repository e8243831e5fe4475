/** Files on disk, written whole or not at all. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';

/** Writes through a temporary neighbour and a rename, so that a reader never sees half a file. */
export async function writeAtomically(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  const temporary = `${file}.${process.pid}.part`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The bytes of a file; `BadInput` when it is not there. */
export async function readBytes(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) throw new BadInput(`There is no file "${file}".`);
  return new Uint8Array(await readFile(file));
}

/** A JSON file's value; `BadInput` when it is missing or not JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(file));
  try {
    return JSON.parse(text);
  } catch {
    throw new BadInput(`"${file}" is not JSON.`);
  }
}
