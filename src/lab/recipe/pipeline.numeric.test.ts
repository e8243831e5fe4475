import { expect, test } from 'vitest';
import { datasetHash } from '../data/tiles';
import { requireHidden } from '../families/units';
import { encodeModel } from '../files/modelFile';
import { permutation } from '../random';
import * as tf from '../runtime/tf';
import { finish } from '../stage/events';
import { keyOf, memoryStore, type RunStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { type RunReport, runRecipe } from './pipeline';
import { planRecipe } from './plan';
import { prepare } from './prepare';
import { idsOf } from './run';
import { checkRecipe, type Recipe } from './schema';

const dataset = tinyDataset(15);

/** `cells`: ratios and methods of its sweep. */
const recipe = (
  head: 'orbit' | 'flat',
  scope: 'output' | 'head' | 'network',
  cells = { ratios: [0.5, 0.9], methods: ['l2', 'variance'] },
): Recipe =>
  checkRecipe({
    version: 2,
    name: 'tiny study',
    arch: { id: 'tiny', head, size: 8 },
    stages: [
      { kind: 'train', settings: { epochs: 10, batch: 16, learningRate: 0.02 } },
      { kind: 'check', part: 'val' },
      {
        kind: 'sweep',
        neurons: {
          ...cells,
          compensations: ['none', 'mean'],
          // So eager that fine-tuning runs in nearly every cell.
          finetune: { scope, epochs: 2, batch: 16, tolerance: 0, excellent: 0 },
        },
      },
      { kind: 'check', from: 'train', part: 'test', angles: [0, 30, 90] },
    ],
  });

function withoutTimes(report: RunReport): unknown {
  return JSON.parse(JSON.stringify(report, (key, value) => (key === 'seconds' ? 0 : value)));
}

describeOnBackends('a recipe', (backend) => {
  forbidLeaks();
  // What each engine computes is tested by itself: one scope shows that they go together on every one of them.
  const scopes = backend === 'wasm' ? (['output', 'head', 'network'] as const) : (['head'] as const);

  test.each(scopes)(
    'runs end to end, fine-tuning the %s, and the orbit net agrees with itself throughout',
    async (scope) => {
      const report = await finish(runRecipe(prepare(recipe('orbit', scope), dataset), memoryStore()));
      expect(report.stages.filter(({ name }) => name.startsWith('prune'))).toHaveLength(8);
      expect(report.stages.filter(({ name }) => name.startsWith('finetune'))).toHaveLength(8);
      const checked = report.stages.filter((stage) => 'agreement' in stage);
      expect(checked).toHaveLength(18);
      for (const stage of checked) expect(stage.agreement, stage.name).toBe(1);
      expect(report.stages.some((stage) => stage.triggered === true)).toBe(true);
      for (const stage of report.stages) {
        if (stage.name.includes('90%')) expect(stage.params).toBeLessThan(report.stages[0].params);
      }
    },
  );

  const small = () => prepare(recipe('flat', 'network', { ratios: [0.9], methods: ['variance'] }), dataset);

  test.runIf(backend === 'wasm')(
    'gives the same report twice, and the same after being cut off anywhere',
    async () => {
      const whole = withoutTimes(await finish(runRecipe(small(), memoryStore())));
      expect(withoutTimes(await finish(runRecipe(small(), memoryStore())))).toEqual(whole);
      for (const cutAfter of [3, 9, 14, 30, 60]) {
        const store = memoryStore();
        await cutOff(store, cutAfter);
        const resumed = await finish(runRecipe(small(), store));
        expect(withoutTimes(resumed), `cut off after ${cutAfter} events`).toEqual(whole);
      }
    },
  );

  async function cutOff(store: RunStore, events: number): Promise<void> {
    let seen = 0;
    for await (const _ of runRecipe(small(), store)) if (++seen >= events) break;
    expect(seen).toBe(events);
  }
});

describeOnBackends('the whole paper', (backend) => {
  forbidLeaks();
  const whole = (scope: 'head' | 'network' = 'head', ratio = 0.4, epochs = 4) => {
    const training = { epochs, batch: 16, learningRate: 0.02 };
    return prepare(
      checkRecipe({
        version: 2,
        name: 'whole',
        arch: { id: 'tiny', size: 8 },
        stages: [
          { kind: 'train', settings: training },
          { kind: 'check', part: 'val' },
          { kind: 'distil', student: { hidden: 5 }, settings: training },
          { kind: 'check', part: 'val' },
          { kind: 'prune', ratio, compensation: 'mean' },
          { kind: 'finetune', settings: { scope, epochs: 2, batch: 16, tolerance: 0, excellent: 0 } },
          { kind: 'quantise', range: 'batch' },
          { kind: 'check', part: 'test' },
          { kind: 'quantise', layers: 'all', from: 'distil' },
        ],
      }),
      dataset,
    );
  };

  // Each part is tested on WebGPU by itself; all of them in software would take half a minute.
  test.skipIf(backend === 'webgpu')(
    'train, distil, prune, fine-tune, quantise: every network smaller, every one invariant',
    async () => {
      const store = memoryStore();
      const { stages } = await finish(runRecipe(whole(), store));
      expect(stages.map(({ name }) => name)).toEqual([
        'train',
        'check val',
        'distil',
        'check val of distil',
        'prune l2 mean 40%',
        'finetune head',
        'quantise dense per batch',
        'check test',
        'quantise all per tile',
      ]);
      expect(planRecipe(whole().recipe).map(({ name }) => name)).toEqual(stages.map(({ name }) => name));
      const bytes = stages.map((stage) => stage.bytes);
      const [train, , student, , , tuned, dense, rotated, all] = bytes;
      expect(student).toBeLessThan(train);
      expect(tuned).toBeLessThan(student);
      expect(dense).toBeLessThan(tuned);
      expect(rotated).toBe(dense);
      expect(all).toBeLessThan(student);
      for (const stage of stages) if ('agreement' in stage) expect(stage.agreement, stage.name).toBe(1);
      expect(stages[3].accuracy).toBe(stages[2].accuracy);
      expect(stages[6]).toMatchObject({
        layers: 'dense',
        range: 'batch',
        batch: 32,
        before: { accuracy: stages[5].accuracy },
      });
      const { model } = (await store.loadStage(keyOf(stages[8])))!;
      expect(model!.arch).toMatchObject({ head: { hidden: 5 }, int8: { layers: 'all', range: 'tile' } });
    },
  );

  test.runIf(backend === 'wasm')(
    'is bit for bit the same after being killed at ten random points',
    async () => {
      const moments: string[] = [];
      const uncut = await killed(memoryStore(), (moment) => moments.push(moment) === 0);
      expect(uncut).not.toBeNull();
      for (const point of tenPoints(moments)) {
        const store = memoryStore();
        let seen = 0;
        expect(await killed(store, () => seen++ === point), moments[point]).toBeNull();
        const done = await recordsIn(store);
        const resumed = await killed(store, () => false);
        // What was there is not done again: even its time is the old one.
        expect((await recordsIn(store)).slice(0, done.length), moments[point]).toEqual(done);
        expect(resumed, `killed at ${point}, ${moments[point]}`).toEqual(uncut);
      }
    },
    180_000,
  );

  class Killed extends Error {}

  /** What the store has of the run, in order. */
  async function recordsIn(store: RunStore) {
    const prepared = whole('network', 0.8, 8);
    const ids = idsOf(prepared, datasetHash(prepared.source));
    const kept = await Promise.all([...ids.values()].map((id) => store.loadStage(id)));
    return kept.flatMap((each) => (each ? [each.record] : []));
  }

  /** The run's report and files; null where `dies` said so: at an event, or after a save that nobody heard of. */
  async function killed(store: RunStore, dies: (moment: string) => boolean) {
    let stage = '';
    const pass = (moment: string) => {
      if (dies(`${moment} in ${stage}`)) throw new Killed();
    };
    const mortal: RunStore = {
      ...store,
      async saveStage(record, model) {
        await store.saveStage(record, model);
        pass('saved');
      },
      async saveCheckpoint(name, checkpoint) {
        await store.saveCheckpoint(name, checkpoint);
        pass('saved');
      },
    };
    try {
      const report = await finish(runRecipe(whole('network', 0.8, 8), mortal), (event) => {
        if (event.type === 'stage-started') stage = event.stage;
        pass(event.type);
      });
      const files = await Promise.all(
        report.stages.map(async (record) => (await store.loadStage(keyOf(record)))?.model),
      );
      return {
        report: withoutTimes(report),
        files: files.map((model) => model && Buffer.from(encodeModel(model)).toString('base64')),
      };
    } catch (error) {
      if (error instanceof Killed) return null;
      throw error;
    }
  }

  /** Drawn from all moments, with each of these among them. */
  function tenPoints(moments: readonly string[]): number[] {
    const drawn = [...permutation(moments.length, 'killed at')];
    const musts = ['batch in distil', 'batch in finetune', 'saved in distil', 'saved in finetune'];
    const first = musts.map((moment) => drawn.find((at) => moments[at] === moment)!);
    expect(first).not.toContain(undefined);
    return [...new Set([...first, ...drawn])].slice(0, 10);
  }
});

describeOnBackends('a study of cascades', (backend) => {
  forbidLeaks();
  const stages = ['aligned', 'misaligned', 're-initialised'].flatMap((cascade) =>
    ['prune', 'finetune'].map((kind) => {
      const name = `${kind} l2 none ${cascade === 'aligned' ? '' : `${cascade} `}50%`;
      return { kind: 'check', name: `test of ${name}`, from: name, answers: true };
    }),
  );
  const study = () =>
    prepare(
      checkRecipe({
        version: 2,
        name: 'cascades',
        arch: { id: 'tiny', size: 8 },
        split: { train: 0.6, val: 0.2, test: 0.2, limit: { train: 18, test: 6 } },
        stages: [
          { kind: 'train', settings: { epochs: 4, batch: 16, learningRate: 0.02 } },
          {
            kind: 'sweep',
            neurons: {
              ratios: [0.5],
              methods: ['l2'],
              compensations: ['none'],
              cascades: ['aligned', 'misaligned', 're-initialised'],
              finetune: { epochs: 2, batch: 16, tolerance: 0, excellent: 0 },
            },
          },
          { kind: 'check', from: 'train', answers: true },
          ...stages,
        ],
      }),
      dataset,
    );

  test.skipIf(backend === 'webgpu')(
    'checks each network by its name, before and after fine-tuning, on a limited split',
    async () => {
      const prepared = study();
      const { splits } = prepared;
      expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([18, 9, 6]);
      const store = memoryStore();
      const report = await finish(runRecipe(prepared, store));
      const checks = report.stages.filter(({ name }) => name.includes('test'));
      expect(checks.map(({ name }) => name)).toEqual(['check test', ...stages.map(({ name }) => name)]);
      for (const check of checks) {
        const answers = check.answers as number[];
        expect(answers).toHaveLength(6);
        const right = answers.filter((answer, i) => answer === dataset.labels[splits.test[i]]).length;
        expect(right / 6).toBeCloseTo(check.accuracy, 12);
        const bits = check.right as number[];
        const shares = [1, 2, 4, 8].map((bit) => bits.filter((each) => (each & bit) !== 0).length / 6);
        const { angles } = check as unknown as { angles: { accuracy: number }[] };
        expect(shares).toEqual(angles.map(({ accuracy }) => accuracy));
      }
      for (const { from } of stages) {
        const record = report.stages.find(({ name }) => name === from)!;
        expect(requireHidden((await store.loadStage(keyOf(record)))!.model!).arch.head.hidden, from).toBe(4);
      }
      expect(withoutTimes(await finish(runRecipe(study(), memoryStore())))).toEqual(withoutTimes(report));
    },
  );

  test.skipIf(backend === 'webgpu')('keeps no pruned network that nobody asks for', async () => {
    const store = memoryStore();
    const cells = { ratios: [0.5], methods: ['l2'] };
    const { stages } = await finish(runRecipe(prepare(recipe('orbit', 'head', cells), dataset), store));
    const modelOf = async (name: string) =>
      (await store.loadStage(keyOf(stages.find((record) => record.name === name)!)))?.model;
    expect(await modelOf('prune l2 none 50%')).toBeUndefined();
    expect(await modelOf('finetune l2 none 50%')).toBeDefined();
  });
});

describeOnBackends('memory', (backend) => {
  // Two hundred, with the heap and its threads, are those of cli/node/cycles.test.ts.
  const cycles = backend === 'webgpu' ? 3 : 20;

  test(`${cycles} cycles of train, prune, fine-tune and reset leave no tensor and no memory behind`, async () => {
    const cycle = () =>
      finish(
        runRecipe(
          prepare(
            checkRecipe({
              version: 2,
              name: 'cycle',
              arch: { id: 'tiny', size: 8 },
              stages: [
                { kind: 'train', settings: { epochs: 1, batch: 32 } },
                { kind: 'prune', ratio: 0.8, method: 'variance', compensation: 'mean' },
                { kind: 'finetune', settings: { epochs: 1, tolerance: 0, excellent: 0 } },
              ],
            }),
            tinyDataset(4),
          ),
          memoryStore(),
        ),
      );
    await cycle();
    const before = tf.memory();
    for (let i = 0; i < cycles; i++) await cycle();
    const after = tf.memory();
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numDataBuffers).toBe(before.numDataBuffers);
    expect(after.numBytes).toBe(before.numBytes);
  }, 120_000);
});
