import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balancedOrder, classWeights } from './balance';

const labels = fc.array(fc.nat(5), { minLength: 2, maxLength: 120 });

test('all classes weigh the same together, and the mean over the tiles is 1', () => {
  fc.assert(
    fc.property(labels, (all) => {
      const weights = classWeights(all, 7);
      const sums = weights.map((weight, label) => weight * all.filter((each) => each === label).length);
      const present = new Set(all).size;
      for (const [label, sum] of sums.entries())
        expect(sum).toBeCloseTo(all.includes(label) ? all.length / present : 0, 9);
      expect(sums.reduce((a, b) => a + b, 0) / all.length).toBeCloseTo(1, 12);
    }),
  );
});

test('equal classes all weigh 1', () => {
  expect(classWeights([0, 1, 2, 2, 1, 0], 3)).toEqual([1, 1, 1]);
});

test('epoch after epoch the classes take turns, and a class is gone through wholly before any of its tiles comes again', () => {
  fc.assert(
    fc.property(labels, fc.nat(9), fc.integer({ min: 1, max: 4 }), (all, seed, epochs) => {
      const rows = Array.from({ length: epochs }, (_, i) => [...balancedOrder(all, seed, i + 1)]).flat();
      expect(rows).toHaveLength(epochs * all.length);
      const present = new Set(all).size;
      for (let start = 0; start + present <= rows.length; start += present) {
        const round = rows.slice(start, start + present).map((row) => all[row]);
        expect(new Set(round).size).toBe(present);
      }
      for (const label of new Set(all)) {
        const drawn = rows.filter((row) => all[row] === label);
        const size = all.filter((each) => each === label).length;
        for (let start = 0; start < drawn.length; start += size) {
          const pass = drawn.slice(start, start + size);
          expect(new Set(pass).size).toBe(pass.length);
        }
      }
    }),
  );
});

test('the seed and the epoch decide', () => {
  const all = Array.from({ length: 60 }, (_, i) => (i < 48 ? 0 : 1));
  expect(balancedOrder(all, 3, 2)).toEqual(balancedOrder(all, 3, 2));
  expect(balancedOrder(all, 4, 2)).not.toEqual(balancedOrder(all, 3, 2));
  expect(balancedOrder(all, 3, 1)).not.toEqual(balancedOrder(all, 3, 2));
});
