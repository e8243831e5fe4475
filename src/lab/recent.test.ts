import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recent } from './recent';

test('holds the latest within its bound, never another value than was made, and makes none that it holds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (asked, most) => {
        const recent = new Recent<number, number>(most, (value) => value);
        // A plain list, the latest last, each key its own weight.
        let expected: number[] = [];
        for (const key of asked) {
          let made = false;
          const value = recent.get(key, () => {
            made = true;
            return key;
          });
          expect(value).toBe(key);
          expect(made).toBe(!expected.includes(key));
          expected = [...expected.filter((each) => each !== key), key];
          while (expected.length > 1 && expected.reduce((a, b) => a + b) > most) expected.shift();
        }
      },
    ),
  );
});
