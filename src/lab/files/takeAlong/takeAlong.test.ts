/** What is handed out beside a network, and that the script in it runs, where there is a Python with numpy. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GcnnModel } from '../../families/gcnn/model';
import { scriptFor } from '../../families/gcnn/script';
import type { Model } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import { checkRecipe } from '../../recipe/schema';
import { testPlatform } from '../../testing/platform';
import { relativeToRange, shakenModel, tinyModel, tinyVit } from '../../testing/tiny';
import { encodeModel } from '../modelFile';
import { dataSectionBytes, decodeSafetensors } from '../safetensors';
import { logitsOfPicture } from './logits';
import { PATTERN, patternPixels } from './pattern';
import { filesOf, type NamedFile, takeAlong, zipFolder } from './takeAlong';

const recipe = checkRecipe({
  version: 2,
  name: 'small',
  arch: { id: 'tiny', group: 'D4', size: 8 },
  seed: 3,
  split: { seed: 7, train: 0.6, val: 0.2, test: 0.2 },
  stages: [
    { kind: 'train', settings: { epochs: 9 } },
    { kind: 'prune-fields', ratio: 0.5, compensation: 'norms' },
    { kind: 'prune', ratio: 0.5, compensation: 'mean' },
    { kind: 'finetune' },
    { kind: 'quantise' },
  ],
});
const size = { params: 100, macs: 5, bytes: 400 };
const told: GcnnModel = {
  ...tinyModel({ group: 'D4' }),
  provenance: {
    version: 2,
    id: 'f'.repeat(32),
    recipe,
    data: {
      name: 'twelve',
      title: 'Twelve | tiles',
      synthetic: false,
      count: 60,
      parts: { train: 36, val: 12, test: 12 },
      fingerprint: '0123456789abcdef',
    },
    steps: [
      { name: 'train', id: '1', kind: 'train', accuracy: 0.875, bestEpoch: 4, epochs: 9, ...size },
      {
        name: 'prune fields l2 norms 50%',
        id: '2',
        kind: 'prune-fields',
        accuracy: 0.5,
        left: [1, 2],
        ...size,
      },
      { name: 'prune l2 mean 50%', id: '3', kind: 'prune', accuracy: 0.4, left: 4, agreement: 1, ...size },
      {
        name: 'finetune head',
        id: '4',
        kind: 'finetune',
        accuracy: 0.8,
        triggered: true,
        epochs: 6,
        stop: 'patience',
        ...size,
      },
      { name: 'quantise dense per tile', id: '5', kind: 'quantise', accuracy: 0.75, ...size },
      {
        ...{
          name: 'check test',
          id: '6',
          kind: 'check',
          of: 'quantise dense per tile',
          split: 'test',
          n: 12,
        },
        ...{ angles: [{ degrees: 0, accuracy: 0.7 }], agreement: 1, undecided: 2, accuracy: 0.7, ...size },
      },
    ],
    engine: 'wasm',
    lab: '0.1.0',
    dataset: 'Twelve | tiles',
    synthetic: false,
  },
};
const CHECK = [1, -2, 0.123456789];
const textOf = (files: readonly NamedFile[], name: string): string =>
  new TextDecoder().decode(files.find((file) => file.name === name)!.bytes);

describe('the files', () => {
  const { files } = filesOf(told, CHECK);
  const readme = textOf(files, 'README.md');

  test('are a README, the network, the script and the recipe', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'README.md',
      'network.safetensors',
      'run.py',
      'recipe.json',
    ]);
    expect(JSON.parse(textOf(files, 'recipe.json'))).toEqual(recipe);
    expect(filesOf(tinyModel(), CHECK).files.map(({ name }) => name)).not.toContain('recipe.json');
  });

  test('have the sizes the README tells, and it holds the whole script', () => {
    for (const { name, bytes } of files) {
      if (name !== 'README.md') expect(readme).toContain(`| ${name} | ${bytes.length} |`);
    }
    expect(readme).toContain(`\`\`\`python\n${textOf(files, 'run.py')}\`\`\``);
    expect(scriptFor(PATTERN).split('\n').length - 1).toBeLessThanOrEqual(150);
  });

  test('say what the tensors take, exported and in the lab', () => {
    const network = files.find(({ name }) => name === 'network.safetensors')!;
    expect(readme).toContain(
      `take ${dataSectionBytes(network.bytes)} bytes as exported here (filters expanded, norms folded in), and ` +
        `${dataSectionBytes(encodeModel(told))} bytes as stored in Orbit Lab`,
    );
  });

  test('say where the network comes from, and nothing that is not known', () => {
    for (const words of [
      'Twelve | tiles; 60 tiles, fingerprint 0123456789abcdef',
      '36, 12 and 12 tiles, split seed 7',
      'Train ({"settings":{"epochs":9',
      '87.5 % on the validation tiles; best epoch 4 of 9',
      'Prune fields l2 norms 50% ({"ratio":0.5,"method":"l2","compensation":"norms"}): 50.0 % on the validation tiles; 1, 2 units left',
      '4 units left; same answer at all turns 100.0 %',
      '80.0 % on the validation tiles; 6 epochs, ended by patience',
      'Quantise dense per tile ({"layers":"dense","range":"tile"}): 75.0 %',
      'Check test of “quantise dense per tile”: 12 test tiles, 70.0 % at 0°; same answer at all turns 100.0 %, 2 too close',
      'engine wasm by Orbit Lab 0.1.0, seed 3',
      'npm run -s lab -- run recipe.json --data twelve --out again',
    ])
      expect(readme).toContain(words);
    expect(readme).toContain('0.12345679');
    const unknown = textOf(filesOf(tinyModel(), CHECK).files, 'README.md');
    expect(unknown).toContain('does not say');
    expect(unknown).not.toMatch(/undefined|NaN|null/);
    expect(readme).not.toMatch(/undefined|NaN/);
  });

  test('list every tensor with its shape', () => {
    const network = files.find(({ name }) => name === 'network.safetensors')!;
    const { tensors, metadata } = decodeSafetensors(network.bytes);
    for (const [name, { dtype, shape }] of Object.entries(tensors)) {
      expect(readme).toContain(`| ${name} | ${dtype} | ${shape.join(' × ')} |`);
    }
    expect(tensors['conv2.weight'].shape).toEqual([24, 16, 3, 3]);
    expect(JSON.parse(metadata.config)).toMatchObject({ orientations: 8, check: CHECK });
  });

  test('integers stay integers: a quantised network is the smaller one to take along', () => {
    const bytes = (model: GcnnModel) =>
      filesOf(model, CHECK).files.find(({ name }) => name === 'network.safetensors')!.bytes;
    const quantised = bytes(quantiseModel(told, { layers: 'all', range: 'tile' }));
    expect(decodeSafetensors(quantised).tensors['conv1.weight'].dtype).toBe('I8');
    expect(quantised.length).toBeLessThan(bytes(told).length);
  });

  test('come as a zip with the same bytes, the same each time', async () => {
    const zip = await zipFolder('small', files);
    expect(await zipFolder('small', files)).toEqual(zip);
    const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(zip)])), { useWebWorkers: false });
    for (const entry of await reader.getEntries()) {
      if (entry.directory) continue;
      const { bytes } = files.find(({ name }) => entry.filename === `small/${name}`)!;
      expect(await entry.getData(new Uint8ArrayWriter())).toEqual(bytes);
    }
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

/** A Python may take seconds to start on a busy machine. */
const PATIENCE = 180_000;

