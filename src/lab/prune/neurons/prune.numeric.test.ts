import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../evaluate/decide';
import { hiddenOf, logitsFromFeatures } from '../../evaluate/features';
import type { HeadKind } from '../../families/gcnn/arch';
import { headInputs } from '../../families/gcnn/layout';
import type { GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, relativeToRange, tinyModel } from '../../testing/tiny';
import { CRITERION_IDS } from '../criteria';
import { keptUnits } from '../units/units';
import { COMPENSATIONS, type Compensation, compensate } from './compensate';
import { curveAnswers, curveLogits } from './curve';
import { extract, extractMisaligned, mask } from './extract';
import { prune, pruningOrder } from './prune';
import { statisticsOf } from './statistics';

const TILES = 6;
const HIDDEN = 7;

async function setUp(head: HeadKind, seed: number, group: GroupName = 'C4') {
  const model = tinyModel({ head, hidden: HIDDEN, seed, group });
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
    group: fc.constantFrom<GroupName>('C4', 'D4'),
    kept: fc.integer({ min: 1, max: HIDDEN }),
  });

  for (const method of CRITERION_IDS) {
    for (const compensation of COMPENSATIONS) {
      test(`${method}, ${compensation}: masked = extracted = the curve's point, to 1e-5`, async () => {
        await fc.assert(
          fc.asyncProperty(anySetting, async ({ seed, head, group, kept }) => {
            const { model, features, statistics, hidden } = await setUp(head, seed, group);
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

  describe.each(['C4', 'D4'] satisfies GroupName[])('%s, over the calibration tiles', (group) => {
    const pruned = async (compensation: Compensation) => {
      const { model, calibration, statistics } = await setUp('orbit', 3, group);
      const choice = { method: 'l2', compensation, ratio: 0.5, seed: 1 } as const;
      const smaller = prune(model, choice, statistics).model;
      const [before, after] = [model, smaller].map((each) => logitsFromFeatures(each, calibration));
      return { before: await before, after: await after };
    };

    test('mean compensation keeps the mean logits', async () => {
      const means = (logits: Float32Array) =>
        [0, 1, 2].map(
          (c) => logits.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / (logits.length / 3),
        );
      const { before, after } = await pruned('mean');
      means(before).forEach((value, c) => {
        expect(means(after)[c]).toBeCloseTo(value, 4);
      });
    });

    test('ridge is nearer to the unpruned logits than the mean, in least squares', async () => {
      const squares = async (compensation: Compensation) => {
        const { before, after } = await pruned(compensation);
        return after.reduce((sum, value, i) => sum + (value - before[i]) ** 2, 0);
      };
      expect(await squares('ridge')).toBeLessThanOrEqual((await squares('mean')) * (1 + 1e-5));
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
