import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../evaluate/decide';
import { hiddenOf, logitsFromFeatures } from '../evaluate/features';
import type { HeadKind } from '../nn/arch';
import { headInputs } from '../nn/layout';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, relativeToRange, tinyModel } from '../testing/tiny';
import { COMPENSATIONS, compensate } from './compensate';
import { CRITERION_IDS } from './criteria';
import { curveAnswers, curveLogits } from './curve';
import { extract, extractMisaligned, mask } from './extract';
import { statisticsOf } from './neuronStatistics';
import { prune, pruningOrder } from './prune';
import { keptUnits } from './units';

const TILES = 6;
const HIDDEN = 7;

async function setUp(head: HeadKind, seed: number) {
  const model = tinyModel({ head, hidden: HIDDEN, seed });
  const width = headInputs(model.arch);
  const features = noise(TILES * width, seed).map(Math.abs);
  const calibration = noise(2 * TILES * width, seed + 1).map(Math.abs);
  const labels = Uint8Array.from({ length: 2 * TILES }, (_, i) => i % 3);
  const statistics = await statisticsOf(model, { values: calibration, labels });
  return { model, features, calibration, statistics, hidden: await hiddenOf(model, features) };
}

describeOnBackends('pruning the hidden layer', (backend) => {
  forbidLeaks();
  const runs = backend === 'webgpu' ? 2 : 12;
  const anySetting = fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    head: fc.constantFrom<HeadKind>('flat', 'orbit', 'pooled'),
    kept: fc.integer({ min: 1, max: HIDDEN }),
  });

  for (const method of CRITERION_IDS) {
    for (const compensation of COMPENSATIONS) {
      test(`${method}, ${compensation}: masked = extracted = the curve's point, to 1e-5`, async () => {
        await fc.assert(
          fc.asyncProperty(anySetting, async ({ seed, head, kept }) => {
            const { model, features, statistics, hidden } = await setUp(head, seed);
            const order = pruningOrder(model, method, statistics, seed);
            const stays = keptUnits(order, kept);
            const compensated = compensate(model, stays, compensation, statistics);
            const masked = await logitsFromFeatures(mask(compensated, stays), features);
            const extracted = await logitsFromFeatures(extract(compensated, stays), features);
            const onCurve = curveLogits(model, hidden, order, compensation, statistics, kept);
            expect(relativeToRange(extracted, masked)).toBeLessThan(1e-5);
            expect(relativeToRange(Float32Array.from(onCurve), extracted)).toBeLessThan(1e-5);
            const { answers, tiles } = curveAnswers(model, hidden, order, compensation, statistics);
            const row = answers.subarray(kept * tiles, (kept + 1) * tiles);
            expect(row).toEqual(decide(onCurve, model.arch.classes).answers);
          }),
          { numRuns: runs },
        );
      });
    }
  }

  test('mean compensation keeps the mean logits of the calibration tiles', async () => {
    const { model, calibration, statistics } = await setUp('orbit', 3);
    const { model: smaller } = prune(
      model,
      { method: 'l2', compensation: 'mean', ratio: 0.5, seed: 1 },
      statistics,
    );
    const means = (logits: Float32Array) =>
      [0, 1, 2].map(
        (c) => logits.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / (logits.length / 3),
      );
    const before = means(await logitsFromFeatures(model, calibration));
    const after = means(await logitsFromFeatures(smaller, calibration));
    before.forEach((value, c) => {
      expect(after[c]).toBeCloseTo(value, 4);
    });
  });

  test('the misaligned cascade keeps the same neurons and yet answers otherwise', async () => {
    const { model, features } = await setUp('flat', 4);
    const kept = Uint32Array.of(2, 4, 6);
    const right = extract(model, kept);
    const wrong = extractMisaligned(model, kept);
    expect(wrong.params['dense1.weight']).toEqual(right.params['dense1.weight']);
    const difference = relativeToRange(
      await logitsFromFeatures(wrong, features),
      await logitsFromFeatures(right, features),
    );
    expect(difference).toBeGreaterThan(0.01);
  });
});
