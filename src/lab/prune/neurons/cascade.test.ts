import fc from 'fast-check';
import { expect, test } from 'vitest';
import { initialParams } from '../../families/init';
import { tinyModel } from '../../testing/tiny';
import { CASCADES, extractWith } from './cascade';

const HIDDEN = 7;
const setting = fc.record({
  seed: fc.integer({ min: 0, max: 1000 }),
  head: fc.constantFrom('flat' as const, 'orbit' as const, 'pooled' as const),
  kept: fc.uniqueArray(fc.integer({ min: 0, max: HIDDEN - 1 }), { minLength: 1 }),
});

test('misaligned is aligned exactly where the kept neurons are the first ones', () => {
  fc.assert(
    fc.property(setting, ({ seed, head, kept }) => {
      const model = tinyModel({ head, hidden: HIDDEN, seed });
      const units = Uint32Array.from(kept).sort();
      const [right, wrong] = [
        extractWith('aligned', model, units, seed),
        extractWith('misaligned', model, units, seed),
      ];
      const areFirst = units.every((unit, i) => unit === i);
      const same = JSON.stringify(right.params) === JSON.stringify(wrong.params);
      expect(same).toBe(areFirst);
    }),
  );
});

test('every cascade keeps the same neurons and the same shapes; only the output layer differs', () => {
  fc.assert(
    fc.property(setting, ({ seed, head, kept }) => {
      const model = tinyModel({ head, hidden: HIDDEN, seed });
      const units = Uint32Array.from(kept).sort();
      const [right, ...wrong] = CASCADES.map((cascade) => extractWith(cascade, model, units, seed));
      for (const each of wrong) {
        expect(each.arch).toEqual(right.arch);
        for (const [name, param] of Object.entries(right.params)) {
          expect(each.params[name].shape).toEqual(param.shape);
          if (!name.startsWith('dense2')) expect(each.params[name]).toEqual(param);
        }
      }
    }),
  );
});

test('a layer made anew follows the seed, and is not the one the network was once trained from', () => {
  const model = tinyModel({ hidden: HIDDEN });
  const all = Uint32Array.from({ length: HIDDEN }, (_, i) => i);
  const fresh = (seed: number) =>
    extractWith('re-initialised', model, all, seed).params['dense2.weight'].data;
  expect(fresh(1)).toEqual(fresh(1));
  expect(fresh(1)).not.toEqual(fresh(2));
  expect(fresh(1)).not.toEqual(initialParams(model.arch, 1)['dense2.weight'].data);
  expect(fresh(1)).not.toEqual(model.params['dense2.weight'].data);
});
