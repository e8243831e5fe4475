/**
 * What came of downloads so far, in files of the browser's own (the origin private file system), so that neither a
 * broken connection nor a reload loses a byte. Written by workers only: pages have no synchronous files.
 */

import type { Part } from '../lab/data/fetch/download';
import { fileName, type RemoteFile } from '../lab/data/fetch/manifest';
import { readChunks } from '../lab/data/readers/chunks';
import { BadInput } from '../lab/errors';
import { isDiskFull } from './db';

export interface KeptPart extends Part {
  file(): Promise<File>;
}

/** What TypeScript knows in workers only. */
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

const FOLDER = 'downloads';
/** Between the data set's name and the file's. */
const JOINT = ' ';

/** What came so far of the file of a data set; throws `BadInput` where the browser keeps no files. */
export async function partOf(set: string, remote: RemoteFile): Promise<KeptPart> {
  const folder = await downloads();
  if (!folder) {
    throw new BadInput(
      'This browser keeps no files for the page (a private window, or storage is blocked); fetch it with the link and drop it here.',
    );
  }
  const name = `${set}${JOINT}${fileName(remote)}`;
  const file = async () => (await folder.getFileHandle(name, { create: true })).getFile();
  const remove = () => folder.removeEntry(name).catch(() => {}); // It may not be there yet.
  return {
    file,
    size: async () => (await file()).size,
    async open(from) {
      const handle = (await folder.getFileHandle(name, { create: true })) as WorkerFileHandle;
      const access = await handle.createSyncAccessHandle().catch((cause: unknown) => {
        throw new BadInput(`Another tab downloads ${fileName(remote)}; wait for it, or stop it there.`, {
          cause,
        });
      });
      access.truncate(from);
      let at = from;
      return {
        async write(chunk) {
          at += access.write(chunk, { at });
        },
        async close() {
          access.flush();
          access.close();
        },
      };
    },
    async *read() {
      yield* readChunks((await file()).stream());
    },
    remove,
    async reject() {
      await remove();
      return 'it was thrown away, and nothing of it was kept as a data set';
    },
    isFull: isDiskFull,
    words: {
      kept: 'in this browser',
      again: 'press Download again',
      elsewhere: 'fetch it with the link and drop it here',
      blocked: ', or lets no other page read its files',
    },
  };
}

/** Bytes that came so far, by the name of the data set. */
export async function listDownloads(): Promise<Record<string, number>> {
  const kept: Record<string, number> = {};
  for await (const [name, handle] of (await downloads())?.entries() ?? []) {
    if (handle.kind !== 'file') continue;
    const set = name.split(JOINT)[0];
    kept[set] = (kept[set] ?? 0) + (await (handle as FileSystemFileHandle).getFile()).size;
  }
  return kept;
}

/** Frees the room that the downloads of a data set take. */
export async function forgetDownloads(set: string): Promise<void> {
  const folder = await downloads();
  const names: string[] = [];
  for await (const name of folder?.keys() ?? []) if (name.split(JOINT)[0] === set) names.push(name);
  for (const name of names) await folder?.removeEntry(name);
}

/** null where the browser has no such files: some private windows, pages that are not secure. */
async function downloads(): Promise<FileSystemDirectoryHandle | null> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  return (await root?.getDirectoryHandle(FOLDER, { create: true })) ?? null;
}
