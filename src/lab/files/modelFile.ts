/** A model as a safetensors file: parameters as tensors; architecture, classes and provenance as metadata. */

import { z } from 'zod';
import { BadInput } from '../errors';
import { anyArchSchema } from '../families/anyArch';
import type { GcnnModel } from '../families/gcnn/model';
import { paramLayouts } from '../families/layout';
import { requireHidden } from '../families/units';
import type { AnyModel, Int8Param, Param } from '../nn/model';
import { decodeSafetensors, encodeSafetensors, type SafeFile, safeTensors } from './safetensors';
import { sealFile, sealFits } from './sealedFile';

const metadataSchema = z.object({
  format: z.literal('orbit-lab/1'),
  arch: anyArchSchema,
  classes: z.array(z.string()).min(2),
  normalisation: z.object({ mean: z.array(z.number()), std: z.array(z.number().positive()) }),
  provenance: z.record(z.string(), z.unknown()),
});

/** The bytes of a model file, with a checksum. */
export const encodeModel = (model: AnyModel): Uint8Array => encodeSafetensors(sealFile(fileOf(model)));

/** The same without one, as all were once: what fingerprints are made of. */
export const encodeUnsealed = (model: AnyModel): Uint8Array => encodeSafetensors(fileOf(model));

function fileOf(model: AnyModel): SafeFile {
  const { arch, classes, normalisation, provenance } = model;
  const json = { arch, classes, normalisation, provenance };
  const metadata = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  const tensors = safeTensors({ ...model.params, ...model.int8 });
  return { metadata: { format: 'orbit-lab/1', ...metadata }, tensors };
}

/** Reads the file of a network with hidden neurons; throws `BadInput` for anything else. */
export function decodeModel(bytes: Uint8Array, name = 'The file'): GcnnModel {
  return requireHidden(decodeAnyModel(bytes, name), name);
}

/** Reads a model file; throws `BadInput` for anything that is not one, or whose tensors do not fit its arch. */
export function decodeAnyModel(bytes: Uint8Array, name = 'The file'): AnyModel {
  const file = decodeSafetensors(bytes, name);
  if (!sealFits(file)) throw changedError(name);
  const metadata = metadataSchema.safeParse(parseValues(file.metadata));
  if (!metadata.success) {
    const { path, message } = metadata.error.issues[0];
    throw new BadInput(
      `${name} holds no Orbit Lab network: its metadata "${path.join('.')}" does not fit (${message}).`,
    );
  }
  const { arch, classes, normalisation, provenance } = metadata.data;
  const params: Record<string, Param> = {};
  const int8: Record<string, Int8Param> = {};
  for (const { name: key, shape, int8: integers } of paramLayouts(arch)) {
    const tensor = file.tensors[key];
    const fits = tensor?.shape.join() === shape.join();
    if (fits && integers && tensor.data instanceof Int8Array) int8[key] = { shape, data: tensor.data };
    else if (fits && !integers && tensor.data instanceof Float32Array)
      params[key] = { shape, data: tensor.data };
    else {
      throw new BadInput(
        `${name} does not fit its own architecture: "${key}" should be a ${integers ? 'int8' : 'float'} tensor [${shape}].`,
      );
    }
  }
  return { arch, params, ...(arch.int8 && { int8 }), classes, normalisation, provenance };
}

const changedError = (name: string): BadInput =>
  new BadInput(
    `${name} does not fit the checksum in it: it was damaged or changed after it was written, so nothing of it is used. ` +
      'Take an undamaged copy, or make it again; if the change is yours, take "checksum" out of its metadata.',
  );

function parseValues(metadata: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, text]) => {
      if (key === 'format') return [key, text];
      try {
        return [key, JSON.parse(text)];
      } catch {
        return [key, undefined];
      }
    }),
  );
}
