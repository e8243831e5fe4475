/**
 * The entries of a zip, read in place: only the directory at its end is loaded, each file is inflated when
 * its bytes are asked for. So 27,000 tiles pass through bounded memory.
 *
 * How large one file may be depends on its kind; how much it was compressed says nothing of it: a tile without a cloud
 * or a land in it has 13 bands of zeros. All that is unpacked together is measured against the zip.
 */

import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { BadInput } from '../../errors';
import { isZip } from '../../pictures/decode/kind';
import { MAX_PICTURE_BYTES, MAX_TIFF_BYTES } from '../../pictures/picture';
import { type ByteSource, readAhead } from './byteSource';
import { isPicturePath } from './called';
import type { Entry } from './entry';
import { plainFile } from './plainFile';
import { MAX_PLAIN_BYTES } from './unwrap';

export const MAX_ZIP_ENTRIES = 500_000;
export const MAX_ZIP_PATH = 1_024;
/** All that is unpacked of a zip may be so many times as large as the zip, and then so many bytes more. */
export const MAX_ZIP_RATIO = 200;
export const ZIP_RATIO_SLACK = 512 * 2 ** 20;

/** The most bytes that a file of this path may have. */
type LimitOf = (path: string) => number;

export interface ZipLimits {
  /** By default that of pictures. */
  readonly limitOf?: LimitOf;
  readonly slack?: number;
}

/** Files are taken for pictures, whatever they are called. */
export const pictureLimit: LimitOf = (path) => (/\.tiff?$/i.test(path) ? MAX_TIFF_BYTES : MAX_PICTURE_BYTES);

/** Pictures, and the files of published sets, which hold thousands. */
export const datasetLimit: LimitOf = (path) => (isPicturePath(path) ? pictureLimit(path) : MAX_PLAIN_BYTES);

/** One thread, the same inflate everywhere, every checksum verified. */
const OPTIONS = { useWebWorkers: false, useCompressionStream: false, checkCrc32: true };

/**
 * Lists a zip; bytes() of an entry inflates it, so the source must stay open until the last one is read.
 *
 * @param name what to call the zip in an error.
 * @throws BadInput when it is no zip, truncated, encrypted, too large, or holds unsafe paths; from bytes()
 * when that file is damaged or larger than its kind may be.
 */
export async function* zipEntries(
  source: ByteSource,
  name: string,
  { limitOf = pictureLimit, slack = ZIP_RATIO_SLACK }: ZipLimits = {},
): AsyncGenerator<Entry> {
  if (!isZip(await source.read(0, 4))) throw new BadInput(`${name} is not a zip file.`);
  const ahead = readAhead(source);
  const zip = new ZipReader(new SourceReader(ahead), OPTIONS);
  let count = 0;
  let unpacked = 0;
  const most = MAX_ZIP_RATIO * source.size + slack;
  const unpack = async (entry: FileEntry, path: string) => {
    unpacked += entry.uncompressedSize;
    if (unpacked > most) {
      throw new BadInput(
        `${name} unpacks to more than ${MAX_ZIP_RATIO} times its size, too much to be tiles; unpack it first, if it is to be trusted.`,
      );
    }
    return inflate(ahead, entry, path, name, limitOf(path));
  };
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      if (++count > MAX_ZIP_ENTRIES) throw new BadInput(`${name} holds more than ${MAX_ZIP_ENTRIES} files.`);
      if (entry.filename.length > MAX_ZIP_PATH) {
        throw new BadInput(`${name} holds a path of ${entry.filename.length} characters; shorten it.`);
      }
      const path = slashed(entry.filename, name);
      if (entry.directory || path.endsWith('/')) yield { path, bytes: async () => new Uint8Array(0) };
      else yield { path, bytes: () => unpack(entry, path) };
    }
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(
      unreadable(name, error) ?? `${name} is truncated or damaged (${reason(error)}); fetch it again.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Some programs of Windows write `\\` between folders, although zips have `/`. A name with both is taken as it is: then
 * the `\\` belongs to the name.
 */
function slashed(path: string, zipName: string): string {
  if (!path.includes('\\') || path.includes('/')) return path;
  const parts = path.split('\\');
  if (/^$|^[a-z]:$/i.test(parts[0]) || parts.includes('..')) {
    throw new BadInput(`${zipName} holds the path ${path}, which leads out of it; pack it anew.`);
  }
  return parts.join('/');
}

async function inflate(
  source: ByteSource,
  entry: FileEntry,
  filename: string,
  zipName: string,
  most: number,
): Promise<Uint8Array> {
  const { uncompressedSize, encrypted } = entry;
  if (encrypted) throw new BadInput(`${filename} in ${zipName} is encrypted; unpack the zip first.`);
  if (uncompressedSize > most) {
    throw new BadInput(
      `${filename} in ${zipName} unpacks to ${uncompressedSize} bytes; a file of its kind may have ${most} at most.`,
    );
  }
  try {
    return (await plainFile(source, entry)) ?? new Uint8Array(await entry.arrayBuffer());
  } catch (error) {
    const at = `${filename} in ${zipName}`;
    throw new BadInput(unreadable(at, error) ?? `${at} is damaged (${reason(error)}); fetch the zip again.`, {
      cause: error,
    });
  }
}

class SourceReader extends Reader<ByteSource> {
  constructor(private readonly source: ByteSource) {
    super(source);
    this.size = source.size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.source.read(offset, length);
  }
}

/** Why something whole is not read, as a sentence; null where it is broken. */
function unreadable(what: string, error: unknown): string | null {
  const why = reason(error);
  if (/compression method/.test(why))
    return `${what} is compressed in a way that the lab does not read; pack it anew as an ordinary zip (deflate).`;
  if (/split zip/.test(why)) return `${what} is one part of a zip in several; join them, or unpack them all.`;
  if (/encrypt/.test(why)) return `${what} is encrypted; unpack the zip first.`;
  if (/unsafe filename/.test(why)) return `${what} holds a path that leads out of it; pack it anew.`;
  return null;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '').toLowerCase() : 'unreadable';
}
