import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { digestOf, sealed, unsealed } from './seal';

const json = fc.dictionary(fc.string(), fc.jsonValue());

test('what was sealed comes back as it was, written as JSON or not, in whatever order', () => {
  fc.assert(
    fc.property(json, fc.option(fc.string()), ({ seal: _, ...value }, network) => {
      // JSON knows no −0.
      const plain = JSON.parse(JSON.stringify(value));
      const back = unsealed(JSON.parse(JSON.stringify(sealed(plain, network))));
      expect(back?.value).toEqual(plain);
      expect(back?.seal?.network).toBe(network);
      const turned = Object.fromEntries(Object.entries(sealed(plain, network)).reverse());
      expect(unsealed(turned)?.value).toEqual(plain);
    }),
  );
});

test('one character changed in the text of a sealed value: no JSON, a broken seal, or no seal and all its values', () => {
  const value = { name: 'train', accuracy: 0.8125, epochs: [{ epoch: 1, loss: 0.25 }], stop: null };
  const text = JSON.stringify(sealed(value, 'a1b2'));
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 6 }), (at, bit) => {
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      let read: unknown;
      try {
        read = JSON.parse(text.slice(0, at) + flipped + text.slice(at + 1));
      } catch {
        return;
      }
      const found = unsealed(read);
      // A seal that lost its name is one more key, and the values are all there.
      if (found?.seal === null) expect(found.value).toMatchObject(value);
      else if (found) expect(found.value).toEqual(value);
    }),
    { numRuns: cases(2000) },
  );
});

test('a bit flipped in an array of numbers, and an array of another type, are seen', () => {
  const data = Float32Array.from({ length: 64 }, (_, i) => i / 7);
  const whole = digestOf({ shape: [64], data });
  fc.assert(
    fc.property(fc.nat(data.byteLength - 1), fc.nat(7), (at, bit) => {
      const bytes = new Uint8Array(data.slice().buffer);
      bytes[at] ^= 1 << bit;
      expect(digestOf({ shape: [64], data: new Float32Array(bytes.buffer) })).not.toBe(whole);
    }),
  );
  expect(digestOf({ shape: [64], data: new Int32Array(data.buffer) })).not.toBe(whole);
  // Where one thing ends and the next begins counts.
  expect(digestOf([['a'], 'b'])).not.toBe(digestOf([['a', 'b']]));
  expect(digestOf({ a: undefined })).toBe(digestOf({}));
});

test('nothing, a list and a text are nothing that was sealed', () => {
  for (const each of [null, undefined, [], 'text', 1]) expect(unsealed(each)).toBe(null);
  expect(unsealed({})).toEqual({ value: {}, seal: null });
});