describe(`the script${python ? '' : ' (needs python3 with numpy: skipped)'}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orbit-export-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    await testPlatform().start('cpu');
  });

  const float = { group: 'D4', filters: 'steerable', kernel: 5 } as const;
  test.skipIf(!python).each<[string, Model, number]>([
    ['orbit head', tinyModel({ ...float, head: 'orbit' }), 1e-5],
    ['flat head', tinyModel({ ...float, head: 'flat' }), 1e-5],
    ['pooled head, plain', tinyModel({ group: 'C1', head: 'pooled' }), 1e-5],
    [
      'integers in the head',
      quantiseModel(tinyModel({ head: 'orbit' }), { layers: 'dense', range: 'batch' }),
      1e-4,
    ],
    ['a plain transformer', shakenModel(tinyVit('C1')), 1e-5],
    ['a transformer under D4', shakenModel(tinyVit('D4')), 1e-5],
    ['one that averages its fields', shakenModel({ ...tinyVit('C4'), pooling: 'mean' }), 1e-5],
    [
      'a transformer in integers',
      quantiseModel(shakenModel(tinyVit('C4')), { layers: 'all', range: 'tile' }),
      1e-4,
    ],
    [
      'integers everywhere',
      quantiseModel(tinyModel({ head: 'flat' }), { layers: 'all', range: 'tile' }),
      1e-4,
    ],
  ])(
    'runs: %s',
    async (_, model, bound) => {
      const { files } = await takeAlong(model);
      for (const { name, bytes } of files) writeFileSync(path.join(folder, name), bytes);
      // A picture of twice the size, as a .npy file: averaged down as the lab does.
      const pixels = patternPixels(8, 3).map((value) => 255 - value);
      const large = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => {
        const [y, x, c] = [Math.floor(i / 48), Math.floor(i / 3) % 16, i % 3];
        return pixels[(Math.floor(y / 2) * 8 + Math.floor(x / 2)) * 3 + c];
      });
      writeFileSync(path.join(folder, 'picture.npy'), npy(large, [16, 16, 3]));
      const script = [path.join(folder, 'run.py'), path.join(folder, 'picture.npy')];
      const lines = execFileSync(python!, script, { encoding: 'utf8' }).trim().split('\n');
      const found = lines.map((line) => /^ *([\d.]+)% {2}(\w) {2}\(logit (\S+)\)$/.exec(line)!.slice(1));
      const logits = model.classes.map((name) => Number(found.find(([, each]) => each === name)![2]));
      expect(relativeToRange(logits, await logitsOfPicture(model, pixels))).toBeLessThan(bound);
      const shares = found.map(([share]) => Number(share));
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 0);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
    },
    PATIENCE,
  );

  test.skipIf(!python)(
    'says whether the network runs as it should',
    async () => {
      const { check } = await takeAlong(told);
      for (const [sign, status] of [
        [1, 0],
        [-1, 1],
      ]) {
        const { files } = filesOf(
          told,
          check.map((value) => sign * value),
        );
        for (const { name, bytes } of files) writeFileSync(path.join(folder, name), bytes);
        const run = spawnSync(python!, [path.join(folder, 'run.py'), '--test'], { encoding: 'utf8' });
        expect(run).toMatchObject({ status, stderr: '' });
        expect(run.stdout).toMatch(/^largest difference: \S+ of the logits' range\n$/);
      }
    },
    PATIENCE,
  );
});

/** numpy's file format, version 1.0, for bytes. */
function npy(data: Uint8Array, shape: readonly number[]): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const bytes = Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, padded.length, 0]);
  return Uint8Array.from([...bytes, ...new TextEncoder().encode(padded), ...data]);
}
