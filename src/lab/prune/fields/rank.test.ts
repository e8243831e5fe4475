import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { totalCost } from '../../evaluate/cost';
import { tinyArch } from '../../testing/tiny';
import { removedUnits } from '../units/units';
import { keptByCost, keptByRatio } from './rank';

describe('which fields stay', () => {
  const saliencies = [Float64Array.of(3, 1, 2), Float64Array.of(10, 40, 20, 30)];
  const arch = {
    ...tinyArch(),
    blocks: [
      { fields: 3, kernel: 3 as const, pool: true },
      { fields: 4, kernel: 3 as const, pool: false },
    ],
  };

  test('by ratio, in the chosen blocks only', () => {
    expect(keptByRatio(saliencies, 0.5, [2]).map((each) => [...each])).toEqual([
      [0, 1, 2],
      [1, 3],
    ]);
    expect(keptByRatio(saliencies, 0.99, [1, 2]).map((each) => [...each])).toEqual([[0], [1]]);
  });

  test.each(['params', 'macs'] as const)(
    'a budget of %s is met with the fewest removals, lowest first',
    (of) => {
      for (const share of [0.3, 0.5, 0.8, 1]) {
        const kept = keptByCost(arch, saliencies, { of, share }, [1, 2]);
        const blocks = arch.blocks.map((block, i) => ({ ...block, fields: kept[i].length }));
        expect(totalCost({ ...arch, blocks })[of]).toBeLessThanOrEqual(share * totalCost(arch)[of]);
        expect(kept.every((fields) => fields.length > 0)).toBe(true);
        kept.forEach((fields, i) => {
          const gone = removedUnits(fields, saliencies[i].length);
          const worst = Math.min(...[...fields].map((f) => saliencies[i][f]));
          for (const f of gone) expect(saliencies[i][f]).toBeLessThan(worst);
        });
      }
      const whole = keptByCost(arch, saliencies, { of, share: 1 }, [1, 2]);
      expect(whole.map(({ length }) => length)).toEqual([3, 4]);
    },
  );

  test('a budget that one field per layer does not meet is refused with what is left then', () => {
    const budget = { of: 'params' as const, share: 0.01 };
    expect(() => keptByCost(arch, saliencies, budget, [1, 2])).toThrow(/still has \d/);
    expect(() => keptByCost(arch, saliencies, { of: 'macs', share: 0 }, [1])).toThrow(BadInput);
  });
});
