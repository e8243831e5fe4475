/** The seal of a safetensors file of this lab: a checksum of its tensors and of the rest of its metadata, in its metadata. */
import { digestOf } from '../stage/seal';
import type { SafeFile } from './safetensors';

/** The file with its checksum. */
export function sealFile({ metadata, tensors }: SafeFile): SafeFile {
  return { metadata: { ...metadata, checksum: digestOf({ metadata, tensors }) }, tensors };
}

/**
 * False where a file is not what was written. One without a checksum, of an earlier version or of others, is as it is; so is
 * one whose floats somebody stored in another type: they are not the numbers that were summed up.
 */
export function sealFits({ metadata, tensors }: SafeFile): boolean {
  const { checksum, ...rest } = metadata;
  if (Object.values(tensors).some(({ stored }) => stored)) return true;
  return checksum === undefined || checksum === digestOf({ metadata: rest, tensors });
}
