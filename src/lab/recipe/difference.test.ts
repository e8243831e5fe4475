import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences } from './difference';
import { parseRecipe } from './parse';

const recipe = (seed: number, epochs: number, more: unknown[] = []) =>
  parseRecipe({
    version: 1,
    name: 'a',
    arch: { id: 'tiny' },
    seed,
    stages: [{ kind: 'train', settings: { epochs } }, ...more],
  });

test('names exactly the fields that differ, with every value', () => {
  expect(differences([recipe(1, 3), recipe(1, 3)])).toEqual([]);
  expect(differences([recipe(1, 3), recipe(2, 3), recipe(1, 5)])).toEqual([
    { path: 'seed', values: [1, 2, 1] },
    { path: 'stages.0.settings.epochs', values: [3, 3, 5] },
  ]);
});

test('a stage or field that only one has is told as missing from the others', () => {
  const found = differences([recipe(1, 3), recipe(1, 3, [{ kind: 'rotate' }])]);
  expect(found.map(({ path }) => path)).toEqual(['stages.1']);
  expect(found[0].values[0]).toBeUndefined();
  expect(differences([{ arch: {} }, { arch: { group: 'C4' } }])).toEqual([
    { path: 'arch.group', values: [undefined, 'C4'] },
  ]);
});

test('equal values never differ; one changed leaf is the only difference, whatever the rest', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(differences([value, structuredClone(value), structuredClone(value)])).toEqual([]);
      const a = { rest: value, changed: 1 };
      expect(differences([a, { ...structuredClone(a), changed: 2 }])).toEqual([
        { path: 'changed', values: [1, 2] },
      ]);
    }),
  );
});
