/** Models by path, or by the id of one shipped under public/models. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BadInput } from '../../src/lab/errors';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { requireHidden } from '../../src/lab/families/units';
import { isForeign, readForeign } from '../../src/lab/files/foreign/read';
import { decodeAnyModel, readModelFile } from '../../src/lab/files/modelFile';
import type { AnyModel } from '../../src/lab/nn/model';
import { plain } from '../../src/lab/plain';
import { isFolder, readBytes, readJson } from './files';

const shipped = fileURLToPath(new URL('../../public/models/', import.meta.url));
const indexSchema = z.object({ models: z.array(z.object({ id: z.string(), file: z.string() })) });

/** Opens a network with hidden neurons; `BadInput` for a comparator, and where `openAnyModel` throws. */
export async function openModel(reference: string): Promise<GcnnModel> {
  return requireHidden(await openAnyModel(reference), `"${reference}"`);
}

/** Opens a model; `BadInput` when there is neither a file nor a shipped model of that name. */
export async function openAnyModel(reference: string): Promise<AnyModel> {
  // A folder is no network, and may well be called like one.
  if (existsSync(reference) && !isFolder(reference)) return readNetwork(reference);
  const { models } = indexSchema.parse(await readJson(path.join(shipped, 'index.json')));
  const found = models.find(({ id }) => id === reference);
  if (found) return decodeAnyModel(await readBytes(path.join(shipped, found.file)), found.file);
  if (isFolder(reference)) await readBytes(reference); // Which says what it is.
  const ids = models.map(({ id }) => id).join(', ');
  throw new BadInput(
    `There is no model file "${plain(reference)}", and none is shipped under that name (there are: ${ids}).`,
  );
}

/** Whether a model can be opened by that name: there is such a file, or such a shipped model. */
export async function isModel(reference: string): Promise<boolean> {
  if (existsSync(reference) && !isFolder(reference)) return true;
  const { models } = indexSchema.parse(await readJson(path.join(shipped, 'index.json')));
  return models.some(({ id }) => id === reference);
}

/** The largest file that is read as a network: far more than any has, and little enough to be read whole. */
const MOST_BYTES = 2 ** 31 - 1;

/** The network in a file; what was done to its numbers is told on standard error. */
async function readNetwork(file: string): Promise<AnyModel> {
  const found = await stat(file);
  // Others, such as devices and sockets, have no end or never begin.
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'no file but a device, a pipe or a socket';
    throw new BadInput(`"${plain(file)}" is ${what}, so it holds no network; give a .safetensors file.`);
  }
  if (found.size > MOST_BYTES) {
    throw new BadInput(
      `"${plain(file)}" has ${found.size} bytes, more than any network of this lab; give a .safetensors file that the lab has written.`,
    );
  }
  const bytes = await readBytes(file);
  if (isForeign(bytes)) return foreignNetwork(bytes, file);
  const { model, note } = readModelFile(bytes, file);
  if (note !== null) process.stderr.write(`${note}\n`);
  return model;
}

/** One from elsewhere that says all that has to be known; else `adopt` is told it. */
async function foreignNetwork(bytes: Uint8Array, file: string): Promise<AnyModel> {
  try {
    const { model, notes } = await readForeign(bytes, {}, file);
    for (const note of notes) process.stderr.write(`${note}\n`);
    return model;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(`${error.message} (It is no network of the lab: "lab adopt" takes it in.)`);
  }
}
