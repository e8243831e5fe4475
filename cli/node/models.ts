/** Models by path, or by the id of one shipped under public/models. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BadInput } from '../../src/lab/errors';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { requireHidden } from '../../src/lab/families/units';
import { decodeAnyModel } from '../../src/lab/files/modelFile';
import type { AnyModel } from '../../src/lab/nn/model';
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
  const isFile = existsSync(reference) && !isFolder(reference);
  if (isFile) return decodeAnyModel(await readBytes(reference), reference);
  const { models } = indexSchema.parse(await readJson(path.join(shipped, 'index.json')));
  const found = models.find(({ id }) => id === reference);
  if (found) return decodeAnyModel(await readBytes(path.join(shipped, found.file)), found.file);
  if (isFolder(reference)) await readBytes(reference); // Which says what it is.
  const ids = models.map(({ id }) => id).join(', ');
  throw new BadInput(
    `There is no model file "${reference}", and none is shipped under that name (there are: ${ids}).`,
  );
}
