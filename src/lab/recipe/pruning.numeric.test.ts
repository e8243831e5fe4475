import { expect, test } from 'vitest';
import { requireHidden } from '../families/units';
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
