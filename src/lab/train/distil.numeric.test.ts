import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelStatistics } from '../data/tiles';
import { BadInput } from '../errors';
import type { GcnnModel } from '../families/gcnn/model';
import { initialParams } from '../families/init';
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpointFile';
import * as tf from '../runtime/tf';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, tinyDataset, tinyModel, tinySplits } from '../testing/tiny';
import { distilModel } from './distil';
import type { FitResult } from './fit';
import { crossEntropy, distillationLoss } from './loss';
import { distilSettingsSchema } from './settings';

const TILES = 4;
const CLASSES = 3;
const LABELS = [0, 2, 1, 1];
const logits = (seed: number, spread = 5) => noise(TILES * CLASSES, seed).map((value) => spread * value);

/** Loss and gradient of a student's logits. */
async function lossOf(
  student: Float32Array,
  loss: (logits: tf.Tensor2D) => tf.Scalar,
): Promise<{ loss: number; gradient: Float32Array }> {
  const { value, grad } = tf.tidy(() =>
    tf.valueAndGrad((x) => loss(x as tf.Tensor2D))(tf.tensor2d(student, [TILES, CLASSES])),
  );
  const found = { loss: (await value.data())[0], gradient: Float32Array.from(await grad.data()) };
  tf.dispose([value, grad]);
  return found;
}

const distilled = (student: Float32Array, teacher: Float32Array, alpha: number, temperature: number) =>
  lossOf(student, (x) =>
    distillationLoss(x, LABELS, tf.tensor2d(teacher, [TILES, CLASSES]), { alpha, temperature }),
  );

/** T²·KL and its gradient in float64, straight from the definition. */
function directly(student: Float32Array, teacher: Float32Array, temperature: number) {
  let loss = 0;
  const gradient: number[] = [];
  for (let t = 0; t < TILES; t++) {
    const softmax = (of: Float32Array) => {
      const row = Array.from(of.subarray(t * CLASSES, (t + 1) * CLASSES), (z) => Math.exp(z / temperature));
      const sum = row.reduce((a, b) => a + b);
      return row.map((value) => value / sum);
    };
    const [p, q] = [softmax(teacher), softmax(student)];
    p.forEach((value, c) => {
      loss += (temperature ** 2 * value * Math.log(value / q[c])) / TILES;
      gradient.push((temperature * (q[c] - value)) / TILES);
    });
  }
  return { loss, gradient };
}

describeOnBackends('the distillation loss', (backend) => {
  forbidLeaks();
  const numRuns = backend === 'webgpu' ? 3 : 25;
  const seed = fc.integer({ min: 1, max: 1e6 });

  test('with α = 1 is cross-entropy, bit for bit, whatever the teacher says', () =>
    fc.assert(
      fc.asyncProperty(seed, seed, async (a, b) => {
        const plain = await lossOf(logits(a), (x) => crossEntropy(x, LABELS));
        expect(await distilled(logits(a), logits(b), 1, 4)).toEqual(plain);
      }),
      { numRuns },
    ));

  test('with α = 0 is T²·KL(teacher ‖ student) at any temperature', () =>
    fc.assert(
      fc.asyncProperty(seed, seed, fc.constantFrom(1, 2, 4, 10), async (a, b, temperature) => {
        const found = await distilled(logits(a), logits(b), 0, temperature);
        const expected = directly(logits(a), logits(b), temperature);
        expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-5 * (1 + expected.loss));
        found.gradient.forEach((value, i) => {
          expect(Math.abs(value - expected.gradient[i])).toBeLessThan(1e-5);
        });
      }),
      { numRuns },
    ));

  test('for large T its gradient tends to that of half the squared distance of centred logits: T² is the right scale', async () => {
    const [student, teacher] = [logits(1, 1), logits(2, 1)];
    const { gradient } = await distilled(student, teacher, 0, 100);
    const centred = (of: Float32Array, i: number) => {
      const row = of.subarray(i - (i % CLASSES), i - (i % CLASSES) + CLASSES);
      return of[i] - row.reduce((a, b) => a + b) / CLASSES;
    };
    gradient.forEach((value, i) => {
      const limit = (centred(student, i) - centred(teacher, i)) / (CLASSES * TILES);
      expect(Math.abs(value - limit)).toBeLessThan(0.02 / TILES);
    });
  });

  test('has no soft gradient at all where the student says what the teacher says', async () => {
    const same = await distilled(logits(3), logits(3), 0, 4);
    expect(same.loss).toBe(0);
    expect(Array.from(same.gradient, Math.abs)).toEqual(Array(TILES * CLASSES).fill(0));
  });

  test('is the mixture of its two ends', async () => {
    const at = (alpha: number) => distilled(logits(4), logits(5), alpha, 4);
    const [soft, mixed, hard] = [await at(0), await at(0.3), await at(1)];
    expect(mixed.loss).toBeCloseTo(0.3 * hard.loss + 0.7 * soft.loss, 5);
    mixed.gradient.forEach((value, i) => {
      expect(value).toBeCloseTo(0.3 * hard.gradient[i] + 0.7 * soft.gradient[i], 6);
    });
  });
});

