import { describe, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset';
import { subset } from '../data/tiles';
import { fingerprintOf } from '../files/fingerprint';
import { decodeAnyModel, encodeModel } from '../files/modelFile';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish } from '../stage/events';
import { memoryStore, type RunStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { beginWith, continueWith } from './beginning';
import { runRecipe } from './pipeline';
import { prepare } from './prepare';
import { checkRecipe, type Recipe } from './schema';

const dataset = tinyDataset(15);
/** The first two classes, under other names. */
const others: Dataset = (() => {
  const tiles = Array.from({ length: dataset.count }, (_, i) => i).filter((i) => dataset.labels[i] < 2);
  return { ...subset(dataset, tiles), title: 'others', classes: ['x', 'y'] };
})();

const how = { epochs: 2, batch: 8, learningRate: 0.01 };
const recipeOf = (...stages: object[]): Recipe =>
  checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny', size: 8 }, seed: 3, stages });
const FURTHER = recipeOf(
  { kind: 'train', settings: how },
  { kind: 'continue', settings: { ...how, epochs: 3 } },
);

async function done(recipe: Recipe, store: RunStore = memoryStore()) {
  const report = await finish(runRecipe(prepare(recipe, dataset), store));
  const last = report.stages.at(-1)!;
  return { stages: report.stages, model: (await store.loadStage(last.id!))!.model! };
}

const tensorsOf = (model: AnyModel) => encodeModel({ ...model, provenance: {} });
const withoutTimes = (record: Readonly<Record<string, unknown>>) =>
  JSON.parse(JSON.stringify(record, (key, value) => (key === 'seconds' ? 0 : value)));

/** A store that ends a run when this epoch of the further training is kept. */
function cutting(store: RunStore, epoch: number): RunStore {
  return {
    ...store,
    async saveCheckpoint(key: string, checkpoint: FitCheckpoint) {
      await store.saveCheckpoint(key, checkpoint);
      if (checkpoint.history.length === epoch) throw new Error('cut off');
    },
  };
}

describeOnBackends('training further', (backend) => {
  forbidLeaks();
  const isExact = backend === 'wasm' || backend === 'cpu';

  test('begins with the best epoch, and leaves nothing worse', async () => {
    const { stages, model } = await done(FURTHER);
    const [train, further] = stages;
    expect(further).toMatchObject({ kind: 'continue', from: 'train', start: train.accuracy, newHead: false });
    expect(further.epochs).toHaveLength(3);
    expect(further.accuracy).toBeGreaterThanOrEqual(train.accuracy);
    expect(model.classes).toEqual(dataset.classes);
    const still = recipeOf(
      { kind: 'train', settings: how },
      { kind: 'continue', settings: { ...how, epochs: 1, learningRate: 1e-12 } },
    );
    const kept = await done(still);
    expect(kept.stages[1]).toMatchObject({ bestEpoch: 0, accuracy: train.accuracy });
    expect(kept.stages[1].notes).toEqual([expect.stringMatching(/stays as it was/)]);
    if (isExact) {
      const alone = await done(recipeOf({ kind: 'train', settings: how }));
      expect(kept.model.params).toEqual(alone.model.params);
    }
  });

  test('a network of other classes gets a new last layer, which at first learns alone', async () => {
    const { model } = await done(recipeOf({ kind: 'train', settings: how }));
    const start = { name: 'network', title: 'old', fingerprint: fingerprintOf(model) };
    const recipe = checkRecipe({
      ...recipeOf({ kind: 'continue', settings: { ...how, epochs: 3, frozen: 2 } }),
      start: [start],
    });
    const store = memoryStore();
    const seen: FitCheckpoint[] = [];
    const run = runRecipe(prepare(recipe, others, [{ model, fingerprint: start.fingerprint }]), store);
    const { stages } = await finish(run, (event) => {
      if (event.type === 'checkpoint') seen.push(event.checkpoint);
    });
    expect(stages[0]).toMatchObject({ newHead: true });
    expect(stages[0].start).toBeUndefined();
    const made = (await store.loadStage(stages[0].id!))!.model!;
    expect(made.classes).toEqual(['x', 'y']);
    expect(made.params['dense2.bias'].shape).toEqual([2]);
    const weights = ({ params }: FitCheckpoint) =>
      [params['conv1.weight'], params['dense1.weight']].map(({ data }) => data);
    const old = [model.params['conv1.weight'], model.params['dense1.weight']].map(({ data }) => data);
    expect(seen.map((each) => JSON.stringify(weights(each)) === JSON.stringify(old))).toEqual([
      true,
      true,
      false,
    ]);
    // Adam begins anew when all of it learns.
    const steps = seen.map(({ adam }) => adam.step);
    expect(steps).toEqual([steps[0], 2 * steps[0], steps[0]]);
  });

  describe.runIf(isExact)('of seeded runs', () => {
    test.each([
      ['without a pause for the trunk', {}],
      ['with one', { frozen: 1 }],
    ])('cut off and gone on with, %s, it gives the same bits', async (_, changes) => {
      const recipe = recipeOf(
        { kind: 'train', settings: how },
        { kind: 'continue', settings: { ...how, epochs: 3, balance: 'batches', ...changes } },
      );
      const whole = await done(recipe);
      for (const epoch of [1, 3]) {
        const store = memoryStore();
        await expect(done(recipe, cutting(store, epoch))).rejects.toThrow('cut off');
        const resumed = await done(recipe, store);
        expect(resumed.stages.map(withoutTimes)).toEqual(whole.stages.map(withoutTimes));
        expect(tensorsOf(resumed.model)).toEqual(tensorsOf(whole.model));
      }
    });

    test('gone on with from its file, the recipe tells all of it, and it is the same network', async () => {
      const whole = await done(FURTHER);
      const { model } = await done(recipeOf({ kind: 'train', settings: how }));
      const file = decodeAnyModel(encodeModel(model));
      const beginning = beginWith([{ model: file, title: 'mine' }], dataset);
      const [, stage] = FURTHER.stages;
      const { prepared, model: further } = await finish(continueWith(beginning, [stage], dataset));
      expect(prepared.recipe.stages.map(({ kind }) => kind)).toEqual(['train', 'continue']);
      expect(tensorsOf(further!)).toEqual(tensorsOf(whole.model));
    });
  });
  test.runIf(!isExact)(`${backend}: equal bits are not promised here`, () => {
    expect(backend).toBe('webgpu');
  });
});
