/** Where a network goes that is written for other programs: one file, or a folder or zip with its README. */
import path from 'node:path';
import { requirePlaceFor, writeAtomically } from '../node/files';
import { writeFiles } from '../node/namedFiles';

/** A file by its name in the folder. */
interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Place {
  /** Writes what belongs there; answers what was written. */
  write(folder: readonly NamedBytes[]): Promise<{
    readonly files: readonly { readonly path: string; readonly name?: string; readonly bytes: number }[];
    /** File by file, for people. */
    readonly rows: (string | number)[][];
  }>;
}

/**
 * @param file what the network's file is called in a folder; alone it is written where `out` ends as it does.
 *
 * Throws `BadInput` where nothing can be written, or one of `sources` would be written over.
 */
export async function placeFor(out: string, file: string, sources: readonly string[]): Promise<Place> {
  const isAlone = out.endsWith(path.extname(file));
  const isZip = out.endsWith('.zip');
  await requirePlaceFor(isAlone || isZip ? out : path.join(out, file), sources);
  return {
    async write(folder) {
      const written = isAlone ? folder.filter(({ name }) => name === file) : folder;
      if (isAlone) await writeAtomically(out, written[0].bytes);
      else await writeFiles(out, [...written]);
      return {
        files: written.map(({ name, bytes }) => ({
          path: isAlone || isZip ? out : path.join(out, name),
          ...(isZip && { name }),
          bytes: bytes.length,
        })),
        rows: [['file', 'bytes'], ...written.map(({ name, bytes }) => [name, bytes.length])],
      };
    },
  };
}
