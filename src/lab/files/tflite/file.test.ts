/** What stands in a TFLite file, read by the flatbuffers library and, where it is at hand, run by TensorFlow itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ByteBuffer } from 'flatbuffers';
import { afterAll, expect, test } from 'vitest';
import { quantiseModel } from '../../quantize/quantise';
import { tinyModel } from '../../testing/tiny';
import { kinds } from '../onnx/testing/kinds';
import type { TfliteChoices } from './choices';
import { METADATA } from './encode';
import { TABLES } from './schema/tables';
import { fileOf, table } from './schema/write';
import { tfliteOf } from './tflite';

const USUAL: TfliteChoices = { rounding: 'none', batch: 1, preprocessing: 'inside' };

/** Where field `slot` of the table at `at` lies; 0 where it is left out. */
const fieldAt = (bytes: ByteBuffer, at: number, slot: number): number => {
  const offset = bytes.__offset(at, 4 + 2 * slot);
  return offset && at + offset;
};
const rootOf = (bytes: ByteBuffer): number => bytes.readInt32(0);
const vectorOf = (bytes: ByteBuffer, at: number, slot: number): { start: number; length: number } => {
  const field = fieldAt(bytes, at, slot);
  return { start: bytes.__vector(field), length: bytes.__vector_len(field) };
};
const tablesOf = (bytes: ByteBuffer, at: number, slot: number): number[] => {
  const { start, length } = vectorOf(bytes, at, slot);
  return Array.from({ length }, (_, i) => bytes.__indirect(start + 4 * i));
};
const { fields: model } = TABLES.Model;

test('a table is read as it was written: numbers, texts, lists, tables, what is left out', () => {
  const bytes = new ByteBuffer(
    fileOf(
      table('Model', {
        version: 3,
        description: 'α network',
        buffers: [table('Buffer', { data: Uint8Array.of(1, 2, 3) }), table('Buffer', {})],
        subgraphs: [table('SubGraph', { inputs: Int32Array.of(7, -1), debugMetadataIndex: 5 })],
        metadata: [table('Metadata', { name: 'facts', buffer: 1 })],
      }),
      'TFL3',
    ),
  );
  expect(bytes.__has_identifier('TFL3')).toBe(true);
  const root = rootOf(bytes);
  expect(bytes.readInt32(fieldAt(bytes, root, model.version[1]))).toBe(3);
  expect(bytes.__string(fieldAt(bytes, root, model.description[1]))).toBe('α network');
  expect(fieldAt(bytes, root, model.operatorCodes[1])).toBe(0);
  const [graph] = tablesOf(bytes, root, model.subgraphs[1]);
  const inputs = vectorOf(bytes, graph, TABLES.SubGraph.fields.inputs[1]);
  expect([0, 1].map((i) => bytes.readInt32(inputs.start + 4 * i))).toEqual([7, -1]);
  expect(bytes.readInt32(fieldAt(bytes, graph, TABLES.SubGraph.fields.debugMetadataIndex[1]))).toBe(5);
  const [full, empty] = tablesOf(bytes, root, model.buffers[1]);
  const data = vectorOf(bytes, full, TABLES.Buffer.fields.data[1]);
  expect([...bytes.bytes().subarray(data.start, data.start + data.length)]).toEqual([1, 2, 3]);
  expect(fieldAt(bytes, empty, TABLES.Buffer.fields.data[1])).toBe(0);
});

test('weights begin where machines read words of 16 bytes', () => {
  for (const each of Object.values(kinds())) {
    const bytes = new ByteBuffer(tfliteOf(each, { ...USUAL, rounding: 'dynamic' }).bytes);
    const starts = tablesOf(bytes, rootOf(bytes), model.buffers[1])
      .filter((at) => fieldAt(bytes, at, 0))
      .map((at) => vectorOf(bytes, at, 0).start % 16);
    expect(starts.length).toBeGreaterThan(5);
    expect(new Set(starts)).toEqual(new Set([0]));
  }
});

