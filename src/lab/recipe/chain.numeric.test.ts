import { expect, test } from 'vitest';
import { fingerprintOf } from '../files/fingerprint';
import { decodeAnyModel, encodeModel } from '../files/modelFile';
import type { AnyModel } from '../nn/model';
import { finish } from '../stage/events';
import { keyOf, memoryStore, type RunStore, type StageRecord } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { beginWith, continueWith } from './beginning';
import { graft } from './graft';
import { runRecipe } from './pipeline';
import { prepare } from './prepare';
import { provenanceIn } from './provenance';
import { checkRecipe, type Recipe } from './schema';

const dataset = tinyDataset(15);
const training = { epochs: 3, batch: 16, learningRate: 0.02 };
/** So eager that it runs nearly always. */
const settings = { epochs: 2, batch: 16, tolerance: 0, excellent: 0 };
const recipeOf = (...stages: object[]): Recipe =>
  checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny', size: 8 }, seed: 3, stages });
const run = (recipe: Recipe, store: RunStore = memoryStore()) =>
  finish(runRecipe(prepare(recipe, dataset), store));
const tensorsOf = (model: AnyModel) => encodeModel({ ...model, provenance: {} });
const throughFile = (model: AnyModel) => decodeAnyModel(encodeModel(model));

async function networkOf(store: RunStore, record: StageRecord): Promise<AnyModel> {
  return (await store.loadStage(keyOf(record)))!.model!;
}

const EVERYTHING = recipeOf(
  { kind: 'train', settings: training },
  { kind: 'check', part: 'val' },
  { kind: 'prune-fields', ratio: 0.4, method: 'taylor', compensation: 'norms' },
  { kind: 'finetune', settings: { ...settings, scope: 'network', distil: {} }, seed: 5 },
  { kind: 'prune', ratio: 0.5, method: 'variance', compensation: 'mean' },
  { kind: 'finetune', settings },
  { kind: 'quantise' },
  { kind: 'check', answers: true },
  { kind: 'distil', student: { hidden: 4 }, settings: training, from: 'train' },
  { kind: 'prune-orbits', target: 'ring', from: 'train', layer: 2 },
  { kind: 'finetune', towards: 'train', settings: { ...settings, scope: 'output' } },
  { kind: 'prune-fields', ratio: 0.3, kept: [[1], [0, 2]], from: 'train', compensation: 'mean' },
  { kind: 'prune', ratio: 0.5, from: 'train', steps: { count: 2, finetune: settings } },
  {
    kind: 'sweep',
    from: 'distil',
    neurons: { ratios: [0.5], methods: ['l2', 'random'], compensations: ['ridge'], finetune: settings },
    fields: { ratios: [0.5], methods: ['l2'], compensations: ['none'], finetune: null },
  },
  { kind: 'quantise', layers: 'all', from: { of: 'sweep', smallest: 'bytes', within: 1 } },
  {
    kind: 'study',
    from: 'train',
    ratios: [0.5],
    neurons: { methods: ['l2'], compensations: ['mean'] },
    fields: { methods: ['variance'], compensations: ['mean'] },
    orbits: { methods: ['l2'], ring: true },
    head: settings,
    network: { ratios: [0.5], ways: [{ method: 'variance', compensation: 'mean' }], settings },
  },
);

