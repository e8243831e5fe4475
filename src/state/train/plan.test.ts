import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planData as data, plans } from '../testing/plans';
import { changePlan, DEFAULT_PLAN, planOf, problemOf, recipeOf, usePlan } from './plan';

test('a plan comes back from its recipe', () => {
  fc.assert(
    fc.property(plans, (given) => {
      expect(planOf(recipeOf(given), given.data)).toEqual(given);
    }),
  );
});

test('a plan that can be trained has no problem', () => {
  expect(problemOf(DEFAULT_PLAN, data)).toBeNull();
});

test('what cannot be trained is told in words', () => {
  expect(problemOf(DEFAULT_PLAN, undefined)).toContain('not kept in this browser');
  expect(problemOf({ ...DEFAULT_PLAN, size: 48 }, data)).toContain('do not shrink evenly to 48×48');
  // Three poolings: 64 → 32 → 16 → 8 is even, 4 → 2 → 1 is not.
  expect(problemOf({ ...DEFAULT_PLAN, size: 4 }, data)).toContain('pools a 1×1 map');
  expect(problemOf(DEFAULT_PLAN, { ...data, classes: ['a'], counts: [20] })).toContain('one class only');
  expect(problemOf(DEFAULT_PLAN, { ...data, counts: [18, 2], count: 20 })).toContain('three tiles');
});

test('bands that a set does not hold are told by what it holds', () => {
  const bands = { of: 13, numbers: Array.from({ length: 13 }, (_, i) => i + 1) };
  const problem = (chosen: string) =>
    problemOf({ ...DEFAULT_PLAN, bands: chosen }, { ...data, channels: 13, bands });
  expect(problem('8,4,3')).toBeNull();
  for (const [chosen, absent] of [
    ['4,99', 99],
    ['0', 0],
    ['14', 14],
  ])
    expect(problem(String(chosen))).toContain(`13 bands and no band ${absent}: choose from 1 to 13`);
  expect(problem('4,4')).toContain('Band 4 is chosen twice');
});

test('a newly chosen architecture brings its own group, head and size', () => {
  usePlan.setState({ plan: DEFAULT_PLAN });
  changePlan({ arch: 'base', seed: 9 });
  const { plan } = usePlan.getState();
  expect(plan).toEqual({ ...DEFAULT_PLAN, arch: 'base', group: 'C1', head: 'pooled', size: 64, seed: 9 });
});
