import { describe, expect, test } from 'vitest';
import { classCounts, subset } from '../data/tiles';
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpointFile';
import * as tf from '../runtime/tf';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish, type Stage } from '../stage/events';
import { bestEpoch } from '../stage/history';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../testing/tiny';
import { BALANCES } from './balance';
import type { FitResult } from './fit';
import { crossEntropy } from './loss';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

const all = tinyDataset(24);
/** Every tile of the first class, a half of the second, a sixth of the third. */
const kept = Array.from({ length: all.count }, (_, i) => i).filter((i) => {
  const rank = Math.floor(i / 3);
  return rank % [1, 2, 6][i % 3] === 0;
});
const dataset = subset(all, kept);
const splits = tinySplits(dataset);
const model = tinyModel({ dropout: 0.25 });
const settings = (changes: object) =>
  trainSettingsSchema.parse({ epochs: 3, batch: 8, learningRate: 0.01, ...changes });
const trained = (changes: object, resume?: FitCheckpoint) =>
  trainModel(model, dataset, splits, settings(changes), 5, resume);

const withoutTimes = ({ history, ...rest }: FitResult) => ({
  ...rest,
  best: { ...rest.best, seconds: 0 },
  history: history.map((epoch) => ({ ...epoch, seconds: 0 })),
});

async function checkpointOf(stage: Stage<FitResult>, epoch: number): Promise<FitCheckpoint> {
  for await (const event of stage)
    if (event.type === 'checkpoint' && event.checkpoint.history.length === epoch) return event.checkpoint;
  throw new Error('the stage ended before that epoch');
}

describeOnBackends('classes of unequal size', (backend) => {
  forbidLeaks();
  const isExact = backend === 'wasm' || backend === 'cpu';

  test('a weighed loss and its gradient are the definition', async () => {
    const rows = [
      [0.3, -1.2, 0.9],
      [2.1, 0.4, -0.7],
      [-0.2, 0.1, 1.5],
      [0.6, 0.6, -2],
    ];
    const [labels, weights, smoothing] = [[2, 0, 0, 1], [0.5, 3, 1.25], 0.1];
    const expectedLoss: number[] = [];
    const expectedSlope = rows.flatMap((row, i) => {
      const sum = row.reduce((s, v) => s + Math.exp(v), 0);
      const weight = weights[labels[i]];
      const target = row.map((_, c) => smoothing / 3 + (c === labels[i] ? 1 - smoothing : 0));
      expectedLoss.push(weight * row.reduce((s, v, c) => s - target[c] * (v - Math.log(sum)), 0));
      return row.map((v, c) => (weight * (Math.exp(v) / sum - target[c])) / rows.length);
    });
    const logits = tf.tensor2d(rows);
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((x: tf.Tensor) => crossEntropy(x as tf.Tensor2D, labels, smoothing, weights))(logits),
    );
    expect((await value.data())[0]).toBeCloseTo(expectedLoss.reduce((a, b) => a + b) / rows.length, 5);
    for (const [i, slope] of (await grad.data()).entries()) expect(slope).toBeCloseTo(expectedSlope[i], 5);
    tf.dispose([logits, value, grad]);
  });

  test('balanced accuracy is told beside the accuracy, and chooses only where balance was asked for', async () => {
    expect(classCounts(dataset, splits.val).every((n, _, [first]) => n * 1.5 <= first || n === first)).toBe(
      true,
    );
    for (const balance of [undefined, ...BALANCES]) {
      const { history, best } = await finish(trained(balance ? { balance } : {}));
      for (const { balanced, by } of history) {
        expect(balanced).toBeGreaterThanOrEqual(0);
        expect(by).toBe(balance && 'balanced');
      }
      const figures = history.map(({ accuracy, balanced }) => (balance ? balanced! : accuracy));
      expect(balance ? best.balanced : best.accuracy).toBe(Math.max(...figures));
      expect(bestEpoch(history)).toEqual(best);
    }
  });

  describe.runIf(isExact)('of seeded runs', () => {
    test.each(BALANCES)(
      '%s: resumed, it is the uninterrupted training bit for bit, and another one than without',
      async (balance) => {
        const whole = await finish(trained({ balance }));
        const cut = await checkpointOf(trained({ balance }), 2);
        const restored = decodeCheckpoint(encodeCheckpoint(cut));
        expect(restored).toEqual(cut);
        expect(withoutTimes(await finish(trained({ balance }, restored)))).toEqual(withoutTimes(whole));
        expect((await finish(trained({}))).params).not.toEqual(whole.params);
      },
    );

    test('weights of equal classes change nothing but what chooses', async () => {
      const even = tinySplits(all);
      const run = (changes: object) =>
        finish(trainModel(model, all, even, settings({ epochs: 1, ...changes }), 5));
      const [plain, weighed] = [await run({}), await run({ balance: 'weights' })];
      expect(weighed.params).toEqual(plain.params);
      expect(weighed.history[0].balanced).toBeUndefined();
    });
  });
  test.runIf(!isExact)(`${backend}: equal bits are not promised here`, () => {
    expect(backend).toBe('webgpu');
  });
});
