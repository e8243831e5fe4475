import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { tinyDataset } from '../testing/tiny';
import { choicesOf, planRecipe } from './plan';
import { prepare } from './prepare';
import { checkRecipe } from './schema';

const train = { kind: 'train' };
const distil = { kind: 'distil', student: { hidden: 4 } };
const check = { kind: 'check', part: 'val' };
const prune = { kind: 'prune', ratio: 0.5 };
const fields = { kind: 'prune-fields', ratio: 0.5 };
const finetune = { kind: 'finetune' };
const quantise = { kind: 'quantise' };
const sweep = {
  kind: 'sweep',
  neurons: { ratios: [0.5, 0.9], methods: ['l2'], compensations: ['none'], finetune: {} },
};

const recipe = (...stages: object[]) => checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny' }, stages });
const names = (...stages: object[]) => planRecipe(recipe(...stages)).map(({ name }) => name);
/** Of each step: the name of the network it takes. */
const inputs = (...stages: object[]) =>
  planRecipe(recipe(...stages)).map(({ input }) => (input && 'name' in input ? input.name : input));

describe('the stages of a recipe', () => {
  test('are a chain: each takes the network that the one before it left', () => {
    const chain = [train, check, fields, finetune, prune, finetune, quantise, check];
    expect(names(...chain)).toEqual([
      'train',
      'check val',
      'prune fields l2 none 50%',
      'finetune head',
      'prune l2 none 50%',
      'finetune head of prune l2 none 50%',
      'quantise dense per tile',
      'check val of quantise dense per tile',
    ]);
    expect(inputs(...chain)).toEqual([
      null,
      'train',
      'train',
      'prune fields l2 none 50%',
      'finetune head',
      'prune l2 none 50%',
      'finetune head of prune l2 none 50%',
      'quantise dense per tile',
    ]);
  });

  test('a fine-tuning aims at the network in front of the prunings just before it, or at the one that is named', () => {
    const towards = (...stages: object[]) => planRecipe(recipe(...stages)).at(-1)!.towards;
    expect(towards(train, fields, prune, finetune)).toMatchObject({ name: 'train' });
    expect(towards(train, fields, finetune, prune, finetune)).toMatchObject({ name: 'finetune head' });
    const named = { ...finetune, towards: 'train' };
    expect(towards(train, fields, finetune, prune, named)).toMatchObject({ name: 'train' });
    expect(towards(train, { ...finetune, from: 'train' })).toMatchObject({ name: 'train' });
  });

  test('what collided has names of its own: trainings, checks, ratios that differ in the fifth digit, tunings', () => {
    const other = { kind: 'train', settings: { epochs: 2 } };
    expect(names(train, other)).toEqual(['train', 'train 2']);
    expect(names(train, check, { ...check, angles: [45] })).toEqual([
      'train',
      'check val',
      'check val of train',
    ]);
    const third = { ...prune, ratio: 0.3333, from: 'train' };
    expect(names(train, third, { ...third, ratio: 0.33334 })).toEqual([
      'train',
      'prune l2 none 33.33%',
      'prune l2 none 33.334%',
    ]);
    const whole = { ...finetune, from: 'prune l2 none 50%', settings: { scope: 'network' } };
    expect(names(train, prune, finetune, whole)).toEqual([
      'train',
      'prune l2 none 50%',
      'finetune head',
      'finetune network',
    ]);
    // Unlike as names, alike as file names.
    expect(
      names({ ...train, name: 'a b' }, { ...train, name: 'a%b' }, { ...train, name: 'a-c' }),
    ).toHaveLength(3);
    expect(() => names({ ...train, name: 'a b' }, { ...train, name: 'a-b' })).toThrow(/Two stages.*"a-b"/);
  });

  test('cells of a sweep are steps like others; a later stage takes one by its name or by a rule', () => {
    expect(names(train, sweep)).toEqual([
      'train',
      'prune l2 none 50%',
      'finetune l2 none 50%',
      'prune l2 none 90%',
      'finetune l2 none 90%',
    ]);
    expect(inputs(train, sweep, { ...quantise, from: 'finetune l2 none 50%' }).at(-1)).toBe(
      'finetune l2 none 50%',
    );
    const rule = { of: 'sweep', smallest: 'bytes', within: 0.02 } as const;
    const planned = planRecipe(recipe(train, sweep, { ...quantise, from: rule }, check));
    expect(planned.at(-2)!.input).toEqual({ kind: 'rule', rule });
    expect(planned.at(-1)!.input).toMatchObject({ name: 'quantise dense per tile' });
    // Those that were fine-tuned stand for themselves.
    expect(choicesOf(planned, rule).map(({ name }) => name)).toEqual([
      'finetune l2 none 50%',
      'finetune l2 none 90%',
    ]);
  });

  test('fields, budgets, layers, kernels and steps are told in names', () => {
    const steps = { count: 3 };
    expect(
      names(
        train,
        { ...fields, method: 'taylor', compensation: 'norms', budget: 'macs', layers: [1, 2] },
        { ...fields, steps },
        { ...prune, steps },
        { kind: 'prune-orbits', layer: 2, target: 'ring' },
        { kind: 'prune-orbits', target: { ratio: 0.5 } },
      ),
    ).toEqual([
      'train',
      'prune fields taylor norms macs 50% in layers 1,2',
      'prune fields l2 none 50% in 3 steps',
      'prune l2 none 50% in 3 steps',
      'prune orbits ring in layer 2',
      'prune orbits l2 50%',
    ]);
  });

  test.each<[string, object[], RegExp]>([
    ['a student without a teacher', [distil], /needs a teacher/],
    ['a fine-tuning of nothing', [finetune], /needs a network/],
    ['pruning integers', [train, quantise, prune], /quantise last/],
    ['quantising integers', [train, quantise, quantise], /quantise last/],
    ['going on after many networks', [train, sweep, check], /leaves many networks: say with "from"/],
    [
      'quantising what no stage leaves',
      [train, sweep, { ...quantise, from: 'prune l2 none 70%' }],
      /A "quantise" stage takes "prune l2 none 70%".*there are: train, prune l2 none 50%, finetune l2 none 50%/,
    ],
    [
      'choosing from what is no sweep',
      [train, { ...quantise, from: { of: 'train', smallest: 'bytes', within: 0 } }],
      /chooses from "train", but no sweep or study.*there are: none/,
    ],
    ['a sweep of nothing', [train, { kind: 'sweep' }], /needs "neurons" or "fields"/],
    [
      'steps that nothing comes between',
      [train, { kind: 'sweep', neurons: { ...sweep.neurons, steps: 3, finetune: null } }],
      /needs fine-tuning between/,
    ],
    ['an impossible student', [train, { kind: 'distil', student: { id: 'no such' } }], /no architecture/],
  ])('%s is refused before anything runs', (_, stages, sentence) => {
    expect(() => prepare(recipe(...stages), tinyDataset())).toThrow(BadInput);
    expect(() => prepare(recipe(...stages), tinyDataset())).toThrow(sentence);
  });

  test.each<[object, RegExp]>([
    [{ kind: 'prune', ratio: 0.5, metod: 'l2' }, /"stages.1.metod"/],
    [{ kind: 'finetune', settings: { scop: 'head' } }, /"stages.1.settings.scop"/],
    [{ ...sweep, neurons: { ...sweep.neurons, ratio: 0.5 } }, /"stages.1.neurons.ratio"/],
    [{ kind: 'quantise', from: { of: 'sweep', smalest: 'bytes', within: 0 } }, /smalest|from/],
  ])('unknown keys are refused by name: %o', (stage, sentence) => {
    expect(() => recipe(train, stage)).toThrow(sentence);
  });
});
