import { beforeAll, expect, test } from 'vitest';
import { requireHidden } from '../../families/units';
import type { FitCheckpoint } from '../../stage/checkpoint';
import { finish } from '../../stage/events';
import { memoryStore } from '../../stage/store';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { finetuneSettingsSchema } from '../../train/settings';
import { CRITERION_IDS } from '../criteria';
import { COMPENSATIONS } from '../neurons/compensate';
import { firstTiles, growingStudy, studyOf } from '../neurons/growingStudy';
import { prune } from '../neurons/prune';
import { type Sheet, sheetOf } from '../neurons/sheet';
import { checkHead, openStudy, type Study } from '../neurons/study';
import { finetuneSession } from './session';

const HIDDEN = 6;
const dataset = tinyDataset(20);
const splits = tinySplits(dataset);
const model = tinyModel({ hidden: HIDDEN });
const open = () => finish(openStudy(model, dataset, splits));

describeOnBackends('a study opened bit by bit', () => {
  forbidLeaks();

  test('is at first that of the needed tiles, evenly from all classes, and at last that of openStudy', async () => {
    const bench = growingStudy(model, dataset, splits);
    const part = await finish(studyOf(bench, 6));
    expect([...part.turns[0].labels].sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(part.train.labels.length).toBe(6);
    expect(firstTiles(bench.dataset, bench.splits, 6).length).toBe(12);

    const steps: number[] = [];
    const whole = await finish(studyOf(bench), (event) => {
      if (event.type === 'progress') steps.push(event.done / event.total);
    });
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(1);
    const expected = await open();
    expect(whole.turns.map(({ labels }) => labels)).toEqual(expected.turns.map(({ labels }) => labels));
    // Batches are cut differently, which a GPU may answer in the last bits.
    expect(Math.max(...difference(whole.train.values, expected.train.values))).toBeLessThan(1e-5);
    expect(whole.baseline).toEqual(expected.baseline);
  });
});

describeOnBackends('the sheet of a study', () => {
  let study: Study;
  let sheet: Sheet;
  beforeAll(async () => {
    study = await open();
    sheet = await finish(sheetOf(study, 1));
  });
  forbidLeaks();

  test('holds for every method, compensation and count what the really smaller network gives', async () => {
    expect(sheet.curves.length).toBe(CRITERION_IDS.length * COMPENSATIONS.length);
    for (const { method, compensation, accuracy, changed } of sheet.curves) {
      for (const kept of [1, 3, HIDDEN]) {
        const choice = { method, compensation, ratio: (HIDDEN - kept) / HIDDEN, seed: 1 };
        const pruned = prune(study.model, choice, study.statistics);
        expect(pruned.kept.length).toBe(kept);
        const check = await checkHead(study.turns, pruned.model);
        expect(accuracy.map((turn) => turn[kept])).toEqual(check.turned);
        expect(changed[kept]).toBe(check.changed);
      }
    }
  });

  test('counts tiles, costs and dead neurons', () => {
    expect(sheet.tiles).toBe(splits.val.length);
    expect(sheet.statisticsTiles).toBe(splits.train.length);
    expect([...sheet.dead]).toEqual(Array.from(study.statistics.variance, (v) => (v === 0 ? 1 : 0)));
    const steps = Array.from(sheet.params.subarray(1), (value, k) => value - sheet.params[k]);
    const perNeuron = 4 * 4 * 3 + 1 + 3;
    expect(steps).toEqual(steps.map(() => perNeuron));
  });
});

describeOnBackends('a fine-tuning session', (backend) => {
  let study: Study;
  beforeAll(async () => {
    study = await open();
  });
  forbidLeaks();

  const choice = { method: 'l2', compensation: 'none', ratio: 4 / 6, seed: 1 } as const;
  // Bounds that no net meets, so that it runs all its epochs.
  const bounds = { epochs: 4, batch: 16, tolerance: 0, excellent: 0, learningRate: 0.01 };
  const settings = { ...finetuneSettingsSchema.parse(bounds), scope: 'head' as const };
  /** A study whose pruned net always has lost something. */
  const demanding = (): Study => ({ ...study, baseline: { ...study.baseline, accuracy: 1.5 } });

  test('ends on request with the best epoch so far, and keeps the network', async () => {
    const store = memoryStore();
    const stop = new AbortController();
    const result = await finish(
      finetuneSession(demanding(), choice, settings, { store, key: 'k', stop: stop.signal }),
      (event) => {
        if (event.type === 'checkpoint' && event.checkpoint.history.length === 2) stop.abort();
      },
    );
    expect(result.stop).toBe('stopped');
    expect(result.epochs.length).toBe(2);
    const best = Math.max(result.start, ...result.epochs.map(({ accuracy }) => accuracy));
    expect(result.accuracy).toBe(best);
    const kept = requireHidden((await store.loadStage('k'))!.model!);
    expect((await checkHead(study.turns, kept)).turned).toEqual(result.turned);
    expect(await store.loadCheckpoint('k')).toBeUndefined();
  });

  test('killed after an epoch and started again it ends as if nothing had happened', async () => {
    const never = new AbortController().signal;
    const whole = await finish(
      finetuneSession(demanding(), choice, settings, { store: memoryStore(), key: 'k', stop: never }),
    );
    const store = memoryStore();
    const cut = finetuneSession(demanding(), choice, settings, { store, key: 'k', stop: never });
    for await (const event of cut) if (event.type === 'checkpoint') break;
    const checkpoint = (await store.loadCheckpoint('k')) as FitCheckpoint;
    expect(checkpoint.history.length).toBe(1);
    const told: number[] = [];
    const resumed = await finish(
      finetuneSession(demanding(), choice, settings, { store, key: 'k', stop: never }),
      (event) => {
        if (event.type === 'resumed') told.push(event.history.length);
      },
    );
    expect(told).toEqual([1]);
    const accuracies = ({ epochs }: typeof whole) => epochs.map(({ accuracy }) => accuracy);
    expect(accuracies(resumed).length).toBe(4);
    // WebGPU sums in no fixed order.
    if (backend !== 'webgpu') expect(accuracies(resumed)).toEqual(accuracies(whole));
  });
});

const difference = (a: Float32Array, b: Float32Array): number[] =>
  Array.from(a, (value, i) => Math.abs(value - b[i]));
