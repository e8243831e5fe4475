import { expect, test } from 'vitest';
import { totalCost } from '../evaluate/cost';
import { type RotationCheck, rotationCheck } from '../evaluate/rotation';
import { finish } from '../stage/events';
import { keyOf, memoryStore, type StageRecord } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { parseRecipe } from './parse';
import { runRecipe } from './pipeline';
import { planRecipe } from './plan';
import { prepare } from './prepare';
import type { Recipe } from './schema';
import { type StudySettings, studyCells, studyName, tuningsOf } from './studyPlan';

const dataset = tinyDataset(12);
const tuning = { epochs: 2, batch: 16, tolerance: 0, excellent: 0, distil: {} };

/** Few epochs, so that pruning has something to lose and fine-tuning something to gain. */
const recipe = (stage: object): Recipe =>
  parseRecipe({
    version: 1,
    name: 'tiny study',
    arch: { id: 'tiny', size: 8 },
    stages: [
      { kind: 'train', settings: { epochs: 3, batch: 16, learningRate: 0.02 } },
      { kind: 'study', ratios: [0.5], head: tuning, network: null, ...stage },
    ],
  });

const ways = { methods: ['variance'], compensations: ['mean'] };
const everything = recipe({
  neurons: ways,
  fields: { methods: ['variance'], compensations: ['mean', 'norms'] },
  orbits: { methods: ['l2'], ring: true },
  channels: { methods: ['variance'], layer: 2 },
  network: {
    ratios: [0.5],
    ways: [{ method: 'variance', compensation: 'mean' }],
    settings: { ...tuning, scope: 'network' },
  },
});

/** Figures that time does not change. */
const timeless = (records: readonly StageRecord[]): unknown =>
  JSON.parse(JSON.stringify(records, (key, value) => (key === 'seconds' ? undefined : value)));

describeOnBackends('a study', (backend) => {
  forbidLeaks();

  test('tells of every network what its own check tells, and all but the counter-example stay invariant', async () => {
    const planned = backend === 'webgpu' ? recipe({ fields: ways }) : everything;
    const store = memoryStore();
    const prepared = prepare(planned, dataset);
    const report = await finish(runRecipe(prepared, store));
    expect(report.stages.map(({ name }) => name)).toEqual(planRecipe(planned).map(({ name }) => name));
    const [trained, ...records] = report.stages;
    for (const record of records) {
      const found = record.test as Pick<RotationCheck, 'agreement' | 'equivarianceError'> & {
        answers: number[];
      };
      expect(record.baseline, record.name).toBe(trained.accuracy);
      const model = (await store.loadStage(keyOf(record)))?.model;
      if (record.units === 'channels') {
        expect(model).toBeUndefined();
        expect(found.equivarianceError.at(-1)!.max).toBeGreaterThan(1e-3);
        continue;
      }
      const { each, angles, agreement } = await finish(
        rotationCheck(model!, prepared.dataset, prepared.splits.test, [0, 90, 180, 270]),
      );
      expect(found, record.name).toMatchObject({ angles, agreement, accuracy: angles[0].accuracy });
      expect(found.answers, record.name).toEqual(Array.from(each.upright));
      expect(found.agreement, record.name).toBe(1);
      expect({ ...record }).toMatchObject(totalCost(model!.arch));
      expect(record.params).toBeLessThan(trained.params);
    }
  });

  test.runIf(backend === 'wasm')('cut off anywhere it ends as if nothing had happened', async () => {
    const whole = await finish(runRecipe(prepare(everything, dataset), memoryStore()));
    for (const events of [20, 50, 90]) {
      const store = memoryStore();
      let seen = 0;
      for await (const _ of runRecipe(prepare(everything, dataset), store)) if (++seen >= events) break;
      expect(seen).toBe(events);
      const resumed = await finish(runRecipe(prepare(everything, dataset), store));
      expect(timeless(resumed.stages), `after ${events} events`).toEqual(timeless(whole.stages));
    }
  });
});

test('networks of a study: every cell once at once and with its head tuned, the chosen ones wholly', () => {
  const [, stage] = everything.stages as [unknown, StudySettings];
  const cells = studyCells(stage);
  expect(cells.map((cell) => [studyName(cell, 'none'), tuningsOf(stage, cell).length])).toEqual([
    ['neurons variance mean 50%', 3],
    ['fields variance mean 50%', 3],
    ['fields variance norms 50%', 2],
    ['orbits l2 50%', 2],
    ['orbits ring', 3],
    ['channels variance 50%', 1],
  ]);
  const names = planRecipe(everything).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('orbits ring network');
});

describeOnBackends('a study of a transformer', (backend) => {
  forbidLeaks();
  const studyOf = (stage: object): Recipe =>
    parseRecipe({
      version: 2,
      name: 'tiny study of blocks',
      arch: { id: 'c4-vit-small', size: 8 },
      stages: [
        { kind: 'train', settings: { epochs: 2, batch: 16, learningRate: 0.003 } },
        { kind: 'study', ratios: [0.5], head: null, network: null, ...stage },
      ],
    });

  test.runIf(backend === 'wasm')(
    'makes and measures every network, and goes on where it was stopped',
    async () => {
      const planned = studyOf({
        mlp: { ...ways, compensations: ['mean', 'ridge'] },
        heads: { methods: ['random'], compensations: ['none'], ranking: 'block' },
        network: {
          ratios: [0.5],
          ways: [{ method: 'variance', compensation: 'mean' }],
          settings: { ...tuning, scope: 'network' },
        },
      });
      const store = memoryStore();
      const prepared = prepare(planned, dataset);
      const { stages } = await finish(runRecipe(prepared, store));
      expect(stages.map(({ name }) => name)).toEqual([
        'train',
        'mlp variance mean 50%',
        'mlp variance ridge 50%',
        'heads random none 50% per block',
        'mlp variance mean 50% network',
      ]);
      const [trained, ...records] = stages;
      for (const record of records) {
        const { model } = (await store.loadStage(keyOf(record)))!;
        const check = await finish(rotationCheck(model!, dataset, prepared.splits.test, [0, 90, 180, 270]));
        expect(record.test, record.name).toMatchObject({
          accuracy: check.angles[0].accuracy,
          agreement: 1,
          answers: Array.from(check.each.upright),
        });
        expect(record.params, record.name).toBe(totalCost(model!.arch).params);
        expect(record.params).toBeLessThan(trained.params);
      }
      expect(records[2].kept).toEqual(Array.from({ length: 4 }, () => [expect.any(Number)]));
      // Another run of it with one network gone makes that one alone, and the same.
      const rest = memoryStore();
      for (const record of stages.filter((_, i) => i !== 3)) {
        const kept = (await store.loadStage(keyOf(record)))!;
        await rest.saveStage(kept.record, kept.model);
      }
      const again = await finish(runRecipe(prepared, rest));
      expect(timeless(again.stages)).toEqual(timeless(stages));
    },
  );

  test('has no head that could be fine-tuned alone, and says so', () => {
    expect(() => prepare(studyOf({ mlp: ways, head: tuning }), dataset)).toThrow(/set "head" to null/);
    expect(() => prepare(studyOf({ neurons: ways }), dataset)).toThrow(/no hidden neurons behind a trunk/);
  });
});