const dataset = tinyDataset();
const splits = tinySplits(dataset);
const normalisation = channelStatistics(dataset, splits.train);
const teacher: GcnnModel = { ...tinyModel({ seed: 9 }), normalisation };
const student = (hidden = 4): GcnnModel => {
  const { arch, ...rest } = tinyModel({ hidden, dropout: 0.25 });
  return { ...rest, arch, params: initialParams(arch, 2), normalisation };
};
const settings = (epochs: number, alpha = 0.5) =>
  distilSettingsSchema.parse({ epochs, batch: 8, learningRate: 0.01, alpha });
const distil = (epochs: number, alpha?: number, resume?: FitCheckpoint) =>
  distilModel(teacher, student(), dataset, splits, settings(epochs, alpha), 5, resume);

const withoutTimes = ({ history, best, ...rest }: FitResult) => ({
  ...rest,
  best: { ...best, seconds: 0 },
  history: history.map((epoch) => ({ ...epoch, seconds: 0 })),
});

async function checkpointAfter(epoch: number): Promise<FitCheckpoint> {
  for await (const event of distil(4)) {
    if (event.type === 'checkpoint' && event.checkpoint.history.length === epoch) return event.checkpoint;
  }
  throw new Error('the stage ended before that epoch');
}

describeOnBackends('distilling', (backend) => {
  forbidLeaks();

  test('draws the student towards the teacher, and stopped in mid-epoch frees its tensors', async () => {
    const epochs = backend === 'webgpu' ? 2 : 8;
    const { history } = await finish(distil(epochs, 0));
    expect(history.at(-1)!.loss).toBeLessThan(history[0].loss);
    for await (const event of distil(3)) if (event.type === 'batch') break;
  });

  test('a teacher of other classes or other tiles is refused', async () => {
    const other = { ...teacher, classes: ['a', 'b', 'x'] };
    const run = (from: GcnnModel) => finish(distilModel(from, student(), dataset, splits, settings(1), 1));
    await expect(run(other)).rejects.toThrow(BadInput);
    await expect(run(tinyModel({ size: 16 }))).rejects.toThrow(/16×16×3/);
  });

  // WebGPU adds up long sums in no fixed order.
  describe.skipIf(backend === 'webgpu')('resumed', () => {
    test.each([1, 3])('after epoch %i equals the uninterrupted run bit for bit', async (epoch) => {
      const whole = await finish(distil(4));
      const cut = await checkpointAfter(epoch);
      const restored = decodeCheckpoint(encodeCheckpoint(cut));
      expect(restored).toEqual(cut);
      expect(withoutTimes(await finish(distil(4, 0.5, restored)))).toEqual(withoutTimes(whole));
    });

    test('hears the teacher it began with: its logits come from the checkpoint', async () => {
      const cut = await checkpointAfter(1);
      const deaf = { ...teacher, params: initialParams(teacher.arch, 77) };
      const resumed = await finish(distilModel(deaf, student(), dataset, splits, settings(4), 5, cut));
      expect(withoutTimes(resumed)).toEqual(withoutTimes(await finish(distil(4))));
    });
  });
});
