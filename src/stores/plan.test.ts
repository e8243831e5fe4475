import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GROUP_NAMES, HEAD_KINDS } from '../lab/nn/arch';
import { changePlan, DEFAULT_PLAN, planOf, recipeOf, usePlan } from './plan';

test('a plan survives its recipe', () => {
  const plan = fc.record({
    data: fc.constantFrom('synthetic', 'mine'),
    arch: fc.constantFrom('c4-small', 'base-small', 'tiny', 'c4-twin'),
    group: fc.constantFrom(...GROUP_NAMES),
    head: fc.constantFrom(...HEAD_KINDS),
    size: fc.constantFrom(32, 64),
    seed: fc.nat(),
    splitSeed: fc.nat(),
    epochs: fc.integer({ min: 1, max: 100 }),
    batch: fc.integer({ min: 1, max: 256 }),
    rate: fc.double({ min: 1e-5, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(plan, (each) => {
      expect(planOf(recipeOf(each), each.data)).toEqual(each);
    }),
  );
});

test('a newly chosen architecture brings its own group, head and size', () => {
  usePlan.setState({ plan: DEFAULT_PLAN });
  changePlan({ arch: 'base', seed: 9 });
  const { plan } = usePlan.getState();
  expect(plan).toEqual({ ...DEFAULT_PLAN, arch: 'base', group: 'C1', head: 'pooled', size: 64, seed: 9 });
});
