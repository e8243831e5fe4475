import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { tinyDataset } from '../testing/tiny';
import { plannedRecords, planStages } from './plan';
import { prepare } from './prepare';
import { parseRecipe } from './schema';

const train = { kind: 'train' };
const distil = { kind: 'distil', student: { hidden: 4 } };
const rotate = { kind: 'rotate', split: 'val' };
const prune = { kind: 'prune', ratios: [0.5], methods: ['l2'], compensations: ['none'], finetune: {} };
const quantise = { kind: 'quantise' };

const recipe = (...stages: object[]) => parseRecipe({ version: 1, name: 'x', arch: { id: 'tiny' }, stages });
const suffixes = (...stages: object[]) => planStages(recipe(...stages)).map(({ suffix }) => suffix);

describe('the stages of a recipe', () => {
  test('are named after the network they work on', () => {
    expect(suffixes(train, rotate, distil, rotate, quantise, rotate)).toEqual([
      '',
      '',
      '',
      ' of distil',
      ' of distil',
      ' of quantise dense per tile of distil',
    ]);
    expect(suffixes(train, prune, { ...quantise, from: 'finetune l2 none 50%' }, rotate).at(-1)).toBe(
      ' of quantise dense per tile of finetune l2 none 50%',
    );
    expect(suffixes(train, distil, distil, rotate).at(-1)).toBe(' of distil of distil');
  });

  test('cells of fields, budgets, layers and steps have names of their own', () => {
    const fields = {
      kind: 'prune-fields',
      ratios: [0.5],
      methods: ['taylor'],
      compensations: ['norms'],
      finetune: null,
    };
    const names = (...stages: object[]) => plannedRecords(recipe(...stages)).map(({ name }) => name);
    expect(names(fields, { ...fields, budget: 'macs', layers: [1, 2] })).toEqual([
      'prune fields taylor norms 50%',
      'prune fields taylor norms macs 50% in layers 1,2',
    ]);
    expect(names({ ...fields, steps: 3, finetune: {} }, { ...prune, steps: 3 })).toEqual([
      'prune fields taylor norms 50% in 3 steps',
      'finetune fields taylor norms 50% in 3 steps',
      'prune l2 none 50% in 3 steps',
      'finetune l2 none 50% in 3 steps',
    ]);
    expect(() => planStages(recipe({ ...fields, steps: 3 }))).toThrow(/needs fine-tuning between/);
  });

  test.each([
    ['a student without a teacher', [distil], /needs a teacher/],
    ['pruning integers', [train, quantise, prune], /quantise last/],
    ['quantising integers', [train, quantise, quantise], /quantise last/],
    [
      'quantising what no stage leaves',
      [train, prune, { ...quantise, from: 'prune l2 none 70%' }],
      /A "quantise" stage takes "prune l2 none 70%".*there are: train, prune l2 none 50%, finetune l2 none 50%/,
    ],
    [
      'checking what no stage leaves',
      [train, { ...rotate, from: 'distil' }],
      /A "rotate" stage takes "distil".*there are: train/,
    ],
  ])('%s is refused before anything runs', (_, stages, sentence) => {
    expect(() => planStages(recipe(...stages))).toThrow(BadInput);
    expect(() => prepare(recipe(...stages), tinyDataset())).toThrow(sentence);
  });

  test('leave records whose names are known beforehand', () => {
    const names = plannedRecords(
      recipe(train, rotate, distil, prune, { ...prune, finetune: null }, quantise),
    );
    expect(names.map(({ name, kind }) => [kind, name])).toEqual([
      ['train', 'train'],
      ['rotate', 'rotate val'],
      ['distil', 'distil'],
      ['prune', 'prune l2 none 50% of distil'],
      ['finetune', 'finetune l2 none 50% of distil'],
      ['quantise', 'quantise dense per tile of distil'],
    ]);
  });

  test('one network can be quantised twice over, from its name', () => {
    const all = { ...quantise, layers: 'all', from: 'train' };
    expect(suffixes(train, quantise, all, rotate).at(-1)).toBe(' of quantise all per tile of train');
  });

  test('an impossible student is refused before anything runs', () => {
    const odd = { kind: 'distil', student: { id: 'no such design' } };
    expect(() => prepare(recipe(train, odd), tinyDataset())).toThrow(/no architecture/);
  });
});
