/** What files of networks have in common where they are read: their formats, their metadata, and whether their tensors fit. */
import { BadInput } from '../errors';
import { firstNotFinite } from '../finite';
import { plain } from '../plain';
import { decodeSafetensors, type SafeFile } from './safetensors';
import { READ_TYPES } from './storedNumbers';
import { keyTwice } from './twice';

/** Of networks that tell tiles apart, and of those of the tasks beside. */
export const MODEL_FORMAT = 'orbit-lab/1';
export const TASK_FORMAT = 'orbit-lab-task/1';

/** What a file says that it is; undefined where it is no safetensors file, or says nothing. */
export function formatOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeSafetensors(bytes).metadata.format;
  } catch {
    return undefined;
  }
}

export interface TensorLayout {
  readonly name: string;
  readonly shape: readonly number[];
  readonly int8?: boolean;
}

/** What of the tensors does not fit what they are to be, or null. */
export function tensorMisfit(
  { tensors, unread = {} }: SafeFile,
  layouts: Iterable<TensorLayout>,
): string | null {
  for (const { name, shape, int8 } of layouts) {
    const wanted = `${int8 ? 'an int8' : 'a float'} tensor [${shape}]`;
    if (Object.hasOwn(unread, name)) {
      return `"${name}" holds numbers of type ${plain(unread[name])}, which is not read here (${READ_TYPES.join(', ')} are), and should be ${wanted}`;
    }
    if (!Object.hasOwn(tensors, name)) return `"${name}" is missing, which should be ${wanted}`;
    const tensor = tensors[name];
    const fits = tensor.shape.join() === shape.join() && tensor.dtype === (int8 ? 'I8' : 'F32');
    if (!fits)
      return `"${name}" should be ${wanted}, and is of type ${tensor.stored ?? tensor.dtype} with shape [${plain(tensor.shape.join())}]`;
    const wrong = firstNotFinite(tensor.data);
    if (wrong !== undefined) {
      return `"${name}" holds ${Number.isNaN(wrong) ? 'NaN' : wrong}, which is no weight: the training that it comes from went astray, or the file is damaged`;
    }
    if (name.endsWith('.variance') && tensor.data.some((value) => value < 0))
      return `"${name}" holds a variance below zero`;
  }
  return null;
}

/** Of a file whose seal does not fit. */
export const changedError = (name: string): BadInput =>
  new BadInput(
    `${name} does not fit the checksum in it: it was damaged or changed after it was written, so nothing of it is used. ` +
      'Take an undamaged copy, or make it again; if the change is yours, take "checksum" out of its metadata.',
  );

/** Metadata as values: each is JSON, but for the format. Throws `BadInput` where one says a thing twice. */
export function parseValues(
  metadata: Readonly<Record<string, string>>,
  called: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, text]) => {
      if (key === 'format') return [key, text];
      try {
        const value: unknown = JSON.parse(text);
        const twice = keyTwice(text);
        if (twice === null) return [key, value];
        throw new BadInput(
          `${called} holds no Orbit Lab network: its metadata "${plain(key)}" says "${plain(twice)}" twice.`,
        );
      } catch (error) {
        if (error instanceof BadInput) throw error;
        return [key, undefined];
      }
    }),
  );
}
