import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { namedComparator } from '../families/mobile/spec';
import { quantiseModel } from '../quantize/quantise';
import { STEERING } from '../testing/steering';
import {
  bytesOf,
  type RawTensor,
  rawSafetensors,
  type StrangeFile,
  strangeFile,
  withFloat,
} from '../testing/strangeFiles';
import { shakenModel, tinyModel } from '../testing/tiny';
import { decodeAnyModel, decodeModel, encodeModel, readModelFile } from './modelFile';
import { decodeSafetensors, encodeSafetensors } from './safetensors';
import { halfOf } from './storedNumbers';

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

/** One half, minus two, the smallest number that a 16-bit float holds, and more: as floats of 16 bits and of 32. */
const HALVES: readonly [bits: number, value: number][] = [
  [0x3800, 0.5],
  [0xc000, -2],
  [0x0001, 2 ** -24],
  [0x83ff, -1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x7bff, 65504],
  [0x3555, 1365 * 2 ** -12],
  [0, 0],
];

test('floats of 16 bits are read exactly', () => {
  for (const [bits, value] of HALVES) expect(halfOf(bits)).toBe(value);
  expect(Object.is(halfOf(0x8000), -0)).toBe(true);
  expect([halfOf(0x7c00), halfOf(0xfc00)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(halfOf(0x7e00)).toBeNaN();
});

/** The first float tensor of the tiny network in a file, as another type of number. */
function storedAs(file: StrangeFile, dtype: string, bytes: (shape: readonly number[]) => Uint8Array): void {
  const { shape } = file.tensors.get('dense2.bias')!;
  file.tensors.set('dense2.bias', { dtype, shape, bytes: bytes(shape) });
}

describe('weights in other types of floats', () => {
  const model = tinyModel();
  const readAs = (dtype: string, numbers: ArrayBufferView) => {
    const bytes = strangeFile(model, (file) => storedAs(file, dtype, () => bytesOf(numbers)));
    const { model: read, note } = readModelFile(bytes, 'x');
    return { values: [...read.params['dense2.bias'].data], note };
  };

  test('F16, BF16 and F64 are read as floats, and it is said', () => {
    const f16 = readAs('F16', Uint16Array.of(0x3800, 0xc000, 0x0001));
    expect(f16.values).toEqual([0.5, -2, 2 ** -24]);
    expect(f16.note).toBe('x holds weights as F16; they are read as 32-bit floats.');
    const bf16 = readAs('BF16', Uint16Array.of(0x3f00, 0xc000, 0x7f7f));
    expect(bf16.values).toEqual([0.5, -2, Math.fround(255 * 2 ** 120)]);
    expect(bf16.note).toMatch(/BF16/);
    const f64 = readAs('F64', Float64Array.of(0.1, -2, 1e-300));
    expect(f64.values).toEqual([Math.fround(0.1), -2, 0]);
    expect(f64.note).toMatch(/F64; .* rounded where/);
    expect(readModelFile(encodeModel(model)).note).toBeNull();
  });

  test('and written again as floats of 32 bits', () => {
    const bytes = strangeFile(model, (file) =>
      storedAs(file, 'F16', () => bytesOf(Uint16Array.of(0x3800, 0xc000, 0))),
    );
    const again = decodeSafetensors(encodeModel(decodeModel(bytes)));
    expect(again.tensors['dense2.bias']).toEqual({
      dtype: 'F32',
      shape: [3],
      data: Float32Array.of(0.5, -2, 0),
    });
  });

  test('what is too large for 32 bits, or no number, is refused', () => {
    for (const numbers of [Float64Array.of(1e39, 0, 0), Float64Array.of(0, Number.NaN, 0)])
      expect(() => readAs('F64', numbers)).toThrow(/"dense2.bias" holds (Infinity|NaN)/);
    expect(() => readAs('F16', Uint16Array.of(0x7c00, 0, 0))).toThrow(/Infinity/);
    expect(() => readAs('BF16', Uint16Array.of(0x7fc0, 0, 0))).toThrow(/NaN/);
  });

  test('a type that is not read is named where it is needed, and passed over where it is not', () => {
    for (const dtype of ['I64', 'F8_E4M3', 'BOOL']) {
      const bytes = (shape: readonly number[]) => new Uint8Array(8 * shape[0]);
      const needed = strangeFile(model, (file) => storedAs(file, dtype, bytes));
      expect(() => decodeModel(needed, 'x')).toThrow(
        `"dense2.bias" holds numbers of type ${dtype}, which is not read here`,
      );
      const extra = strangeFile(model, (file) => {
        file.tensors.set('num_batches_tracked', { dtype, shape: [], bytes: new Uint8Array(8) });
      });
      expect(decodeModel(extra)).toEqual(model);
    }
  });
});

describe('a file that does not fit its own architecture is refused by name', () => {
  const model = tinyModel();
  const json = (file: StrangeFile, key: string, change: (value: never) => unknown) => {
    file.metadata[key] = JSON.stringify(change(JSON.parse(file.metadata[key]) as never));
  };
  const float =
    (name: string, value: number, at = 0) =>
    (file: StrangeFile) => {
      file.tensors.set(name, withFloat(file.tensors.get(name)!, at, value));
    };
  const cases: readonly [what: string, change: (file: StrangeFile) => void, words: RegExp][] = [
    [
      'a name too few',
      (f) => json(f, 'classes', (c: string[]) => c.slice(1)),
      /names 2 classes, .* tells 3 apart/,
    ],
    ['a name too many', (f) => json(f, 'classes', (c: string[]) => [...c, 'x']), /names 4 classes/],
    [
      'one mean',
      (f) => json(f, 'normalisation', (n: object) => ({ ...n, mean: [0.5] })),
      /1 means, and its input 3 channels/,
    ],
    ['no deviation', (f) => json(f, 'normalisation', (n: object) => ({ ...n, std: [] })), /0 deviations/],
    [
      'a deviation of 0',
      (f) => json(f, 'normalisation', (n: object) => ({ ...n, std: [1, 0, 1] })),
      /normalisation.std.1/,
    ],
    [
      'an infinite mean',
      (f) => {
        f.metadata.normalisation = '{"mean":[1e999,0,0],"std":[1,1,1]}';
      },
      /normalisation.mean.0/,
    ],
    [
      'a mean of null',
      (f) => {
        f.metadata.normalisation = '{"mean":[null,0,0],"std":[1,1,1]}';
      },
      /normalisation.mean.0/,
    ],
    ['NaN', float('conv1.weight', Number.NaN, 3), /"conv1.weight" holds NaN/],
    ['infinity', float('dense1.weight', Number.POSITIVE_INFINITY), /"dense1.weight" holds Infinity/],
    ['minus infinity', float('norm2.shift', Number.NEGATIVE_INFINITY), /"norm2.shift" holds -Infinity/],
    ['NaN in a running mean', float('norm1.mean', Number.NaN), /"norm1.mean" holds NaN/],
    ['a variance below zero', float('norm1.variance', -1), /"norm1.variance" holds a variance below zero/],
    ['a missing tensor', (f) => f.tensors.delete('norm1.shift'), /"norm1.shift" is missing/],
    [
      'another shape',
      (f) => f.tensors.set('dense2.bias', { dtype: 'F32', shape: [1, 3], bytes: new Uint8Array(12) }),
      /"dense2.bias" should be a float tensor \[3\], and is of type F32 with shape \[1,3\]/,
    ],
    [
      'integers for floats',
      (f) => f.tensors.set('dense2.bias', { dtype: 'I8', shape: [3], bytes: new Uint8Array(3) }),
      /of type I8/,
    ],
    [
      'a tensor twice',
      (f) => {
        f.header = (text) => text.replace('"dense2.bias"', '"dense1.bias"');
      },
      /says "dense1.bias" twice/,
    ],
    [
      'metadata twice',
      (f) => {
        f.header = (text) => text.replace('"classes":', '"classes":"[]","classes":');
      },
      /says "classes" twice/,
    ],
    [
      'a key twice within',
      (f) => {
        f.metadata.arch = f.metadata.arch.replace('"classes":3', '"classes":4,"classes":3');
      },
      /metadata "arch" says "classes" twice/,
    ],
    [
      'no architecture',
      (f) => {
        delete f.metadata.arch;
      },
      /metadata/,
    ],
    [
      'an architecture of nothing',
      (f) => {
        f.metadata.arch = 'null';
      },
      /metadata/,
    ],
  ];
  test.each(cases)('%s', (_, change, words) => {
    const bytes = strangeFile(model, change);
    expect(() => decodeAnyModel(bytes, 'x')).toThrow(BadInput);
    expect(() => decodeAnyModel(bytes, 'x')).toThrow(words);
  });

  test('integers and comparators too', () => {
    const integers = quantiseModel(model, { layers: 'all', range: 'batch' });
    expect(() => decodeAnyModel(strangeFile(integers, float('conv1.weight_scale', Number.NaN)))).toThrow(
      /holds NaN/,
    );
    const comparator = shakenModel({ ...namedComparator('mobilenet-v2'), classes: 3 });
    const [name] = Object.keys(comparator.params);
    expect(() => decodeAnyModel(strangeFile(comparator, float(name, Number.NaN)))).toThrow(/holds NaN/);
  });

  test('nothing of the kind is ever written', () => {
    const bias = model.params['dense2.bias'];
    const astray = { ...model.params, 'dense2.bias': { ...bias, data: Float32Array.of(0, Number.NaN, 1) } };
    expect(() => encodeModel({ ...model, params: astray })).toThrow(/not written: its dense2.bias is NaN/);
  });
});

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return (error as BadInput).message;
  }
  throw new Error('It was not refused.');
}

