import { expect, test } from 'vitest';
import { ADAPT_GROUPS } from '../adapt/settings';
import { anyNamedArch } from '../families/anyArch';
import { fingerprintOf } from '../files/fingerprint';
import { decodeAnyModel, encodeModel } from '../files/modelFile';
import type { AnyModel } from '../nn/model';
import { finish, type LabEvent } from '../stage/events';
import { keyOf, memoryStore, type RunStore, type StageRecord } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { shakenModel, TINY_MOBILE, tinyDataset, tinyModel, wideVit } from '../testing/tiny';
import { runRecipe } from './pipeline';
import { prepare } from './prepare';
import { provenanceIn } from './provenance';
import { checkRecipe, type Recipe } from './schema';
import { twinDesign } from './ways';

const dataset = tinyDataset(20);
const settings = { epochs: 3, batch: 16, learningRate: 0.01 };

/** A plain network of 4 and 8 channels, for other classes than those of the tiles. */
const foreign: AnyModel = (() => {
  const { arch } = tinyModel({ group: 'C1', head: 'pooled', hidden: 6 });
  const blocks = arch.blocks.map((block, i) => ({ ...block, fields: 4 * (i + 1) }));
  return { ...shakenModel({ ...arch, blocks }, 5), classes: ['one', 'two', 'three'] };
})();

const recipeOf = (stages: readonly object[], model: AnyModel = foreign): Recipe =>
  checkRecipe({
    version: 2,
    name: 'adapted',
    arch: { id: 'tiny' },
    seed: 2,
    start: [{ name: 'network', fingerprint: fingerprintOf(model) }],
    stages,
  });
const prepared = (recipe: Recipe, model: AnyModel = foreign) =>
  prepare(recipe, dataset, [{ model, fingerprint: fingerprintOf(model) }]);
const run = (stages: readonly object[], store: RunStore = memoryStore()) =>
  finish(runRecipe(prepared(recipeOf(stages)), store));
const adapting = (rest: object) => ({ kind: 'adapt', from: 'network', settings, ...rest });
const modelOf = async (store: RunStore, record: StageRecord) =>
  (await store.loadStage(keyOf(record)))!.model!;
const bytesOf = (model: AnyModel) => encodeModel({ ...model, provenance: {} });
const discrepancy = (record: StageRecord, kind: string) =>
  (record.discrepancies as Record<string, number>)[kind];

const BY_FOLDS = { values: [0, 0.5], folds: 2 };

/** Runs until so many epochs have ended, and leaves it there as a killed process would. */
async function runUntil(recipe: Recipe, store: RunStore, epochs: number): Promise<void> {
  const stage = runRecipe(prepared(recipe), store);
  let ended = 0;
  for (let step = await stage.next(); !step.done; step = await stage.next()) {
    const event: LabEvent = step.value;
    if (event.type === 'epoch' && ++ended === epochs) break;
  }
  await stage.return(undefined as never);
}

