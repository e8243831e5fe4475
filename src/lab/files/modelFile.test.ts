import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { tinyModel } from '../testing/tiny';
import { decodeModel, encodeModel } from './modelFile';
import { decodeSafetensors, encodeSafetensors } from './safetensors';

describe('a model file', () => {
  test('gives back the model bit for bit', () => {
    for (const group of ['C1', 'C4', 'D4'] as const) {
      for (const head of ['flat', 'orbit', 'pooled'] as const) {
        const model = { ...tinyModel({ group, head }), provenance: { note: 'π ≈ 3', nested: { n: [1, 2] } } };
        expect(decodeModel(encodeModel(model))).toEqual(model);
      }
    }
  });

  test('cut off anywhere is refused with a sentence', () => {
    const bytes = encodeModel(tinyModel());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => decodeModel(bytes.slice(0, length), 'x.safetensors')).toThrow(BadInput);
      }),
    );
  });

  test('whose tensors do not fit its architecture is refused', () => {
    const model = tinyModel();
    const { 'dense2.bias': _, ...params } = model.params;
    expect(() => decodeModel(encodeModel({ ...model, params }))).toThrow(/dense2\.bias/);
    const other = { ...model, arch: { ...model.arch, head: { ...model.arch.head, hidden: 5 } } };
    expect(() => decodeModel(encodeModel(other))).toThrow(BadInput);
  });

  test('of another kind is refused', () => {
    const foreign = encodeSafetensors({
      metadata: { format: 'pt' },
      tensors: { a: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } },
    });
    expect(() => decodeModel(foreign)).toThrow(/no Orbit Lab network/);
    expect(() => decodeModel(new TextEncoder().encode('not a model at all, just text'))).toThrow(BadInput);
  });
});

test('safetensors keep dtype, shape, bytes and metadata', () => {
  const file = {
    metadata: { a: 'b', ünïcode: '✓' },
    tensors: {
      f: { dtype: 'F32' as const, shape: [2, 1], data: Float32Array.of(1.5, -0) },
      i: { dtype: 'I8' as const, shape: [3], data: Int8Array.of(-128, 0, 127) },
      n: { dtype: 'I32' as const, shape: [], data: Int32Array.of(7) },
    },
  };
  expect(decodeSafetensors(encodeSafetensors(file))).toEqual(file);
});