describe('names and metadata of any kind', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  test('tensors called as what every object has are kept apart from it', () => {
    const one: RawTensor = { dtype: 'F32', shape: [1], bytes: bytesOf(Float32Array.of(1.5)) };
    const { tensors } = decodeSafetensors(
      rawSafetensors(
        {},
        names.map((name) => [name, one] as const),
      ),
    );
    expect(Object.keys(tensors)).toEqual(names);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
    const instead = strangeFile(tinyModel(), (file) => {
      file.tensors.delete('dense2.bias');
      for (const name of names) file.tensors.set(name, one);
    });
    expect(() => decodeModel(instead)).toThrow(/"dense2.bias" is missing/);
  });

  test('of any script and size comes back as it was', () => {
    const model = {
      ...tinyModel(),
      classes: ['غابة', 'יער', '森林 🌲'],
      provenance: { dataset: 'ს'.repeat(300_000), constructor: 'x', nested: { '': [null, 'a\u202eb\n'] } },
    };
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  test('any text in the place of JSON is refused in one plain line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('arch', 'classes', 'normalisation'),
        (text, key) => {
          const bytes = strangeFile(tinyModel(), (file) => {
            file.metadata[key] = text;
          });
          expect(refusal(() => decodeModel(bytes, `${text}.safetensors`))).not.toMatch(STEERING);
        },
      ),
    );
  });
});
