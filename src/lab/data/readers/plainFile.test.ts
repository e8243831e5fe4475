import { type FileEntry, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zipOf } from '../testing/pictures';
import type { ByteSource } from './byteSource';
import { plainFile } from './plainFile';

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.slice(offset, offset + length),
});

async function zipped(files: readonly (readonly [string, Uint8Array])[], level: number) {
  const bytes = new Uint8Array(await (await zipOf(files, level)).arrayBuffer());
  const entries = (await new ZipReader(new Uint8ArrayReader(bytes)).getEntries()) as FileEntry[];
  return { bytes, entries };
}

/** Some repeat themselves, so that deflating them is worth it. */
const contents = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 20 }))
  .map(([piece, times]) =>
    Uint8Array.from({ length: piece.length * times }, (_, i) => piece[i % piece.length]),
  );

test('what is stored or deflated comes out as the library has it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(contents, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 6),
      async (files, level) => {
        const named = files.map((file, i) => [`a/${'ä'.repeat(i)}${i}.bin`, file] as const);
        const { bytes, entries } = await zipped(named, level);
        for (const [i, entry] of entries.entries()) {
          expect(await plainFile(sourceOf(bytes), entry)).toEqual(files[i]);
          expect(new Uint8Array(await entry.arrayBuffer())).toEqual(files[i]);
        }
      },
    ),
  );
});

test('a zip that is not what its directory says gives nothing, or what was packed', async () => {
  const file = new TextEncoder().encode('tile after tile '.repeat(10));
  for (const level of [0, 6]) {
    const { bytes, entries } = await zipped([['a/1.txt', file]], level);
    const end = 30 + 'a/1.txt'.length + entries[0].compressedSize;
    let refused = 0;
    for (let at = 0; at < end; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 0x55;
      const read = await plainFile(sourceOf(damaged), entries[0]);
      if (read === null) refused++;
      else expect(read, `byte ${at}`).toEqual(file);
    }
    // All of the file itself, and more.
    expect(refused).toBeGreaterThan(entries[0].compressedSize);
    expect(await plainFile(sourceOf(bytes.subarray(0, end - 1)), entries[0])).toBeNull();
  }
});

test('what is encrypted, large or packed otherwise is not its business', async () => {
  const { bytes, entries } = await zipped([['a', new Uint8Array(9)]], 0);
  for (const change of [
    { encrypted: true },
    { uncompressedSize: 2 ** 23 },
    { compressionMethod: 9 },
    { zip64: true },
  ])
    expect(await plainFile(sourceOf(bytes), { ...entries[0], ...change } as FileEntry)).toBeNull();
});
