import { describe, expect, test } from 'vitest';
import { channelStatistics } from '../data/tiles';
import type { GcnnModel } from '../families/gcnn/model';
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpointFile';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish, type LabEvent, type Stage } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../testing/tiny';
import type { FitResult } from './fit';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

const dataset = tinyDataset();
const splits = tinySplits(dataset);

function modelFor(group: 'C1' | 'C4' | 'D4'): GcnnModel {
  const model = tinyModel({ group, dropout: 0.25, filters: group === 'D4' ? 'steerable' : 'grid' });
  return { ...model, normalisation: channelStatistics(dataset, splits.train) };
}

const settings = (epochs: number) =>
  trainSettingsSchema.parse({ epochs, batch: 8, learningRate: 0.01, decay: 'linear' });

const withoutTimes = ({ history, ...rest }: FitResult) => ({
  ...rest,
  best: { ...rest.best, seconds: 0 },
  history: history.map((epoch) => ({ ...epoch, seconds: 0 })),
});

async function lastCheckpoint(stage: Stage<FitResult>, epoch: number): Promise<FitCheckpoint> {
  for await (const event of stage) {
    if (event.type === 'checkpoint' && event.checkpoint.history.length === epoch) return event.checkpoint;
  }
  throw new Error('the stage ended before that epoch');
}

describeOnBackends('training', (backend) => {
  forbidLeaks();
  const groups = backend === 'wasm' ? (['C1', 'C4', 'D4'] as const) : (['C4'] as const);

  for (const group of groups) {
    test(`${group}: learns, reports every batch and epoch, and keeps the best epoch`, async () => {
      const epochs = backend === 'webgpu' ? 2 : 8;
      const events: LabEvent[] = [];
      const stage = trainModel(modelFor(group), dataset, splits, settings(epochs), 1);
      const result = await finish(stage, (event) => void events.push(event));
      expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(result.history.length);
      expect(events.filter(({ type }) => type === 'batch').length).toBe(result.history.length * 3);
      expect(result.best.accuracy).toBe(Math.max(...result.history.map(({ accuracy }) => accuracy)));
      expect(result.history.at(-1)!.loss).toBeLessThan(result.history[0].loss);
      if (backend !== 'webgpu') expect(result.best.accuracy).toBeGreaterThan(0.6);
    });
  }

  test('stopped in mid-epoch frees its tensors', async () => {
    const stage = trainModel(modelFor('C4'), dataset, splits, settings(3), 1);
    for await (const event of stage) if (event.type === 'batch') break;
  });
});

// WebGPU adds up long sums in no fixed order, so only WASM and plain JavaScript promise equal bits.
describeOnBackends('reproducibility', (backend) => {
  const promised = backend === 'wasm' || backend === 'cpu';

  describe.runIf(promised)('of seeded runs', () => {
    test('the same seed twice gives the same bits, another seed others', async () => {
      const run = async (seed: number) =>
        withoutTimes(await finish(trainModel(modelFor('C4'), dataset, splits, settings(2), seed)));
      const first = await run(5);
      expect(await run(5)).toEqual(first);
      expect((await run(6)).params).not.toEqual(first.params);
    });

    test.each([1, 2, 3])(
      'a run resumed after epoch %i equals the uninterrupted one bit for bit',
      async (epoch) => {
        const model = modelFor('C4');
        const whole = await finish(trainModel(model, dataset, splits, settings(4), 5));
        const cut = await lastCheckpoint(trainModel(model, dataset, splits, settings(4), 5), epoch);
        const restored = decodeCheckpoint(encodeCheckpoint(cut));
        expect(restored).toEqual(cut);
        const resumed = await finish(trainModel(model, dataset, splits, settings(4), 5, restored));
        expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
      },
    );
  });
  test.runIf(!promised)(`${backend}: equal bits are not promised here`, () => {
    expect(backend).toBe('webgpu');
  });
});
