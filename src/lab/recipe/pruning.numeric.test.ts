import { expect, test } from 'vitest';
import { requireBlocks, requireHidden } from '../families/units';
import { finish } from '../stage/events';
import { keyOf, memoryStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { runRecipe } from './pipeline';
import { prepare } from './prepare';
import { checkRecipe } from './schema';

const dataset = tinyDataset(12);
/** So eager that fine-tuning runs in nearly every cell. */
const finetune = { epochs: 1, batch: 16, tolerance: 0, excellent: 0, distil: {} };
const recipe = (...stages: object[]) =>
  prepare(
    checkRecipe({
      version: 2,
      name: 'inside',
      arch: { id: 'tiny', size: 8 },
      stages: [{ kind: 'train', settings: { epochs: 3, batch: 16, learningRate: 0.02 } }, ...stages],
    }),
    dataset,
  );

describeOnBackends('a recipe that prunes inside the trunk', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')(
    'fields by ratio and by budget, in steps, and neurons in steps: smaller, and always the same answer',
    async () => {
      const fields = {
        ratios: [0.5],
        methods: ['taylor'],
        compensations: ['mean'],
        finetune: { ...finetune, scope: 'network' },
      };
      const neurons = { ratios: [0.75], methods: ['l2'], compensations: ['ridge'], finetune };
      const store = memoryStore();
      const prepared = recipe(
        { kind: 'sweep', fields },
        {
          kind: 'sweep',
          from: 'train',
          fields: { ...fields, ratios: [0.4], budget: 'macs', steps: 2, layers: [1], finetune },
        },
        { kind: 'sweep', from: 'train', neurons: { ...neurons, steps: 2 } },
      );
      const { stages } = await finish(runRecipe(prepared, store));
      expect(stages.map(({ name }) => name)).toEqual([
        'train',
        'prune fields taylor mean 50%',
        'finetune fields taylor mean 50%',
        'prune fields taylor mean macs 40% in layers 1 in 2 steps',
        'finetune fields taylor mean macs 40% in layers 1 in 2 steps',
        'prune l2 ridge 75% in 2 steps',
        'finetune l2 ridge 75% in 2 steps',
      ]);
      const [train, ...pruned] = stages;
      for (const { name, params, agreement } of pruned) {
        expect(params, name).toBeLessThan(train.params);
        expect(agreement, name).toBe(1);
      }
      expect(stages[1]).toMatchObject({ fields: [2, 3], latency: { before: expect.any(Number) } });
      expect((stages[1].kept as number[][]).map(({ length }) => length)).toEqual([1, 1]);
      expect(stages[3].macs).toBeLessThanOrEqual(0.6 * train.macs);
      expect(stages[3].rounds).toHaveLength(1);
      expect(stages[5].rounds).toHaveLength(1);
      const { model } = (await store.loadStage(keyOf(stages[2])))!;
      expect(requireHidden(model!).arch.blocks.map(({ fields }) => fields)).toEqual([1, 1]);
    },
  );
});

describeOnBackends('a recipe of a transformer', (backend) => {
  forbidLeaks();
  const settings = { epochs: 2, batch: 16, learningRate: 0.003, decoupled: true, augment: { flip: true } };
  const chain = (...stages: object[]) =>
    prepare(
      checkRecipe({
        version: 2,
        name: 'blocks',
        arch: { id: 'c4-vit-small', size: 8 },
        stages: [{ kind: 'train', settings }, ...stages],
      }),
      dataset,
    );

  test.runIf(backend === 'wasm')(
    'trains it, removes neurons and heads, fine-tunes with a teacher, rounds and checks: always the same answer',
    async () => {
      const store = memoryStore();
      const prepared = chain(
        { kind: 'prune-blocks', ratio: 0.5, method: 'variance', compensation: 'mean' },
        { kind: 'finetune', settings: { ...finetune, scope: 'network' } },
        { kind: 'prune-blocks', units: 'heads', ratio: 0.4, ranking: 'block', method: 'taylor' },
        { kind: 'quantise', layers: 'all' },
        { kind: 'check' },
      );
      const { stages } = await finish(runRecipe(prepared, store));
      expect(stages.map(({ name }) => name)).toEqual([
        'train',
        'prune mlp variance mean 50%',
        'finetune network',
        'prune heads taylor none 40% per block',
        'quantise all per tile',
        'check test',
      ]);
      const [train, neurons, , heads, integers, check] = stages;
      expect((neurons.kept as number[][]).flat()).toHaveLength(4 * 48);
      expect(neurons.params / train.params).toBeLessThan(0.7);
      expect(heads.kept).toEqual(Array.from({ length: 4 }, () => [expect.any(Number)]));
      expect(heads.macs).toBeLessThan(neurons.macs);
      expect(integers.bytes).toBeLessThan(0.4 * heads.bytes);
      for (const { name, agreement } of [neurons, heads, check]) expect(agreement, name).toBe(1);
      const { model } = (await store.loadStage(keyOf(heads)))!;
      expect(requireBlocks(model!).arch.blocks.every((block) => block.heads === 1)).toBe(true);
    },
  );

  test('what it does not have is refused in words, before anything is computed', () => {
    const refused = (stage: object) => () => chain(stage);
    expect(refused({ kind: 'prune', ratio: 0.5 })).toThrow(
      /"c4-vit-small" is a vision transformer, of which no hidden/,
    );
    expect(refused({ kind: 'finetune' })).toThrow(/give its settings the scope "network"/);
    expect(refused({ kind: 'distil' })).toThrow(/vision transformer/);
    expect(() => recipe({ kind: 'prune-blocks', ratio: 0.5 })).toThrow(
      /"tiny" is a network of group convolutions, of which no hidden neurons of the MLPs can be removed/,
    );
    expect(refused({ kind: 'prune-blocks', ratio: 1 })).toThrow(/ratio/);
  });
});
