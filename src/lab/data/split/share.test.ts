import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tinyDataset } from '../../testing/tiny';
import { classCounts } from '../tiles';
import { shareSplit } from './share';
import { stratifiedSplit } from './splits';

const share = fc.constantFrom(0.01, 0.05, 0.1, 0.5, 1);

test('a share has its part of every class, is part of every larger one, and leaves the other parts alone', () => {
  fc.assert(
    fc.property(share, share, fc.nat(99), fc.integer({ min: 4, max: 40 }), (a, b, seed, perClass) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      const dataset = tinyDataset(perClass, 4);
      const whole = stratifiedSplit(dataset, { train: 0.6, val: 0.2, test: 0.2 }, seed);
      const [few, more] = [small, large].map((each) => shareSplit(dataset, whole, each));
      const all = classCounts(dataset, whole.train);
      expect(classCounts(dataset, few.train)).toEqual(all.map((n) => Math.max(1, Math.round(n * small))));
      expect(Array.from(more.train)).toEqual(expect.arrayContaining(Array.from(few.train)));
      expect(few.val).toEqual(whole.val);
      expect(few.test).toEqual(whole.test);
      if (small === 1) expect(few.train).toEqual(whole.train);
    }),
  );
});
