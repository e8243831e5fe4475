/** What stands in an ONNX file, read by the official schema and, where it is at hand, by the official checker. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, expect, test } from 'vitest';
import { graphOf } from '../../families/graphs';
import { quantiseModel } from '../../quantize/quantise';
import { tinyModel } from '../../testing/tiny';
import { SCALES, USUAL_CHOICES } from './choices';
import { inIntegers, type Ranges, roundedValues } from './integers';
import { onnxOf, onnxOfGraph } from './onnx';
import { ModelProtoSchema } from './schema/onnx_pb';
import { kinds } from './testing/kinds';

const read = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes);

/** What is left of a network when nothing of the lab is. */
const ORDINARY = [
  'AveragePool',
  ...[
    'Add',
    'AveragePool',
    'Cast',
    'Clip',
    'Conv',
    'Div',
    'Erf',
    'Gather',
    'LayerNormalization',
    'MatMul',
    'MaxPool',
    'Mul',
  ],
  ...['Pad', 'ReduceMax', 'ReduceMean', 'Relu', 'Reshape', 'Softmax', 'Sub', 'Transpose', 'Slice'],
];

test('files hold ordinary operators of the standard set alone, each with what it reads', () => {
  for (const [name, model] of Object.entries(kinds())) {
    const { graph, opsetImport, irVersion } = read(onnxOf(model, USUAL_CHOICES).bytes);
    expect([opsetImport.map(({ domain, version }) => [domain, version]), irVersion]).toEqual([
      [['', 17n]],
      8n,
    ]);
    const known = new Set(['', 'pixels', ...graph!.initializer.map((each) => each.name)]);
    for (const { input, output, opType, domain } of graph!.node) {
      expect(ORDINARY, name).toContain(opType);
      expect([domain, input.filter((each) => !known.has(each))]).toEqual(['', []]);
      for (const each of output) known.add(each);
    }
    expect(graph!.output.map((each) => each.name)).toEqual(['logits']);
    expect(new Set(graph!.initializer.map((each) => each.name)).size).toBe(graph!.initializer.length);
  }
});

test('classes, normalisation and origin stand in it', () => {
  const model = tinyModel();
  const told = { ...model, provenance: { dataset: 'some tiles' } };
  const { metadataProps, producerName, docString } = read(onnxOf(told, USUAL_CHOICES).bytes);
  const facts = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  expect(JSON.parse(facts.classes)).toEqual(model.classes);
  expect([JSON.parse(facts.mean), JSON.parse(facts.std)]).toEqual([
    model.normalisation.mean,
    model.normalisation.std,
  ]);
  expect(JSON.parse(facts.provenance)).toEqual(told.provenance);
  expect([producerName, facts.group]).toEqual(['Orbit Lab', 'C4']);
  expect(docString).toContain('orbit head with 6 hidden neurons');
});

test.each([
  [null, 'inside', ['N', 8n, 8n, 3n], 2],
  [4, 'inside', [4n, 8n, 8n, 3n], 2],
  [null, 'beside', ['N', 3n, 8n, 8n], 1],
  [1, 'beside', [1n, 3n, 8n, 8n], 1],
] as const)('a batch of %s, preprocessing %s: what goes in is said', (batch, preprocessing, shape, type) => {
  const { graph } = read(onnxOf(tinyModel(), { batch, preprocessing }).bytes);
  const [input] = graph!.input;
  const tensor = input.type!.value;
  if (tensor.case !== 'tensorType') throw new Error('no tensor');
  expect(tensor.value.shape!.dim.map(({ value }) => value.value)).toEqual(shape);
  expect(tensor.value.elemType).toBe(type);
});

test.each([0, -1, 1.5, 5000, Number.NaN])('a batch of %s is refused', (batch) => {
  expect(() => onnxOf(tinyModel(), { ...USUAL_CHOICES, batch })).toThrow(/1 to 4096 pictures/);
});

test('the same network gives the same bytes', () => {
  expect(onnxOf(tinyModel(), USUAL_CHOICES).bytes).toEqual(onnxOf(tinyModel(), USUAL_CHOICES).bytes);
});

test('weights in integers take a byte each', () => {
  const model = tinyModel({ hidden: 64 });
  const graph = graphOf(model);
  const ranges: Ranges = new Map(roundedValues(graph).map((name) => [name, [-1, 1] as const]));
  const floats = onnxOf(model, USUAL_CHOICES).bytes.length;
  for (const scales of SCALES) {
    const { bytes } = onnxOfGraph(model, inIntegers(graph, ranges, scales), USUAL_CHOICES);
    expect(bytes.length).toBeLessThan(0.7 * floats);
    const kinds = read(bytes).graph!.initializer.map(({ name, dataType }) => [name, dataType]);
    expect(kinds).toContainEqual(['dense1.weight.integers', 3]);
    expect(kinds.map(([name]) => name)).not.toContain('dense1.weight');
  }
  expect(() => inIntegers(graph, new Map(), 'tensor')).toThrow(/No range/);
});

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import onnx']).status === 0,
);

const CHECK = `import onnx, sys
for file in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(file), full_check=True)
    print(file)`;

const folder = mkdtempSync(path.join(tmpdir(), 'orbit-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!python)(
  `the official checker takes every file${python ? '' : ' (needs python3-onnx: skipped)'}`,
  () => {
    const files = Object.values(kinds()).flatMap((model, i) => {
      const graph = graphOf(model);
      const ranges: Ranges = new Map(roundedValues(graph).map((name) => [name, [-1, 1] as const]));
      const rounded = quantiseModel(model, { layers: 'all', range: i % 2 ? 'tile' : 'batch' });
      return [
        onnxOf(model, USUAL_CHOICES),
        onnxOf(model, { batch: 3, preprocessing: 'beside' }),
        onnxOf(rounded, USUAL_CHOICES),
        ...SCALES.map((scales) => onnxOfGraph(model, inIntegers(graph, ranges, scales), USUAL_CHOICES)),
      ].map(({ bytes }, k) => {
        const file = path.join(folder, `${i}-${k}.onnx`);
        writeFileSync(file, bytes);
        return file;
      });
    });
    const run = spawnSync(python!, ['-c', CHECK, ...files], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.stdout.trim().split('\n')).toEqual(files);
  },
  180_000,
);
