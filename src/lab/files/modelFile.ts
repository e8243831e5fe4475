/**
 * A model as a safetensors file: parameters as tensors; architecture, classes and provenance as metadata. What is read is
 * held against the architecture whole: a file that does not fit it would answer all the same, and wrongly.
 */

import { z } from 'zod';
import { BadInput } from '../errors';
import { anyArchSchema } from '../families/anyArch';
import type { GcnnModel } from '../families/gcnn/model';
import { paramLayouts } from '../families/layout';
import { requireHidden } from '../families/units';
import { NotFinite, weightNotFinite } from '../finite';
import type { AnyModel, Int8Param, Param } from '../nn/model';
import { plain } from '../plain';
import { changedError, MODEL_FORMAT, parseValues, TASK_FORMAT, tensorMisfit } from './reading';
import { decodeSafetensors, encodeSafetensors, type SafeFile, safeTensors } from './safetensors';
import { sealFile, sealFits } from './sealedFile';

const metadataSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  arch: anyArchSchema,
  classes: z.array(z.string()).min(2),
  normalisation: z.object({ mean: z.array(z.number()), std: z.array(z.number().positive()) }),
  provenance: z.record(z.string(), z.unknown()),
});

/** The bytes of a model file, with a checksum. Throws `NotFinite` for weights that are no numbers: it would be refused here. */
export const encodeModel = (model: AnyModel): Uint8Array => encodeSafetensors(sealFile(fileOf(model)));

/** The same without one, as all were once: what fingerprints are made of. */
export const encodeUnsealed = (model: AnyModel): Uint8Array => encodeSafetensors(fileOf(model));

function fileOf(model: AnyModel): SafeFile {
  const wrong = weightNotFinite(model.params);
  if (wrong !== null) throw new NotFinite(`The network was not written: its ${wrong}, which is no weight.`);
  const { arch, classes, normalisation, provenance } = model;
  const json = { arch, classes, normalisation, provenance };
  const metadata = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  const order = paramLayouts(arch).map(({ name }) => name);
  const tensors = safeTensors({ ...inOrder(model.params, order), ...inOrder(model.int8 ?? {}, order) });
  return { metadata: { format: MODEL_FORMAT, ...metadata }, tensors };
}

/**
 * Tensors as they are read again, whatever put them together: the same network must have the same bytes, or its own file
 * would not fit its fingerprint.
 */
function inOrder<T>(tensors: Readonly<Record<string, T>>, order: readonly string[]): Record<string, T> {
  const known = order.filter((name) => Object.hasOwn(tensors, name));
  return { ...Object.fromEntries(known.map((name) => [name, tensors[name]])), ...tensors };
}

/** Reads the file of a network with hidden neurons; throws `BadInput` for anything else. */
export function decodeModel(bytes: Uint8Array, name = 'The file'): GcnnModel {
  return requireHidden(decodeAnyModel(bytes, name), name);
}

/** Reads a model file; throws `BadInput` for anything that is not one, or that does not fit its arch. */
export function decodeAnyModel(bytes: Uint8Array, name = 'The file'): AnyModel {
  return readModelFile(bytes, name).model;
}

/** A model, and what was done to its numbers so that they could be read: a sentence, or null. */
export interface ReadModel {
  readonly model: AnyModel;
  readonly note: string | null;
}

/** Reads a model file and tells how; throws as `decodeAnyModel`. */
export function readModelFile(bytes: Uint8Array, name = 'The file'): ReadModel {
  const file = decodeSafetensors(bytes, name);
  const called = plain(name);
  if (file.metadata.format === TASK_FORMAT)
    throw new BadInput(
      `${called} holds a network of one of the tasks beside classification, which tells no classes apart: open it in the page, under Tasks.`,
    );
  const metadata = metadataSchema.safeParse(parseValues(file.metadata, called));
  if (!metadata.success) {
    const { path, message } = metadata.error.issues[0];
    throw new BadInput(
      `${called} holds no Orbit Lab network: its metadata "${plain(path.join('.'))}" does not fit (${message}).`,
    );
  }
  const { arch, classes, normalisation, provenance } = metadata.data;
  const misfit = describedMisfit(metadata.data) ?? tensorMisfit(file, paramLayouts(arch));
  if (misfit !== null) throw new BadInput(`${called} does not fit its own architecture: ${misfit}.`);
  if (!sealFits(file)) throw changedError(called);
  const params: Record<string, Param> = {};
  const int8: Record<string, Int8Param> = {};
  const converted = new Set<string>();
  for (const { name: key, shape, int8: integers } of paramLayouts(arch)) {
    const { data, stored } = file.tensors[key];
    if (integers) int8[key] = { shape, data: data as Int8Array };
    else params[key] = { shape, data: data as Float32Array };
    if (stored) converted.add(stored);
  }
  return {
    model: { arch, params, ...(arch.int8 && { int8 }), classes, normalisation, provenance },
    note: converted.size === 0 ? null : convertedWords(called, [...converted]),
  };
}

function convertedWords(called: string, types: readonly string[]): string {
  const rounded = types.includes('F64') ? ', rounded where they have more digits' : '';
  return `${called} holds weights as ${types.join(' and ')}; they are read as 32-bit floats${rounded}.`;
}

type Described = z.infer<typeof metadataSchema>;

/** What of the metadata does not fit the architecture, or null. */
function describedMisfit({ arch, classes, normalisation }: Described): string | null {
  if (classes.length !== arch.classes)
    return `it names ${classes.length} classes, and its last layer tells ${arch.classes} apart`;
  const { channels } = arch.input;
  for (const [what, { length }] of [
    ['means', normalisation.mean],
    ['deviations', normalisation.std],
  ] as const) {
    if (length !== channels)
      return `its normalisation has ${length} ${what}, and its input ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  }
  return null;
}
