import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planData as data, plans } from '../testing/plans';
import {
  changePlan,
  DEFAULT_PLAN,
  defaultsFor,
  onTiles,
  planOf,
  planSchema,
  problemOf,
  recipeOf,
  toDesign,
  usePlan,
} from './plan';

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

test('a transformer brings how it is trained, and takes it away again', () => {
  usePlan.setState({ plan: DEFAULT_PLAN });
  changePlan({ arch: 'c4-vit-small', seed: 9 });
  const { plan } = usePlan.getState();
  expect(plan).toMatchObject({ group: 'C4', head: 'none', size: 32, epochs: 40, batch: 64, rate: 0.001 });
  expect(problemOf(plan, data)).toBeNull();
  const { arch, stages } = recipeOf(plan);
  expect(arch).toEqual({ id: 'c4-vit-small', group: 'C4', size: 32 });
  expect(stages[0]).toMatchObject({
    settings: {
      ...{ epochs: 40, batch: 64, learningRate: 0.001, decay: 'cosine', warmup: 3, decoupled: true },
      ...{ weightDecay: 0.05, smoothing: 0.1, augment: { crop: 4, flip: true } },
    },
  });
  // What was typed stays among designs that are trained alike.
  changePlan({ epochs: 7 });
  changePlan({ arch: 'vit' });
  expect(usePlan.getState().plan).toMatchObject({ arch: 'vit', group: 'C1', epochs: 7 });
  changePlan({ arch: DEFAULT_PLAN.arch });
  expect(usePlan.getState().plan).toEqual({ ...DEFAULT_PLAN, seed: 9 });
});

test('grey tiles are shifted and not mirrored by themselves: they may be letters and digits', () => {
  const grey = { channels: 1 };
  expect(toDesign(DEFAULT_PLAN, 'vit-small', grey)).toEqual({ arch: 'vit-small', augment: 'shift' });
  expect(toDesign(DEFAULT_PLAN, 'vit-small', {})).toEqual({ arch: 'vit-small' });
  expect(toDesign(defaultsFor('vit'), 'vit-small', grey)).toEqual({ arch: 'vit-small' });
  expect(onTiles(defaultsFor('vit'), 'digits', grey)).toEqual({ data: 'digits', augment: 'shift' });
  expect(onTiles({ augment: 'flip' }, 'digits', grey)).toEqual({ data: 'digits', augment: 'none' });
  expect(onTiles(DEFAULT_PLAN, 'digits', grey)).toEqual({ data: 'digits' });
});

test('patches that do not fill the input are told in words', () => {
  const plan = { ...defaultsFor('vit-small'), size: 30 };
  expect(problemOf(plan, data)).toContain('choose an input size that is a multiple of 4');
});

test('links of before there were turns are understood, and each choice is written in one way', () => {
  const read = (text: string) => planSchema.shape.augment.safeParse(text).data;
  expect(['none', 'shift', 'mirror', 'turn,light'].map(read)).toEqual([
    'none',
    'shift',
    'shift,flip',
    'turn,light',
  ]);
  expect(['light,turn', 'spun', '', 'shift,shift'].map(read)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