test('classes, normalisation and origin stand in it', () => {
  const told = { ...tinyModel(), provenance: { dataset: 'some tiles' } };
  const bytes = new ByteBuffer(tfliteOf(told, USUAL).bytes);
  const root = rootOf(bytes);
  const [facts] = tablesOf(bytes, root, model.metadata[1]);
  expect(bytes.__string(fieldAt(bytes, facts, 0))).toBe(METADATA);
  const buffer = tablesOf(bytes, root, model.buffers[1])[bytes.readInt32(fieldAt(bytes, facts, 1))];
  const { start, length } = vectorOf(bytes, buffer, 0);
  const read = JSON.parse(new TextDecoder().decode(bytes.bytes().subarray(start, start + length)));
  expect(JSON.parse(read.classes)).toEqual(told.classes);
  expect(JSON.parse(read.std)).toEqual(told.normalisation.std);
  expect(JSON.parse(read.provenance)).toEqual(told.provenance);
  expect(bytes.__string(fieldAt(bytes, root, model.description[1]))).toContain('orbit head');
});

test('the same network gives the same bytes', () => {
  expect(tfliteOf(tinyModel(), USUAL).bytes).toEqual(tfliteOf(tinyModel(), USUAL).bytes);
});

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import tensorflow']).status === 0,
);

/** Files beside the floats that go in; what TensorFlow's own interpreter answers, file by file. */
const RUN = `import json, sys, numpy as np, tensorflow as tf
for file in sys.argv[1:]:
    run = tf.lite.Interpreter(file).get_signature_runner()
    given = np.load(file + ".npy")
    (answer,) = run(pixels=given).values()
    print(json.dumps(answer[0].tolist()))`;

const folder = mkdtempSync(path.join(tmpdir(), 'orbit-tflite-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One picture of bytes as NumPy stores it. */
function npy(pixels: Uint8Array, shape: readonly number[]): Uint8Array {
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${head.padEnd(117)}\n`;
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    padded.length,
    0,
    ...Buffer.from(padded),
    ...pixels,
  ]);
}

test.skipIf(!python)(
  `TensorFlow takes every file, and answers as the lab does${python ? '' : ' (needs Python’s tensorflow: skipped)'}`,
  async () => {
    const { logitsOfPicture } = await import('../takeAlong/logits');
    const { patternPixels } = await import('../takeAlong/pattern');
    const { testPlatform } = await import('../../testing/platform');
    await testPlatform().start('wasm');
    const cases = Object.values(kinds()).flatMap((each) => [
      { model: each, choices: USUAL, most: 1e-4 },
      { model: each, choices: { ...USUAL, rounding: 'dynamic' } as const, most: 0.1 },
      { model: quantiseModel(each, { layers: 'all', range: 'tile' }), choices: USUAL, most: 0.02 },
    ]);
    const files = cases.map(({ model: each, choices }, i) => {
      const file = path.join(folder, `${i}.tflite`);
      const { bytes, input } = tfliteOf(each, choices);
      writeFileSync(file, bytes);
      const { size, channels } = each.arch.input;
      writeFileSync(`${file}.npy`, npy(patternPixels(size, channels), input.shape));
      return file;
    });
    const run = spawnSync(python!, ['-c', RUN, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const answers = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as number[]);
    expect([answers.length, run.stderr.includes('Traceback')]).toEqual([files.length, false]);
    for (const [i, { model: each, most }] of cases.entries()) {
      const { size, channels } = each.arch.input;
      const own = await logitsOfPicture(each, patternPixels(size, channels));
      const range = Math.max(...own) - Math.min(...own);
      const off = Math.max(...own.map((value, k) => Math.abs(value - answers[i][k]))) / range;
      expect(off, `file ${i}`).toBeLessThan(most);
    }
  },
  180_000,
);
