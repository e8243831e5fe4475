/** What comes out of a zip that a person gave: what is a file and whole, whatever lies beside it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { decodePicture } from '../../pictures/decode/decode';
import { entriesOf, loadCodecs, picture, png, rgb, zipOf } from '../testing/pictures';
import { blobSource } from './byteSource';
import type { Entries } from './entry';
import { decodePictures, type FileOrProblem, MAX_PICTURES, unpackFiles } from './intake';
import { zipEntries } from './zip';

beforeAll(loadCodecs);

const inZip = (zip: Blob) => zipEntries(blobSource(zip), 'my.zip');

/** All that came out, and the words with which it ended, if it did not end well. */
async function unpacked(
  entries: Entries,
  most?: number,
): Promise<{ all: FileOrProblem[]; ended: string | null }> {
  const all: FileOrProblem[] = [];
  try {
    for await (const entry of unpackFiles(entries, 'my.zip', most)) all.push(entry);
    return { all, ended: null };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { all, ended: error.message };
  }
}
const paths = ({ all }: { all: FileOrProblem[] }) => all.map(({ path }) => path);

describe('a zip of pictures', () => {
  test.each([0, 6])('files come out byte by byte, in order, at compression level %i', async (level) => {
    const [a, b] = [await png(picture(9, 7, 1)), await png(picture(64, 64, 2))];
    const zip = await zipOf(
      [
        ['land/', new Uint8Array(0)],
        ['land/Forest/a.png', a],
        ['land/River/b.png', b],
      ],
      level,
    );
    const { all, ended } = await unpacked(inZip(zip));
    expect(all).toEqual([
      { path: 'land/Forest/a.png', bytes: a },
      { path: 'land/River/b.png', bytes: b },
    ]);
    expect(ended).toBeNull();
    // And what came out is the picture that went in.
    const [first] = all;
    const decoded = await decodePicture('bytes' in first ? first.bytes : new Uint8Array(0), first.path);
    expect(decoded.data).toEqual(rgb(picture(9, 7, 1)));
  });

  test('folders, hidden files and what a Mac adds are left out', async () => {
    const some = Uint8Array.of(1, 2, 3);
    const names = ['a.png', '.DS_Store', '__MACOSX/._a.png', 'in/.hidden/b.png', 'in/c.tif'];
    const zip = await zipOf(names.map((name) => [name, some] as const));
    expect(paths(await unpacked(inZip(zip)))).toEqual(['a.png', 'in/c.tif']);
  });

  test('a damaged file gets a sentence, and those after it come out', async () => {
    const files = ['a.png', 'b.png', 'c.png'].map(
      (name, i) => [name, new Uint8Array(100).fill(65 + i)] as const,
    );
    const bytes = new Uint8Array(await (await zipOf(files)).arrayBuffer());
    // A byte of the second file's content, which is stored as it is.
    bytes[bytes.indexOf(66) + 50]++;
    const { all, ended } = await unpacked(inZip(new Blob([bytes])));
    expect(all.map((entry) => ('bytes' in entry ? entry.bytes[0] : entry.problem))).toEqual([
      65,
      expect.stringMatching(/^b\.png in my\.zip is damaged \(.+\); fetch the zip again\.$/),
      67,
    ]);
    expect(ended).toBeNull();
  });

  test('a zip within a zip comes out as a file, and is refused as a picture', async () => {
    const inner = new Uint8Array(await (await zipOf([['a.png', await png(picture(4, 4))]])).arrayBuffer());
    const outer = await zipOf([['inner.zip', inner]]);
    expect((await unpacked(inZip(outer))).all).toEqual([{ path: 'inner.zip', bytes: inner }]);
    for await (const taken of decodePictures(inZip(outer), 'my.zip')) {
      expect('problem' in taken && taken.problem).toMatch(/^inner\.zip /);
    }
  });
});

describe('too much, too little, and no zip at all', () => {
  test('more bytes than may come out end it in words, after those before', async () => {
    const files = entriesOf({ a: new Uint8Array(60), b: new Uint8Array(40), c: new Uint8Array(1) });
    const { all, ended } = await unpacked(files, 100);
    expect(all.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(ended).toBe(
      'my.zip holds more than 100 bytes unpacked; what came before was read. Give it in parts.',
    );
    expect((await unpacked(files, 101)).ended).toBeNull();
  });

  test('more files than are looked at end it in words, after as many', async () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_PICTURES + 1 }, (_, i) => [`${i}.png`, new Uint8Array(1)]),
    );
    const { all, ended } = await unpacked(entriesOf(many));
    expect(all).toHaveLength(MAX_PICTURES);
    expect(ended).toBe(`my.zip holds more than ${MAX_PICTURES} files; the first ${MAX_PICTURES} were read.`);
  });

  test('an empty zip, one of folders alone, a truncated one and another file say what they are', async () => {
    const folders = await zipOf([['only/', new Uint8Array(0)]]);
    const good = await zipOf([['a.png', new Uint8Array(500)]]);
    for (const [blob, words] of [
      [await zipOf([]), 'my.zip holds no files.'],
      [folders, 'my.zip holds no files.'],
      [
        good.slice(0, 400),
        expect.stringMatching(/^my\.zip is truncated or damaged \(.+\); fetch it again\.$/),
      ],
      [new Blob(['just text']), 'my.zip is not a zip file.'],
    ] as const) {
      expect(await unpacked(inZip(blob))).toEqual({ all: [], ended: words });
    }
  });
});
