import { describe, expect, test } from 'vitest';
import { channelStatistics } from '../data/tiles';
import type { GcnnModel } from '../families/gcnn/model';
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpointFile';
import { extractFields } from '../prune/fields/extract';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish, type LabEvent, runUntilStopped, type Stage } from '../stage/events';
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

  test('gives its host a turn after every piece of the validation tiles, and stops there', async () => {
    const many = tinyDataset(60);
    const val = Uint32Array.from({ length: 150 }, (_, i) => i);
    const own = { ...tinySplits(many), val };
    const train = () => trainModel(modelFor('C4'), many, own, { ...settings(1), batch: 64 }, 1);
    const seen: LabEvent[] = [];
    const whole = await finish(train(), (event) => void seen.push(event));
    const at = seen.findIndex(({ type }) => type === 'checkpoint');
    expect(seen.slice(at - 2, at)).toEqual([
      { type: 'progress', what: 'validation', done: 64, total: 150 },
      { type: 'progress', what: 'validation', done: 128, total: 150 },
    ]);
    // Stopped, it is over within the piece: no epoch is told of, and nothing is left behind (`forbidLeaks`).
    const stop = new AbortController();
    const told: string[] = [];
    const stopped = await finish(runUntilStopped(train(), stop.signal), ({ type }) => {
      told.push(type);
      if (type === 'progress') stop.abort();
    });
    expect(stopped).toBeNull();
    expect(told.at(-1)).toBe('progress');
    expect(told).not.toContain('epoch');
    // A host that takes its time in between is not told that the network did.
    const slow = await finish(train(), async ({ type }) => {
      if (type === 'progress') await new Promise((resolve) => setTimeout(resolve, 700));
    });
    expect(slow.history[0].seconds).toBeLessThan(whole.history[0].seconds + 1.3);
    if (backend !== 'webgpu') expect(withoutTimes(slow)).toEqual(withoutTimes(whole));
  });

  test('a checkpoint of a network of another shape is not loaded, and that is said', async () => {
    const model = modelFor('C4');
    const other = extractFields(model, [Uint32Array.of(0), Uint32Array.of(0, 2)]);
    const run = (start: GcnnModel, resume?: FitCheckpoint) =>
      trainModel(start, dataset, splits, settings(2), 1, resume);
    const cut = await lastCheckpoint(run(model), 1);
    const warnings: string[] = [];
    const anew = await finish(run(other, cut), (event) => {
      if (event.type === 'warning') warnings.push(event.message);
    });
    expect(warnings).toEqual([expect.stringMatching(/of another shape, so this training begins/)]);
    expect(anew.history).toHaveLength(2);
    expect(anew.params['conv1.weight'].shape).toEqual(other.params['conv1.weight'].shape);
    if (backend !== 'webgpu') expect(withoutTimes(anew)).toEqual(withoutTimes(await finish(run(other))));
  });

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
