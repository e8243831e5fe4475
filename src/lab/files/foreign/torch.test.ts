/**
 * Checkpoints and ONNX files that PyTorch itself has written, of each kind that is known by name, against what it answered.
 * Skipped by name where it is not installed (Debian: python3-torch).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probabilitiesOf } from '../../evaluate/softmax';
import { openClassifier } from '../../families/networks';
import type { AnyModel } from '../../nn/model';
import * as tf from '../../runtime/tf';
import { testPlatform } from '../../testing/platform';
import { relativeToRange } from '../../testing/tiny';
import { readForeign } from './read';

interface Answer {
  readonly size: number;
  readonly input: readonly number[];
  readonly logits: readonly number[];
}

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import torch']).status === 0,
);

const CHECKPOINTS = [
  { file: 'vgg', kind: 'VGG' },
  { file: 'vgg_bn', kind: 'VGG' },
  { file: 'resnet18', kind: 'ResNet' },
  { file: 'resnet50', kind: 'ResNet' },
  { file: 'mobilenet_v2', kind: 'MobileNet-V2' },
];

describe(`PyTorch${python ? '' : ' (needs python3 with torch: skipped)'}`, () => {
  let folder = '';
  let answers: Readonly<Record<string, Answer>> = {};

  beforeAll(async () => {
    if (!python) return;
    await testPlatform().start('wasm');
    folder = mkdtempSync(path.join(tmpdir(), 'lab-torch-'));
    const script = path.join(import.meta.dirname, 'testing/torchvision.py');
    const { stdout, stderr, status } = spawnSync(python, [script, folder], { maxBuffer: 2 ** 26 });
    if (status !== 0) throw new Error(String(stderr));
    answers = JSON.parse(String(stdout));
  }, 60_000);

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  const read = (name: string, ending: string) => {
    const bytes = new Uint8Array(readFileSync(path.join(folder, `${name}.${ending}`)));
    const pictures = { mean: [0.5], std: [0.25], classes: ['a', 'b', 'c', 'd', 'e'] };
    return readForeign(bytes, { size: answers[name].size, ...pictures }, name);
  };

  async function logitsOf(model: AnyModel, { input, size }: Answer): Promise<Float32Array> {
    const network = openClassifier(model);
    const logits = tf.tidy(() => network.logits(tf.tensor4d(Float32Array.from(input), [4, size, size, 3])));
    const values = Float32Array.from(await logits.data());
    logits.dispose();
    network.dispose();
    return values;
  }

  test.skipIf(!python).each(CHECKPOINTS)(
    '$file: a checkpoint gives the same logits',
    async ({ file, kind }) => {
      const came = await read(file, 'safetensors');
      expect(came.kind).toBe(kind);
      expect(relativeToRange(await logitsOf(came.model, answers[file]), answers[file].logits)).toBeLessThan(
        1e-4,
      );
    },
  );

  test.skipIf(!python).each(CHECKPOINTS.slice(1))('$file: so does its ONNX file', async ({ file }) => {
    const { model } = await read(file, 'onnx');
    expect(relativeToRange(await logitsOf(model, answers[file]), answers[file].logits)).toBeLessThan(1e-4);
  });

  test.skipIf(!python)(
    'a sequence that flattens by the size of the batch and ends with probabilities',
    async () => {
      const { model } = await read('counted', 'onnx');
      const logits = await logitsOf(model, answers.counted);
      const shares = Array.from({ length: 4 }, (_, n) => [...probabilitiesOf(logits, 5, n)]).flat();
      expect(relativeToRange(Float32Array.from(shares), answers.counted.logits)).toBeLessThan(1e-4);
    },
  );
});
