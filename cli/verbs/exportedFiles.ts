/** Where a network goes that is written for other programs: one file, or a folder or zip with its README. */
import path from 'node:path';
import { requirePlaceFor, writeAtomically } from '../node/files';
import { writeFiles } from '../node/namedFiles';
import { columns } from '../node/table';
import { type OutputOptions, print } from '../work';

/** A file by its name in the folder. */
interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was written. */
interface Written {
  readonly files: readonly { readonly path: string; readonly name?: string; readonly bytes: number }[];
  /** File by file, for people. */
  readonly rows: (string | number)[][];
}

export interface Place {
  write(folder: readonly NamedBytes[]): Promise<Written>;
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

/** An end of a graph: a tensor that goes in or comes out. */
interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly unknown[];
}

/** Tells of a graph that other programs run: its files, what goes in and comes out, and how it was held against the lab. */
export function tellGraph(
  { files, rows }: Written,
  told: {
    readonly made: {
      readonly network: { readonly input: Port; readonly output: Omit<Port, 'type'> };
      readonly comparison: unknown;
    };
    readonly choices: object;
    readonly tried: string;
    readonly words: readonly string[];
  },
  options: OutputOptions & { readonly out: string },
): void {
  const { out } = options;
  const { made, choices, tried, words } = told;
  const { input, output } = made.network;
  print({ out, files, ...choices, input, output, tried, check: made.comparison }, options, () => [
    ...columns(rows),
    '',
    `in: ${input.name}, ${input.type} [${input.shape.join(', ')}]; out: ${output.name} [${output.shape.join(', ')}]`,
    '',
    ...words,
    `written to ${out}`,
  ]);
}
