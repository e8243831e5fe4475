import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { noiseDataset } from '../testing/pictures';
import { isPacked, packDataset, packedBodyStart, unpackDataset, unpackHeader } from './packed';

test('a data set comes back equal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(2, 4, 6),
      fc.string(),
      (perClass, size, word) => {
        const noise = noiseDataset(perClass, size);
        const parts = Uint8Array.from(noise.labels, (_, i) => i % 3);
        const plain = { ...noise, title: `${word} é ✓`, keys: noise.keys.map((key) => key + word) };
        const dataset = size % 2 ? plain : { ...plain, parts };
        expect(unpackDataset(packDataset(dataset))).toEqual(dataset);
      },
    ),
  );
});

test('it opens from the middle of a larger buffer', () => {
  const dataset = noiseDataset([2, 2]);
  const packed = packDataset(dataset);
  const shifted = new Uint8Array(packed.length + 3);
  shifted.set(packed, 3);
  expect(unpackDataset(shifted.subarray(3))).toEqual(dataset);
});

test('the header can be read without the tiles', () => {
  const packed = packDataset(noiseDataset([2, 2]));
  expect(isPacked(packed.subarray(0, 8))).toBe(true);
  const header = unpackHeader(packed.subarray(0, packedBodyStart(packed.subarray(0, 12))));
  expect([header.title, header.count, header.size]).toEqual(['Noise', 4, 4]);
});

test('cut off anywhere, lengthened or flipped anywhere, it is refused', () => {
  const packed = packDataset(noiseDataset([2, 2]));
  const refused = (bytes: Uint8Array) => {
    expect(() => unpackDataset(bytes, 'x.tiles')).toThrow(BadInput);
  };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: packed.length - 1 }), (length) =>
      refused(packed.subarray(0, length)),
    ),
  );
  refused(Uint8Array.of(...packed, 0));
  const tiles = packedBodyStart(packed);
  fc.assert(
    fc.property(
      fc.integer({ min: tiles, max: packed.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, flip) => {
        const bytes = packed.slice();
        bytes[at] ^= flip;
        refused(bytes);
      },
    ),
  );
});

test('a header that promises something else is refused', () => {
  const packed = packDataset(noiseDataset([2, 2]));
  const edit = (from: string, to: string) => {
    const body = packedBodyStart(packed);
    const header = new TextEncoder().encode(
      new TextDecoder().decode(packed.subarray(12, body)).replace(from, to),
    );
    const bytes = Uint8Array.of(...packed.subarray(0, 12), ...header, ...packed.subarray(body));
    new DataView(bytes.buffer).setUint32(8, header.length, true);
    return () => unpackDataset(bytes, 'x.tiles');
  };
  expect(edit('"count":4', '"count":5')).toThrow(/^x\.tiles is truncated or damaged \(it has \d+ bytes/);
  expect(edit('"count":4', '"count":-4')).toThrow(/unreadable header/);
  expect(edit('"size":4', '"size":"4"')).toThrow(/unreadable header/);
  expect(edit('"class 1"', '"class 9"')).toThrow(/its checksum is wrong/);
  expect(edit(',"class 1/3"]', ']')).toThrow(/keys and tiles differ in number/);
  expect(edit('{', '')).toThrow(/unreadable header/);
});
