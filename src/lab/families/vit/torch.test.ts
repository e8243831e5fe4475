/**
 * PyTorch as the judge of the plain transformer: logits, loss, every gradient, and three steps of AdamW. Skipped by name where
 * it is not installed (Debian: python3-torch).
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { uploadParams } from '../../nn/live';
import type { Param } from '../../nn/model';
import * as tf from '../../runtime/tf';
import { testPlatform } from '../../testing/platform';
import { noise, relativeToRange, shakenModel, tinyVit } from '../../testing/tiny';
import { adamState, adamStep } from '../../train/adam';
import { crossEntropy } from '../../train/loss';
import { vitTrainee } from './trainee';

interface Answer {
  readonly logits: readonly number[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly stepped: Readonly<Record<string, readonly number[]>>;
}

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import torch']).status === 0,
);
const settings = { smoothing: 0.1, weightDecay: 0.05, learningRate: 0.003 };

describe(`PyTorch${python ? '' : ' (needs python3 with torch: skipped)'}`, () => {
  const spec = tinyVit();
  const model = shakenModel(spec);
  const pictures: Param = { shape: [5, 8, 8, 3], data: noise(5 * 192, 3) };
  const labels = [0, 2, 1, 1, 0];
  let answer: Answer;

  beforeAll(async () => {
    if (!python) return;
    await testPlatform().start('wasm');
    const plain = ({ shape, data }: Param) => ({ shape, data: Array.from(data) });
    const params = Object.fromEntries(
      Object.entries(model.params).map(([name, each]) => [name, plain(each)]),
    );
    const input = JSON.stringify({ spec, settings, params, pictures: plain(pictures), labels });
    const script = path.join(import.meta.dirname, 'testing/transformer.py');
    const { stdout, stderr, status } = spawnSync(python, [script], { input, maxBuffer: 2 ** 24 });
    if (status !== 0) throw new Error(String(stderr));
    answer = JSON.parse(String(stdout));
  }, 60_000);

  function step(live: Record<string, tf.Tensor>) {
    const names = Object.keys(live);
    const x = tf.tensor4d(pictures.data, [5, 8, 8, 3]);
    let logits: readonly number[] = [];
    const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const given = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      const result = vitTrainee(spec).train(given, x, null).logits;
      logits = Array.from(result.dataSync());
      return crossEntropy(result, labels, settings.smoothing);
    })(names.map((name) => live[name]));
    return {
      logits,
      loss: value.dataSync()[0],
      gradients: Object.fromEntries(names.map((n, i) => [n, grads[i]])),
    };
  }

  test.skipIf(!python)(
    'and the lab agree on logits, smoothed loss and the gradient of every parameter',
    () => {
      tf.tidy(() => {
        const { logits, loss, gradients } = step(uploadParams(model.params));
        expect(relativeToRange(logits, answer.logits)).toBeLessThan(1e-5);
        expect(Math.abs(loss - answer.loss)).toBeLessThan(1e-5);
        expect(Object.keys(gradients).sort()).toEqual(Object.keys(answer.gradients).sort());
        for (const [name, gradient] of Object.entries(gradients)) {
          // A constant added to all keys changes no score: that part of the gradient is 0, and its rounding nobody's.
          const size = Math.max(...answer.gradients[name].map(Math.abs), 1e-2);
          gradient.dataSync().forEach((value, i) => {
            expect(Math.abs(value - answer.gradients[name][i]), name).toBeLessThan(2e-5 * size);
          });
        }
      });
    },
  );

  test.skipIf(!python)('and the lab take the same three steps of AdamW', async () => {
    const live = uploadParams(model.params);
    const state = adamState(live);
    const decoupled = new Set(Object.keys(live).filter((name) => name.endsWith('.weight')));
    for (let i = 0; i < 3; i++) {
      const gradients = tf.tidy(() => step(live).gradients);
      adamStep(live, gradients, state, { ...settings, decoupled });
      tf.dispose(Object.values(gradients));
    }
    for (const [name, { data }] of Object.entries(model.params)) {
      // Adam divides by the gradient's own size: where that is rounding alone, so is the step.
      if (name.endsWith('qkv.bias')) continue;
      const moved = live[name].dataSync();
      moved.forEach((value, i) => {
        expect(Math.abs(value - answer.stepped[name][i]), name).toBeLessThan(0.02 * settings.learningRate);
      });
      expect(Math.max(...moved.map((value, i) => Math.abs(value - data[i])))).toBeGreaterThan(
        settings.learningRate,
      );
    }
    tf.dispose([live, state.first, state.second].flatMap((each) => Object.values(each)));
  });
});
