import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { chainOf } from './chain';
import { canonical, identitiesOf } from './identity';
import { planRecipe } from './plan';
import { checkRecipe, type Recipe } from './schema';

const recipeOf = (stages: readonly object[], own: object = {}): Recipe =>
  checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny' }, ...own, stages });

function idsOf(recipe: Recipe, data = 'tiles'): string[] {
  const ground = { data, arch: recipe.arch, seed: recipe.seed, start: recipe.start };
  return [...identitiesOf(planRecipe(recipe), ground).values()];
}

const ratio = fc.constantFrom(0.25, 0.3333, 0.33334, 0.5);
const finetuneSettings = fc.record(
  { scope: fc.constantFrom('head', 'network', 'output'), epochs: fc.integer({ min: 1, max: 3 }) },
  { requiredKeys: [] },
);
const seed = fc.option(fc.integer({ min: 2, max: 4 }), { nil: undefined });
const stage = fc.oneof(
  fc.record({
    kind: fc.constant('train'),
    settings: fc.record({ epochs: fc.integer({ min: 1, max: 3 }) }),
    seed,
  }),
  fc.record({ kind: fc.constant('prune'), ratio, method: fc.constantFrom('l2', 'random'), seed }),
  fc.record({ kind: fc.constant('prune-fields'), ratio, compensation: fc.constantFrom('none', 'norms') }),
  fc.record({ kind: fc.constant('prune-orbits'), layer: fc.constantFrom(1, 2), target: fc.constant('ring') }),
  fc.record({ kind: fc.constant('finetune'), settings: finetuneSettings, seed }),
  fc.record({
    kind: fc.constant('check'),
    part: fc.constantFrom('val', 'test'),
    angles: fc.constantFrom([0], [0, 90]),
  }),
);
const train = { kind: 'train' };
const stages = fc.array(stage, { maxLength: 5 }).map((rest): object[] => [train, ...rest]);

/** A recipe's stages with every default written out: what they say, however it is written. */
const said = (recipe: Recipe) => canonical(recipe.stages);

describe('the identity of a record', () => {
  test('differs wherever two recipes differ in anything, and is the same where they say the same', () => {
    fc.assert(
      fc.property(stages, stages, (a, b) => {
        const [one, two] = [recipeOf(a), recipeOf(b)];
        expect(idsOf(one)).toEqual(idsOf(recipeOf(JSON.parse(JSON.stringify(a)))));
        if (said(one) !== said(two)) expect(idsOf(one)).not.toEqual(idsOf(two));
        else expect(idsOf(one)).toEqual(idsOf(two));
      }),
    );
  });

  test('is another one for everything made after a change, and the same for everything before it', () => {
    fc.assert(
      fc.property(stages, fc.nat(), stage, (list, where, other) => {
        const at = 1 + (where % list.length);
        const [ids, changed] = [idsOf(recipeOf(list)), idsOf(recipeOf([...list.slice(0, at), other]))];
        expect(changed.slice(0, at)).toEqual(ids.slice(0, at));
      }),
    );
  });

  test('data, seed, split and design are part of it', () => {
    const base = recipeOf([train, { kind: 'prune', ratio: 0.5 }]);
    const others = [
      idsOf(base, 'other tiles'),
      idsOf(recipeOf(base.stages, { seed: 2 })),
      idsOf(recipeOf(base.stages, { split: { train: 0.5, val: 0.25, test: 0.25 } })),
      idsOf(recipeOf(base.stages, { split: { train: 0.6, val: 0.2, test: 0.2, folds: { of: 5, fold: 0 } } })),
      idsOf(recipeOf(base.stages, { split: { train: 0.6, val: 0.2, test: 0.2, folds: { of: 5, fold: 1 } } })),
      idsOf(recipeOf(base.stages, { arch: { id: 'tiny', hidden: 5 } })),
    ];
    const all = [idsOf(base), ...others].flat();
    expect(new Set(all).size).toBe(all.length);
    // What it is called, and what the recipe is called, are not.
    const renamed = recipeOf(
      [
        { ...train, name: 'mine' },
        { kind: 'prune', ratio: 0.5, name: 'half' },
      ],
      { name: 'y' },
    );
    expect(idsOf(renamed)).toEqual(idsOf(base));
  });

  test('a repeated stage is the same thing', () => {
    const [, first, second] = idsOf(recipeOf([train, { kind: 'check' }, { kind: 'check' }]));
    expect(second).toBe(first);
  });

  test('a cell of a sweep is the same thing as the stage alone', () => {
    const neurons = { ratios: [0.5], methods: ['l2'], compensations: ['mean'], finetune: {} };
    const [, pruned, tuned] = idsOf(recipeOf([train, { kind: 'sweep', neurons }]));
    const alone = idsOf(
      recipeOf([train, { kind: 'prune', ratio: 0.5, compensation: 'mean' }, { kind: 'finetune' }]),
    );
    expect([pruned, tuned]).toEqual(alone.slice(1));
  });
});

describe('the chain of a network', () => {
  const sweep = {
    kind: 'sweep',
    from: 'train',
    neurons: { ratios: [0.5], methods: ['l2', 'random'], compensations: ['none'], finetune: {} },
    fields: { ratios: [0.5], methods: ['l2'], compensations: ['norms'], finetune: { epochs: 1 } },
  };

  test('ends in the same identity, whatever else the recipe does', () => {
    const many = stages.map((list) => [...list, sweep, { kind: 'quantise', from: 'train' }]);
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 9 }), (list, recipeSeed) => {
        const recipe = recipeOf(list, { seed: recipeSeed });
        const planned = planRecipe(recipe);
        const ids = idsOf(recipe);
        for (const [i, { name, leaves }] of planned.entries()) {
          if (leaves === 'nothing') continue;
          const chain = chainOf(recipe, name);
          expect(idsOf(chain).at(-1), name).toBe(ids[i]);
          expect(planRecipe(chain).at(-1)!.name).toBe(name);
          expect(chain.stages.every(({ kind }) => kind !== 'check' && kind !== 'sweep')).toBe(true);
        }
      }),
      { numRuns: cases(40) },
    );
  });

  test('of what a budget of time came to names the fields that stayed: measured again, it might be others', () => {
    const timed = { kind: 'prune-fields', ratio: 0.5, budget: 'latency', compensation: 'norms' };
    const recipe = recipeOf([train, timed, { kind: 'finetune' }]);
    const name = 'prune fields l2 norms latency 50%';
    const chosen = { networks: new Map(), kept: new Map([[name, [[0], [1, 2]]]]), lambdas: new Map() };
    const chain = chainOf(recipe, 'finetune head', chosen);
    expect(chain.stages[1]).toMatchObject({ name, kept: [[0], [1, 2]], compensation: 'norms' });
    expect(chain.stages[1]).not.toHaveProperty('budget');
  });

  test('of what a rule chose names the choice', () => {
    const rule = { of: 'sweep', smallest: 'bytes', within: 0.1 };
    const recipe = recipeOf([train, sweep, { kind: 'quantise', from: rule }]);
    const networks = new Map([['quantise dense per tile', 'finetune random none 50%']]);
    const chosen = { networks, kept: new Map(), lambdas: new Map() };
    const chain = chainOf(recipe, 'quantise dense per tile', chosen);
    expect(chain.stages.map(({ kind }) => kind)).toEqual(['train', 'prune', 'finetune', 'quantise']);
    expect(chain.stages[1]).toMatchObject({ method: 'random' });
  });
});
