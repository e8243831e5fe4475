import { expect, test } from 'vitest';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { prepare } from './prepare';
import { checkRecipe } from './schema';
import { tryRates, tryTurns } from './trying';

const dataset = tinyDataset(15);
const prepared = (group: string, settings: object = {}) =>
  prepare(
    checkRecipe({
      version: 2,
      name: 'x',
      arch: { id: 'tiny', size: 8, group },
      stages: [{ kind: 'train', settings: { batch: 8, ...settings } }],
    }),
    dataset,
  );

describeOnBackends('before a training', (backend) => {
  forbidLeaks();

  test('the loss of an equivariant network is the same number at all quarter turns, that of a plain one is not', async () => {
    const [turning, plain] = [await finish(tryTurns(prepared('C4'))), await finish(tryTurns(prepared('C1')))];
    expect(turning.losses).toHaveLength(4);
    expect(turning.tiles).toBe(27);
    expect([turning.isSame, plain.isSame]).toEqual([true, false]);
  });

  test('the learning rate is swept upwards over training tiles alone, and the loss is least in between', async () => {
    const sweep = await finish(tryRates(prepared('C4')));
    const rates = sweep.points.map(({ rate }) => rate);
    expect(rates[0]).toBeCloseTo(1e-5, 12);
    expect(rates.every((rate, i) => i === 0 || rate > rates[i - 1])).toBe(true);
    expect(sweep.least.loss).toBe(Math.min(...sweep.points.map(({ loss }) => loss)));
    expect(sweep.least.loss).toBeLessThan(0.8 * sweep.points[0].loss);
    expect(sweep.chosen).toBe(Number((sweep.least.rate / 4).toPrecision(2)));
    // Tiles that are not learnt from may be any: nothing of them is looked at.
    const { val, test: last } = prepared('C4').splits;
    const pixels = dataset.pixels.slice();
    for (const tile of [...val, ...last]) pixels.fill(0, tile * 192, (tile + 1) * 192);
    const blind = prepare(prepared('C4').recipe, { ...dataset, pixels });
    const again = await finish(tryRates(blind));
    if (backend !== 'webgpu') expect(again).toEqual(sweep);
    else expect(again.points[0].loss).toBeCloseTo(sweep.points[0].loss, 3);
  });
});