describeOnBackends('adapting', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')(
    'λ · R makes each R smaller than the labels alone, in as many steps',
    async () => {
      const kinds = ['logits', 'features', 'weights'] as const;
      const lambdas = { logits: 300, features: 10, weights: 0.1 };
      const ways = kinds.map((penalty) => adapting({ penalty, lambda: lambdas[penalty] }));
      const { stages } = await run([
        adapting({ lambda: 0 }),
        adapting({ lambda: 0, augment: true }),
        ...ways,
      ]);
      const [plain, turned, ...penalised] = stages;
      expect(stages.map(({ name }) => name)).toEqual([
        'adapt plain',
        'adapt turned tiles C4',
        'adapt logits C4 300',
        'adapt features C4 10',
        'adapt weights C4 0.1',
      ]);
      penalised.forEach((record, i) => {
        expect(discrepancy(record, kinds[i]), kinds[i]).toBeLessThan(0.7 * discrepancy(plain, kinds[i]));
        const epochs = record.epochs as { readonly penalty: number }[];
        expect(epochs).toHaveLength(3);
        expect(epochs[2].penalty).toBeLessThan(epochs[0].penalty);
      });
      for (const { newHead, tiles, group } of stages)
        expect({ newHead, tiles, group }).toEqual({ newHead: true, tiles: 36, group: 'C4' });
      expect(turned.epochs).not.toEqual(plain.epochs);
      expect((plain.epochs as object[])[0]).not.toHaveProperty('penalty');
    },
  );

  test.skipIf(backend === 'webgpu')(
    'λ is chosen by folds of the training part, and the choice is kept',
    async () => {
      const { stages } = await run([adapting({ lambda: BY_FOLDS })]);
      expect(stages.map(({ kind }) => kind)).toEqual([...Array(4).fill('adapt-fold'), 'adapt']);
      const last = stages.at(-1)!;
      const values = last.lambdas as {
        readonly lambda: number;
        readonly accuracy: { mean: number; sd: number };
      }[];
      expect(values.map(({ lambda }) => lambda)).toEqual([0, 0.5]);
      const best = Math.max(...values.map(({ accuracy }) => accuracy.mean));
      expect(values.find(({ lambda }) => lambda === last.lambda)!.accuracy.mean).toBe(best);
      for (const [i, { tiles, lambda, fold }] of stages.slice(0, 4).entries())
        expect([tiles, lambda, fold]).toEqual([18, i < 2 ? 0 : 0.5, i % 2]);
    },
  );

  // Bit for bit: what other engines promise to a rounding.
  test.runIf(backend === 'wasm')(
    'stopped anywhere and gone on with, it leaves the same network bit for bit',
    async () => {
      const recipe = recipeOf([adapting({ lambda: BY_FOLDS, penalty: 'features' })]);
      const whole = memoryStore();
      const { stages } = await finish(runRecipe(prepared(recipe), whole));
      const expected = bytesOf(await modelOf(whole, stages.at(-1)!));
      const last = stages.at(-1)!;
      // In a fold; at the end of one; in the training with the λ that was chosen.
      for (const epochs of [2, 6, 13]) {
        const store = memoryStore();
        await runUntil(recipe, store, epochs);
        const again = await finish(runRecipe(prepared(recipe), store));
        expect(bytesOf(await modelOf(store, again.stages.at(-1)!))).toEqual(expected);
        expect(again.stages.at(-1)!.lambdas).toEqual(last.lambdas);
      }
      // The recipe in its file says the λ, and makes it again without a fold.
      const file = decodeAnyModel(encodeModel(await modelOf(whole, last)));
      const { recipe: own, steps } = provenanceIn(file)!;
      expect(own.stages).toMatchObject([{ kind: 'adapt', lambda: last.lambda }]);
      expect(steps.map(({ kind }) => kind)).toEqual(['adapt']);
      const fresh = memoryStore();
      const remade = await finish(runRecipe(prepared(own), fresh));
      expect(bytesOf(await modelOf(fresh, remade.stages[0]))).toEqual(expected);
    },
  );

  test.runIf(backend === 'wasm')(
    'a comparator is adapted by all three; its strides leave nothing to project',
    async () => {
      const mobile = { ...shakenModel(TINY_MOBILE, 3), classes: ['one', 'two', 'three'] };
      const kinds = ['logits', 'features', 'weights'] as const;
      const ways = kinds.map((penalty) => adapting({ penalty, lambda: 1, group: 'D1' }));
      const plain = adapting({ lambda: 0, group: 'D1' });
      const recipe = recipeOf([plain, ...ways], mobile);
      const { stages } = await finish(runRecipe(prepared(recipe, mobile), memoryStore()));
      kinds.forEach((kind, i) => {
        expect(discrepancy(stages[i + 1], kind), kind).toBeLessThan(discrepancy(stages[0], kind));
      });
      expect(() => prepared(recipeOf([plain, { kind: 'project', group: 'D1' }], mobile), mobile)).toThrow(
        /"mobilenet-v2" halves its maps by strides, .*: take base, base-small, vit or vit-small/,
      );
    },
  );

  test.runIf(backend === 'wasm')(
    'a transformer is adapted by all three, projected to an equivariant one, pruned and rounded',
    async () => {
      const vit = { ...shakenModel(wideVit(), 3), classes: ['one', 'two', 'three'] };
      const kinds = ['logits', 'features', 'weights'] as const;
      const lambdas = { logits: 10, features: 1, weights: 0.1 };
      const ways = kinds.map((penalty) => adapting({ penalty, lambda: lambdas[penalty] }));
      const afterwards = [
        { kind: 'project' },
        { kind: 'check' },
        { kind: 'prune-blocks', units: 'mlp', ratio: 0.5 },
        { kind: 'quantise' },
        { kind: 'check' },
      ];
      const recipe = recipeOf([adapting({ lambda: 0 }), ...ways, ...afterwards], vit);
      const store = memoryStore();
      const { stages } = await finish(runRecipe(prepared(recipe, vit), store));
      kinds.forEach((kind, i) => {
        expect(discrepancy(stages[i + 1], kind), kind).toBeLessThan(0.7 * discrepancy(stages[0], kind));
      });
      const [projected, check, pruned, , last] = stages.slice(4);
      expect(projected).toMatchObject({ agreement: 1, group: 'C4', baseline: stages[3].accuracy });
      expect(projected.params).toBeLessThan(stages[3].params / 3.9);
      expect(pruned.params).toBeLessThan(projected.params);
      for (const each of [check, last]) expect(each).toMatchObject({ agreement: 1 });
      for (const { max } of check.equivarianceError as { max: number }[]) expect(max).toBeLessThan(1e-5);
      const arch = { family: 'vit', group: 'C4', pooling: 'mean', fields: 4, headFields: 2 };
      expect((await modelOf(store, projected)).arch).toMatchObject(arch);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'projected it answers the same at all turns, is smaller, and is pruned and rounded like any other',
    async () => {
      const store = memoryStore();
      const { stages } = await run(
        [
          adapting({ penalty: 'weights', lambda: 10 }),
          { kind: 'project' },
          { kind: 'check' },
          { kind: 'prune', ratio: 0.5 },
          { kind: 'prune-fields', ratio: 0.5, compensation: 'norms' },
          { kind: 'quantise', layers: 'all' },
          { kind: 'check' },
        ],
        store,
      );
      const [adapted, projected, check, , , rounded, last] = stages;
      expect(projected).toMatchObject({ agreement: 1, group: 'C4', baseline: adapted.accuracy });
      expect(adapted.error).toBeGreaterThan(1e-4);
      expect(projected.error).toBeLessThan(1e-5);
      expect(projected.params).toBeLessThan(adapted.params / 2);
      expect(rounded.bytes).toBeLessThan(projected.bytes);
      for (const each of [check, last]) {
        expect(each).toMatchObject({ agreement: 1 });
        for (const { max } of each.equivarianceError as { max: number }[]) expect(max).toBeLessThan(1e-5);
      }
      const { arch } = await modelOf(store, projected);
      expect(arch).toMatchObject({
        group: 'C4',
        head: { kind: 'averaged' },
        blocks: [{ fields: 1 }, { fields: 2 }],
      });
    },
  );
});

