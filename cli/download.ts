/**
 * Downloads a file to disk: what has come lies beside it as `.part`, and only a file with the right checksum gets its
 * name.
 */
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DownloadOptions, isWhole, type Part, download as toPart } from '../src/lab/data/fetch/download';
import type { RemoteFile } from '../src/lab/data/fetch/manifest';
import { makeFolder } from './node/files';

/**
 * Makes sure that `file` is there and whole; a file that already is is not downloaded again.
 *
 * @throws BadInput when the server cannot be reached, refuses, sends something else, or the disk is full.
 */
export async function download(
  remote: RemoteFile,
  file: string,
  options: DownloadOptions = {},
): Promise<void> {
  if ((await sizeOf(file)) > 0) {
    if (await isWhole({ read: () => createReadStream(file) }, remote)) {
      return rm(`${file}.bad`, { force: true });
    }
    await setAside(file, `${file}.bad`);
    options.onNote?.(`${file} has the wrong checksum; it is downloaded again.`);
  }
  await makeFolder(dirname(file));
  await toPart(remote, partOf(file), options);
  await rename(`${file}.part`, file);
  await rm(`${file}.bad`, { force: true }); // Of an earlier attempt; it must not lie beside whole files.
}

function partOf(file: string): Part {
  const part = `${file}.part`;
  return {
    size: () => sizeOf(part),
    async open(from) {
      const handle = await open(part, from > 0 ? 'a' : 'w');
      return { write: (chunk) => handle.appendFile(chunk), close: () => handle.close() };
    },
    read: () => createReadStream(part),
    remove: () => rm(part),
    async reject() {
      await setAside(part, `${file}.bad`);
      return `it was set aside as ${file}.bad`;
    },
    isFull: (error) => (error as NodeJS.ErrnoException).code === 'ENOSPC',
    words: {
      kept: `as ${part}`,
      again: 'run the same again',
      elsewhere: 'fetch the file elsewhere and import it',
      blocked: '',
    },
  };
}

async function setAside(file: string, bad: string): Promise<void> {
  await rm(bad, { force: true });
  await rename(file, bad);
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
