import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseRecipe, readRecipe } from './parse';
import { planRecipe } from './plan';

const train = { kind: 'train', settings: { epochs: 2 } };
const prune = { kind: 'prune', ratios: [0.5], methods: ['l2'], compensations: ['none'], finetune: {} };
const old = (...stages: object[]) => ({ version: 1, name: 'x', arch: { id: 'tiny' }, stages });

test('an older recipe prunes, rounds and checks the networks that it did', () => {
  const { recipe, converted } = readRecipe(
    old(
      train,
      { kind: 'rotate', split: 'val' },
      { kind: 'distil', student: { hidden: 4 } },
      prune,
      { kind: 'quantise', from: 'finetune l2 none 50% of distil' },
      { kind: 'rotate' },
      { kind: 'rotate', from: 'distil' },
    ),
  );
  expect(recipe.stages.map(({ kind }) => kind)).toEqual([
    'train',
    'check',
    'distil',
    'prune',
    'finetune',
    'quantise',
    'check',
    'check',
  ]);
  expect(planRecipe(recipe).map(({ name, input }) => [name, input && 'name' in input && input.name])).toEqual(
    [
      ['train', null],
      ['check val', 'train'],
      ['distil', 'train'],
      ['prune l2 none 50%', 'distil'],
      ['finetune head', 'prune l2 none 50%'],
      ['quantise dense per batch', 'finetune head'],
      ['check test', 'quantise dense per batch'],
      ['check test of distil', 'distil'],
    ],
  );
  expect(converted!.get('finetune l2 none 50% of distil')).toBe('finetune head');
  expect(converted!.get('rotate val')).toBe('check val');
  expect(converted!.get('quantise dense per batch of finetune l2 none 50% of distil')).toBe(
    'quantise dense per batch',
  );
});

test('a pruning in many ways is a sweep, of the network that was trained last', () => {
  const recipe = parseRecipe(old(train, { ...prune, ratios: [0.5, 0.7] }, { kind: 'rotate' }));
  expect(recipe.stages.map(({ kind }) => kind)).toEqual(['train', 'sweep', 'check']);
  expect(planRecipe(recipe).at(-1)!.input).toMatchObject({ name: 'train' });
});

test('there a pruning left the network at hand as it was, and so it does when converted', () => {
  const fields = { ...prune, kind: 'prune-fields', finetune: null };
  const recipe = parseRecipe(old(train, prune, fields, { kind: 'quantise' }, { kind: 'rotate' }));
  const taken = Object.fromEntries(planRecipe(recipe).map(({ name, input }) => [name, input]));
  expect(taken['prune fields l2 none 50%']).toMatchObject({ name: 'train' });
  expect(taken['quantise dense per batch']).toMatchObject({ name: 'train' });
});

test('unknown keys are refused by name in older recipes too', () => {
  expect(() => parseRecipe(old({ ...train, epocs: 3 }))).toThrow(/"stages.0.epocs"/);
});

test('every recipe that comes with the project opens', () => {
  const folder = 'public/models/recipes';
  for (const file of readdirSync(folder)) {
    const { recipe } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    expect(() => parseRecipe(recipe), file).not.toThrow();
  }
});
