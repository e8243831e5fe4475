import { expect, test } from 'vitest';
import { adaptSettingsSchema } from '../../lab/adapt/settings';
import { checkRecipe } from '../../lab/recipe/schema';
import { type Order, waysOf } from '../../lab/recipe/ways';
import { pipelineRow } from '../../state/testing/pipelineRow';
import { runDifferences } from './runFacts';

const order: Order = {
  ...{ group: 'C4', penalty: 'weights', lambda: { values: [0, 1], folds: 3, by: 'upright' } },
  settings: adaptSettingsSchema.parse({}),
  ways: ['adapted', 'fine-tuned'],
};

const row = (changes: Partial<Order>, title = 'mine') =>
  pipelineRow({
    kind: 'adapting',
    recipe: checkRecipe({
      version: 2,
      name: 'adapted',
      arch: { id: 'c4-twin-small' },
      start: [{ name: 'network', title, fingerprint: '0'.repeat(32) }],
      stages: waysOf({ ...order, ...changes }, 'network'),
    }),
  });

test('adapted runs differ in what the form says, once each', () => {
  const differing = runDifferences([row({}), row({ penalty: 'logits', lambda: 0.5 }, 'yours')]);
  expect(differing.map(({ name, values }) => [name, ...values])).toEqual([
    ['Network', 'mine', 'yours'],
    ['R of the', 'weights', 'logits'],
    ['λ by', 'folds', 'one'],
    ['λ', '0.1', '0.5'],
    ['λ tried', '0, 1', '0.1, 1, 10'],
  ]);
});
