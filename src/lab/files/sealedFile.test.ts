import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import type { FitCheckpoint } from '../stage/checkpoint';
import { cases } from '../testing/properties';
import { tinyModel } from '../testing/tiny';
import { decodeCheckpoint, encodeCheckpoint } from './checkpointFile';
import { fingerprintOf } from './fingerprint';
import { decodeModel, encodeModel, encodeUnsealed } from './modelFile';

const model = { ...tinyModel(), provenance: { note: 'accuracy 0.8125' } };
const checkpoint: FitCheckpoint = {
  params: model.params,
  best: tinyModel({ seed: 2 }).params,
  adam: { step: 12, first: model.params, second: model.params },
  history: [{ epoch: 1, loss: 0.5, accuracy: 0.75, validationLoss: 0.25, learningRate: 1e-3, seconds: 1.5 }],
};

/** What is read of bytes with one bit flipped: null where that is refused in words. */
function readFlipped<T>(
  bytes: Uint8Array,
  at: number,
  bit: number,
  read: (bytes: Uint8Array) => T,
): T | null {
  const flipped = bytes.slice();
  flipped[at] ^= 1 << bit;
  try {
    return read(flipped);
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return null;
  }
}

describe.each([
  ['model', encodeModel(model), decodeModel, model],
  ['checkpoint', encodeCheckpoint(checkpoint), decodeCheckpoint, checkpoint],
] as const)('a %s file', (_, bytes, decode: (bytes: Uint8Array) => unknown, whole: unknown) => {
  test('with any one bit flipped is refused, or is what was written', () => {
    const header = 8 + new DataView(bytes.buffer).getUint32(0, true);
    const anywhere = fc.oneof(fc.nat(header - 1), fc.nat(bytes.length - 1));
    fc.assert(
      fc.property(anywhere, fc.nat(7), (at, bit) => {
        const read = readFlipped(bytes, at, bit, decode);
        if (read !== null) expect(read).toEqual(whole);
        // Of the numbers themselves none is ever another one.
        if (at >= header) expect(read).toBe(null);
      }),
      { numRuns: cases(400) },
    );
  });
});

test('files of an earlier version, without a checksum, are read, and have the fingerprint that they had', () => {
  const early = encodeUnsealed(model);
  expect(new TextDecoder().decode(early.subarray(0, 2000))).not.toContain('checksum');
  expect(decodeModel(early)).toEqual(model);
  expect(fingerprintOf(decodeModel(early))).toBe(fingerprintOf(decodeModel(encodeModel(model))));
});

test('a changed model file is refused with what happened and what to do', () => {
  const bytes = encodeModel(model);
  bytes[bytes.length - 1] ^= 1;
  expect(() => decodeModel(bytes, 'x.safetensors')).toThrow(
    /^x\.safetensors does not fit the checksum.*nothing of it is used.*undamaged copy/,
  );
});
