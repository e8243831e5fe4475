import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imbalanceOf, imbalanceWords } from './imbalance';

const counts = fc.array(fc.nat(500), { minLength: 1, maxLength: 12 });

test('the ratio and the accuracy of always answering the same are those counted by hand', () => {
  fc.assert(
    fc.property(counts, (sizes) => {
      const found = imbalanceOf(sizes);
      const present = sizes.filter((n) => n > 0);
      const [most, least] = [Math.max(...present), Math.min(...present)];
      if (present.length < 2 || most / least <= 1.5) {
        expect(found).toBeNull();
        return;
      }
      expect(sizes[found!.largest.label]).toBe(most);
      expect(sizes[found!.smallest.label]).toBe(least);
      expect(found!.ratio).toBeCloseTo(most / least, 12);
      const answers = sizes.flatMap((n, label) => Array<number>(n).fill(label));
      const right = answers.filter((label) => label === found!.largest.label).length;
      expect(found!.always).toBeCloseTo(right / answers.length, 12);
    }),
  );
});

test('it is said in one sentence, and not where classes are nearly equal', () => {
  expect(imbalanceWords(['Forest', 'Lake', 'Road'], [90, 9, 1])).toBe(
    'The classes are unequal: Forest has 90 tiles, Road has 1 tile (90.0 to 1). A network that always answers “Forest” is ' +
      'right on 90.0 % of the tiles.',
  );
  expect(imbalanceWords(['a', 'b'], [3000, 2000])).toBeNull();
  expect(imbalanceWords(['a', 'b'], [30, 0])).toBeNull();
});