test('what cannot be adapted is refused in a sentence before anything is run', () => {
  const refusal = (stages: readonly object[], model?: AnyModel) => () =>
    prepared(recipeOf(stages, model), model);
  expect(refusal([adapting({ lambda: 1, penalty: 'weights', group: 'D4' })])).toThrow(
    '"tiny" has 4 channels at conv1.weight, which do not divide into fields of 8, the order of D4: take the logits, or take a smaller group.',
  );
  expect(refusal([adapting({ lambda: 1, penalty: 'features' })], tinyModel({ group: 'C4' }))).toThrow(
    /equivariant under C4 by its design/,
  );
  expect(refusal([adapting({ lambda: { values: [0, 1], folds: 10 } })])).not.toThrow();
  const few = { seed: 1, train: 0.6, val: 0.2, test: 0.2, share: 0.05 };
  expect(refusal([adapting({ lambda: { values: [0, 1], folds: 3 }, split: few })])).toThrow(
    'The class a has 1 training tile, too few for 3 folds that each hold one: give one λ, or take a larger share of the tiles.',
  );
  expect(refusal([{ kind: 'check' }])).toThrow(/put a "continue" or "adapt" stage first/);
  expect(refusal([{ kind: 'project' }], tinyModel({ group: 'C4' }))).toThrow(
    /equivariant under C4 by its design/,
  );
  expect(() =>
    prepare(
      checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny' }, stages: [{ kind: 'adapt', lambda: 1 }] }),
      dataset,
    ),
  ).toThrow('A "adapt" stage needs a network: put a "train" stage before it.');
});

test('by construction stands a network of the same kind, equivariant under the group asked for', () => {
  const twins = {
    base: 'c4-twin',
    'base-small': 'c4-twin-small',
    vit: 'c4-vit',
    'vit-small': 'c4-vit-small',
    // There is none.
    'mobilenet-v2': 'c4-twin-small',
  };
  for (const [id, twin] of Object.entries(twins)) {
    for (const group of ADAPT_GROUPS) {
      const { id: name, ...choices } = twinDesign(anyNamedArch(id, { size: 32 }), group);
      expect([name, anyNamedArch(name, choices)]).toMatchObject([twin, { group, input: { size: 32 } }]);
    }
  }
});
