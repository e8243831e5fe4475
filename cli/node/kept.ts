/**
 * What a folder keeps for later: written with a seal (src/lab/stage/seal.ts), and set aside under another name where it
 * does not fit, so that one bad file neither ends up in a figure nor stops a run for good. Files of earlier versions have
 * no seal and are read as they are.
 */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { BadInput, messageOf } from '../../src/lab/errors';
import { sealed, unsealed } from '../../src/lab/stage/seal';
import { readJson, writeAtomically } from './files';

/** Told, in a sentence, of whatever was damaged and what became of it. */
export type Say = (sentence: string) => void;

/** Never on standard output: that is for results. */
export const sayOnError: Say = (sentence) => void process.stderr.write(`${sentence}\n`);

/** Writes JSON with a seal. network: see `Seal`. */
export const writeSealed = (file: string, value: object, network?: string | null): Promise<void> =>
  writeAtomically(file, JSON.stringify(sealed(JSON.parse(JSON.stringify(value)) as object, network)));

/** JSON without its seal; null where it is none, or its seal does not fit. `BadInput` where there is no such file. */
export async function readSealed(file: string): Promise<ReturnType<typeof unsealed>> {
  const found = await orNull(() => readJson(file));
  if (found === null && !existsSync(file)) throw new BadInput(`There is no file "${file}".`);
  return unsealed(found);
}

/** What `read` gives; null where it refuses what it finds. */
export async function orNull<T>(read: () => Promise<T> | T): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

/** Gives a damaged file another name, and says so. Throws `BadInput` where that cannot be done. */
export async function setAside(file: string, then: string, say: Say): Promise<void> {
  let aside = `${file}.damaged`;
  for (let number = 2; existsSync(aside); number++) aside = `${file}.damaged-${number}`;
  try {
    await rename(file, aside);
  } catch (error) {
    throw new BadInput(
      `"${file}" is damaged, and it could not be set aside (${messageOf(error)}): remove it, then run this again.`,
      { cause: error },
    );
  }
  say(`"${file}" is damaged: it is not what was written. It was set aside as "${aside}"; ${then}.`);
}
