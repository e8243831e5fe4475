import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { totalCost } from '../../evaluate/cost';
import { tinyArch } from '../../testing/tiny';
import { removedUnits } from '../units/units';
import { keptByBudget, keptByRatio } from './rank';

const measured = async () => 1;

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
    async (of) => {
      for (const share of [0.3, 0.5, 0.8, 1]) {
        const kept = await keptByBudget(arch, saliencies, { of, share }, [1, 2], measured);
        const blocks = arch.blocks.map((block, i) => ({ ...block, fields: kept[i].length }));
        expect(totalCost({ ...arch, blocks })[of]).toBeLessThanOrEqual(share * totalCost(arch)[of]);
        expect(kept.every((fields) => fields.length > 0)).toBe(true);
        kept.forEach((fields, i) => {
          const gone = removedUnits(fields, saliencies[i].length);
          const worst = Math.min(...[...fields].map((f) => saliencies[i][f]));
          for (const f of gone) expect(saliencies[i][f]).toBeLessThan(worst);
        });
      }
      const whole = await keptByBudget(arch, saliencies, { of, share: 1 }, [1, 2], measured);
      expect(whole.map(({ length }) => length)).toEqual([3, 4]);
    },
  );

  test('a budget of time asks the host, and few times', async () => {
    let asked = 0;
    const measure = async ({ blocks }: { blocks: readonly { fields: number }[] }) => {
      asked++;
      return blocks[0].fields * blocks[1].fields;
    };
    const kept = await keptByBudget(arch, saliencies, { of: 'latency', share: 0.5 }, [1, 2], measure);
    expect(kept[0].length * kept[1].length).toBeLessThanOrEqual(6);
    expect(asked).toBeLessThanOrEqual(6);
  });

  test('a budget that one field per layer does not meet is refused with what is left then', async () => {
    const budget = { of: 'params' as const, share: 0.01 };
    await expect(keptByBudget(arch, saliencies, budget, [1, 2], measured)).rejects.toThrow(/still has \d/);
    await expect(keptByBudget(arch, saliencies, { of: 'macs', share: 0 }, [1], measured)).rejects.toThrow(
      BadInput,
    );
  });
});