describeOnBackends('a chain of networks', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')(
    'every stage changes the network that the one before it left',
    async () => {
      const store = memoryStore();
      const { stages } = await run(EVERYTHING, store);
      const [train, , fields, tuned, pruned, again, integers] = stages;
      expect(fields.macs).toBeLessThan(train.macs);
      expect(tuned.macs).toBe(fields.macs);
      expect(pruned.params).toBeLessThan(tuned.params);
      expect(again.params).toBe(pruned.params);
      expect(integers).toMatchObject({ params: again.params, before: { accuracy: again.accuracy } });
      expect(integers.bytes).toBeLessThan(again.bytes);
      expect(fields).toMatchObject({ from: 'train', baseline: train.accuracy });
      expect(again).toMatchObject({ start: pruned.accuracy, baseline: tuned.accuracy });
      for (const { agreement, name } of stages) if (agreement !== undefined) expect(agreement, name).toBe(1);
    },
  );

  // Bit for bit: what other engines promise to a rounding.
  test.runIf(backend === 'wasm')(
    'the recipe in every file makes its network again, bit for bit, from nothing',
    async () => {
      const store = memoryStore();
      const { stages } = await run(EVERYTHING, store);
      const kinds = new Set<unknown>();
      // What two recipes begin with alike is made once.
      const fresh = memoryStore();
      for (const record of stages) {
        const model = (await store.loadStage(keyOf(record)))?.model;
        if (!model) continue;
        kinds.add(record.kind);
        const { recipe, id, steps, data } = provenanceIn(throughFile(model))!;
        expect(data).toMatchObject({ count: dataset.count, parts: { train: 27, val: 9, test: 9 } });
        expect(recipe.stages.some(({ kind }) => kind === 'sweep' || kind === 'study')).toBe(false);
        const remade = (await run(recipe, fresh)).stages.at(-1)!;
        expect(remade.id, record.name).toBe(id);
        expect(tensorsOf(await networkOf(fresh, remade)), record.name).toEqual(tensorsOf(model));
        // The figures that the file tells are those of the steps that led to it, checks among them.
        expect(steps.at(-1)!.name === record.name || steps.at(-1)!.kind === 'check').toBe(true);
        expect(steps.find(({ name }) => name === 'train')).toMatchObject({ accuracy: stages[0].accuracy });
      }
      expect([...kinds].sort()).toEqual(
        ['distil', 'finetune', 'prune', 'prune-fields', 'prune-orbits', 'quantise', 'study', 'train'].sort(),
      );
    },
    180_000,
  );

  test.skipIf(backend === 'webgpu')('a file tells of the checks that came after it', async () => {
    const store = memoryStore();
    const { stages } = await run(
      recipeOf(
        { kind: 'train', settings: training },
        { kind: 'check', part: 'val' },
        { kind: 'check', part: 'test' },
      ),
      store,
    );
    const { steps } = provenanceIn(await networkOf(store, stages[0]))!;
    expect(steps.map(({ name, of, split }) => [name, of, split])).toEqual([
      ['train', undefined, undefined],
      ['check val', 'train', 'val'],
      ['check test', 'train', 'test'],
    ]);
    expect(steps[2]).toMatchObject({ accuracy: stages[2].accuracy, n: 9, agreement: 1 });
  });

  test.skipIf(backend === 'webgpu')(
    'a network out of its file goes on as it would have in one run, step by step',
    async () => {
      const fine = { ...settings, scope: 'head' };
      const stages = [
        { kind: 'train', settings: training },
        { kind: 'prune-fields', ratio: 0.4, compensation: 'norms' },
        { kind: 'prune', ratio: 0.5, method: 'variance' },
        { kind: 'finetune', towards: 'train', settings: fine },
        { kind: 'quantise' },
      ];
      const store = memoryStore();
      const whole = await run(recipeOf(...stages), store);
      const one = memoryStore();
      const trained = await run(recipeOf(stages[0]), one);
      const first = throughFile(await networkOf(one, trained.stages[0]));
      let model = first;
      for (const [i, stage] of stages.slice(1).entries()) {
        const beginning = beginWith(
          [
            { model, title: 'a file' },
            { model: first, title: 'the first' },
          ],
          dataset,
        );
        expect(beginning.given).toEqual([]);
        const own = 'towards' in stage ? { ...stage, towards: beginning.names[1] } : stage;
        const done = await finish(continueWith(beginning, [own], dataset));
        expect(done.records).toHaveLength(1);
        expect(done.records[0].id).toBe(whole.stages[i + 1].id);
        model = throughFile(done.model!);
        expect(tensorsOf(model)).toEqual(tensorsOf(await networkOf(store, whole.stages[i + 1])));
      }
      expect(provenanceIn(model)!.recipe.stages.map(({ kind }) => kind)).toEqual(
        stages.map(({ kind }) => kind),
      );
    },
  );

  test.runIf(backend === 'wasm')(
    'a recipe that begins with networks whose origin is known makes them again, too',
    async () => {
      const store = memoryStore();
      const { stages } = await run(
        recipeOf(
          { kind: 'train', settings: training },
          { kind: 'prune-fields', ratio: 0.4, compensation: 'norms', seed: 9 },
        ),
        store,
      );
      const [whole, pruned] = await Promise.all(
        [stages[0], stages[1]].map(async (record) => throughFile(await networkOf(store, record))),
      );
      const given = [pruned, whole].map((model) => ({ model, fingerprint: fingerprintOf(model) }));
      const begun = checkRecipe({
        version: 2,
        name: 'goes on',
        arch: { id: 'tiny', size: 8 },
        seed: 4,
        split: { seed: 2, train: 0.6, val: 0.2, test: 0.2 },
        start: [
          { name: 'network', fingerprint: given[0].fingerprint },
          { name: 'unpruned', fingerprint: given[1].fingerprint },
        ],
        stages: [
          { kind: 'prune', ratio: 0.5, method: 'random' },
          { kind: 'finetune', towards: 'unpruned', settings },
          { kind: 'prune-fields', ratio: 0.4, compensation: 'norms' },
          { kind: 'quantise' },
        ],
      });
      const going = memoryStore();
      const report = await finish(runRecipe(prepare(begun, dataset, given), going));
      const { recipe, id, steps } = provenanceIn(throughFile(await networkOf(going, report.stages.at(-1)!)))!;
      expect(recipe.start).toBeUndefined();
      expect(recipe.stages.map(({ kind }) => kind)).toEqual([
        ...['train', 'prune-fields', 'prune', 'finetune', 'prune-fields', 'quantise'],
      ]);
      expect(steps.map(({ kind }) => kind)).toEqual(recipe.stages.map(({ kind }) => kind));
      const fresh = memoryStore();
      const again = await run(recipe, fresh);
      expect(again.stages.map((record) => record.id)).toEqual(steps.map((step) => step.id));
      expect(again.stages.at(-1)!.id).toBe(id);
      expect(tensorsOf(await networkOf(fresh, again.stages.at(-1)!))).toEqual(
        tensorsOf(await networkOf(going, report.stages.at(-1)!)),
      );
      // On other tiles it begins with the networks as they are.
      const ground = { source: dataset, data: 'other tiles' };
      expect(
        graft(
          begun,
          new Map([
            ['network', pruned],
            ['unpruned', whole],
          ]),
          ground,
        ),
      ).toBe(begun);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'a network that nobody knows the origin of is what its recipe begins with; another one is refused',
    async () => {
      const store = memoryStore();
      const { stages } = await run(recipeOf({ kind: 'train', settings: training }), store);
      const known = await networkOf(store, stages[0]);
      const model = { ...known, provenance: {} };
      const beginning = beginWith([{ model, title: 'found.safetensors' }], dataset);
      const done = await finish(continueWith(beginning, [{ kind: 'prune', ratio: 0.5 }], dataset));
      const { recipe } = provenanceIn(done.model!)!;
      expect(recipe.start).toMatchObject([{ name: 'network', title: 'found.safetensors' }]);
      const given = beginning.given;
      const again = memoryStore();
      const report = await finish(runRecipe(prepare(recipe, dataset, given), again));
      expect(tensorsOf(await networkOf(again, report.stages[0]))).toEqual(tensorsOf(done.model!));
      expect(() => prepare(recipe, dataset)).toThrow(/begins with the network.*found.safetensors.*not given/);
      const others = [{ model: done.model!, fingerprint: 'f'.repeat(32) }];
      expect(() => prepare(recipe, dataset, others)).toThrow(/another one was/);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'what is done is recognised in another recipe, and a repeated stage is done once',
    async () => {
      const store = memoryStore();
      const saved: string[] = [];
      const watched: RunStore = {
        ...store,
        saveStage: (record, model) => {
          saved.push(record.name);
          return store.saveStage(record, model);
        },
      };
      const train = { kind: 'train', settings: training };
      const prune = { kind: 'prune', ratio: 0.5 };
      await run(recipeOf(train, prune), watched);
      const { stages } = await run(
        recipeOf(
          { ...train, name: 'first' },
          { ...prune, name: 'half' },
          { ...prune, from: 'first' },
          { kind: 'quantise' },
        ),
        watched,
      );
      expect(saved).toEqual(['train', 'prune l2 none 50%', 'quantise dense per tile']);
      expect(stages.map(({ name }) => name)).toEqual([
        'first',
        'half',
        'prune l2 none 50%',
        'quantise dense per tile',
      ]);
      expect(stages[2]).toEqual({ ...stages[1], name: 'prune l2 none 50%' });
    },
  );

  test.skipIf(backend === 'webgpu')(
    'a rule takes the smallest network that is accurate enough, or says so',
    async () => {
      const sweep = {
        kind: 'sweep',
        neurons: {
          ratios: [0.25, 0.5, 0.75],
          methods: ['variance'],
          compensations: ['ridge'],
          finetune: null,
        },
      };
      const ruled = (within: number) =>
        recipeOf({ kind: 'train', settings: training }, sweep, {
          kind: 'quantise',
          from: { of: 'sweep', smallest: 'bytes', within },
        });
      const { stages } = await run(ruled(1));
      expect(stages.at(-1)).toMatchObject({ from: 'prune variance ridge 75%' });
      // The same with networks that lost more than they did.
      const store = memoryStore();
      const worse: RunStore = {
        ...store,
        saveStage: (record, model) => {
          const accuracy = record.kind === 'prune' ? Number(record.baseline) - 0.3 : record.accuracy;
          return store.saveStage({ ...record, accuracy }, model);
        },
      };
      await expect(run(ruled(0.29), worse)).rejects.toThrow(
        /No network of "sweep" lost at most 29.0 points.*nearest lost 30.0/,
      );
      const allowed = await run(ruled(0.3), worse);
      expect(allowed.stages.at(-1)).toMatchObject({ from: 'prune variance ridge 75%' });
    },
  );
});
