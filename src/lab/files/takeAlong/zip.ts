/** Files as one zip. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One zip with the files in a folder; the same files give the same bytes. */
export async function zipFolder(folder: string, files: readonly NamedFile[]): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: new Date(1980, 0, 1),
  });
  for (const { name, bytes } of files) await writer.add(`${folder}/${name}`, new Uint8ArrayReader(bytes));
  return writer.close();
}
