import { expect, test } from 'vitest';
import { equivarianceErrors } from '../../evaluate/equivariance';
import type { HeadKind } from '../../families/gcnn/arch';
import { normalisedTiles } from '../../nn/batch';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { measureExtraction } from './extraction';
import { prune } from './prune';
import { sheetOf } from './sheet';
import { checkHead, openStudy } from './study';

const HIDDEN = 6;
const dataset = tinyDataset(20);
const splits = tinySplits(dataset);

describeOnBackends('the figures of a slider position', () => {
  forbidLeaks();

  // A flat head is not invariant, so its error is large; the plain network is turned as C4 turns it.
  test.each([
    ['orbit', 'C4'],
    ['flat', 'C4'],
    ['pooled', 'C1'],
  ] as const)(
    '%s head, %s: the equivariance error is that of the really smaller network',
    async (head, group) => {
      const model = tinyModel({ head: head as HeadKind, group, hidden: HIDDEN });
      const study = await finish(openStudy(model, dataset, splits));
      const sheet = await finish(sheetOf(study, 1));
      const tiles = normalisedTiles(dataset, splits.val, model.normalisation);
      for (const { method, compensation, error } of sheet.curves.filter((_, i) => i % 4 === 0)) {
        for (const kept of [1, 4, HIDDEN]) {
          const choice = { method, compensation, ratio: (HIDDEN - kept) / HIDDEN, seed: 1 };
          const { model: smaller } = prune(model, choice, study.statistics);
          const expected = (await equivarianceErrors(smaller, tiles)).find(
            ({ layer }) => layer === 'logits',
          )!;
          expect(Math.abs(error[kept] - expected.max)).toBeLessThan(1e-5);
          expect(Math.abs((await checkHead(study.turns, smaller)).error - expected.max)).toBeLessThan(1e-5);
          if (head === 'orbit') expect(error[kept]).toBeLessThan(1e-5);
          else if (kept > 1) expect(error[kept]).toBeGreaterThan(1e-3);
        }
      }
    },
  );

  test('masked and extracted: the same logits, a smaller file, and times of both', async () => {
    const study = await finish(openStudy(tinyModel({ hidden: HIDDEN }), dataset, splits));
    const choice = { method: 'l2', compensation: 'mean', ratio: 4 / 6, seed: 1 } as const;
    const { difference, tiles, bytes, seconds } = await measureExtraction(study, choice);
    expect(tiles).toBe(splits.val.length);
    expect(difference).toBeLessThan(1e-5);
    // Four neurons less: 4 × (48 inputs + bias + 3 outputs) values of 4 bytes, give or take the header's padding.
    expect(Math.abs(bytes.masked - bytes.extracted - 4 * 4 * 52)).toBeLessThan(64);
    expect(seconds.masked).toBeGreaterThan(0);
    expect(seconds.extracted).toBeGreaterThan(0);
  });
});
