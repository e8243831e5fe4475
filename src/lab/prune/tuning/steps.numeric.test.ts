import { describe, expect, test } from 'vitest';
import { totalCost } from '../../evaluate/cost';
import { logitsFromFeatures } from '../../evaluate/features';
import type { GcnnModel } from '../../families/gcnn/model';
import { normalisedTiles } from '../../nn/batch';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectEquivariant } from '../../testing/equivariant';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { distilModel } from '../../train/distil';
import { distilSettingsSchema, finetuneSettingsSchema, SCOPES, type Scope } from '../../train/settings';
import { prune } from '../neurons/prune';
import { openStudy } from '../neurons/study';
import { pruneFieldsInSteps, pruneNeuronsInSteps, stepRatios } from './steps';
import { finetuneInStudy } from './tuning';

const HIDDEN = 8;
const dataset = tinyDataset(8);
const splits = tinySplits(dataset);
const model = tinyModel({ hidden: HIDDEN, group: 'C4', seed: 3 });
const settings = (scope: Scope, distil?: { alpha: number }) =>
  finetuneSettingsSchema.parse({ scope, epochs: 2, batch: 8, tolerance: 0, excellent: 0, distil });
/** A baseline that no network reaches, so that fine-tuning always runs. */
const towards = { baseline: 1.5 };
const measured = async (archs: readonly unknown[]) => archs.map(() => 1);

describe('the ratios of steps', () => {
  test('end at the ratio, and each removes the same share of what is left', () => {
    expect(stepRatios(0.75, 1)).toEqual([0.75]);
    const ratios = stepRatios(0.875, 3);
    [0.5, 0.75, 0.875].forEach((expected, i) => {
      expect(ratios[i]).toBeCloseTo(expected, 12);
    });
  });
});

describeOnBackends('pruning in steps', (backend) => {
  forbidLeaks();
  const scopes = backend === 'webgpu' ? (['head'] as const) : SCOPES;

  test.each(scopes)('neurons, fine-tuning the %s between: as many left as in one shot', async (scope) => {
    const study = await finish(openStudy(model, dataset, splits));
    const choice = { method: 'l2', compensation: 'ridge', ratio: 0.75, seed: 1 } as const;
    const run = (steps: number) =>
      finish(pruneNeuronsInSteps(study, choice, { steps, settings: settings(scope), seed: 1, towards }));
    const inSteps = await run(3);
    expect(inSteps.rounds.length).toBe(2);
    expect(inSteps.rounds.every(({ epochs }) => epochs === 2)).toBe(true);
    expect(inSteps.kept.length).toBe(2);
    expect(inSteps.model.arch.head.hidden).toBe(2);
    expect([...inSteps.kept]).toEqual([...new Set(inSteps.kept)].sort((a, b) => a - b));
    // One step is one-shot pruning.
    const atOnce = await run(1);
    expect(atOnce.model.params).toEqual(prune(model, choice, study.statistics).model.params);
    expect(atOnce.study).toBe(study);
  });

  test.skipIf(backend === 'webgpu').each([
    [{ ratio: 0.6 }, [1, 1]],
    [{ budget: { of: 'params', share: 0.6 } }, null],
  ] as const)('fields towards %j: smaller, and every layer equivariant', async (target, counts) => {
    const choice = { method: 'taylor', compensation: 'mean', target, seed: 1 } as const;
    const steps = { steps: 2, settings: settings('network', { alpha: 0.5 }), seed: 1 };
    const study = await finish(openStudy(model, dataset, splits));
    const teacher = await logitsFromFeatures(model, study.train.values);
    const { model: smaller, kept } = await finish(
      pruneFieldsInSteps(model, dataset, splits, choice, measured, {
        ...steps,
        towards: { ...towards, teacher },
      }),
    );
    expect(smaller.arch.blocks.map(({ fields }) => fields)).toEqual(kept.map(({ length }) => length));
    if (counts) expect(kept.map(({ length }) => length)).toEqual(counts);
    else expect(totalCost(smaller.arch).params).toBeLessThanOrEqual(0.6 * totalCost(model.arch).params);
    const tiles = normalisedTiles(dataset, splits.val.subarray(0, 2), model.normalisation);
    await expectEquivariant(smaller, tiles);
  });
});

describeOnBackends('fine-tuning with the unpruned network as teacher', (backend) => {
  forbidLeaks();
  const scopes = backend === 'webgpu' ? (['head'] as const) : SCOPES;

  test.each(scopes)('%s: α = 1 is fine-tuning on labels, and α = 0 is not', async (scope) => {
    const study = await finish(openStudy(model, dataset, splits));
    const choice = { method: 'l2', compensation: 'none', ratio: 0.75, seed: 1 } as const;
    const { model: pruned } = prune(model, choice, study.statistics);
    const losses = async (distil?: { alpha: number }) => {
      const stage = finetuneInStudy(study, pruned, { ...towards, start: -1 }, settings(scope, distil), 1);
      return (await finish(stage)).epochs.map(({ loss }) => loss);
    };
    const onLabels = await losses();
    const all = await losses({ alpha: 1 });
    all.forEach((loss, i) => {
      expect(Math.abs(loss - onLabels[i])).toBeLessThan(1e-5);
    });
    expect(Math.abs((await losses({ alpha: 0 }))[0] - onLabels[0])).toBeGreaterThan(1e-3);
  });

  test('the teacher’s logits travel with the checkpoint', async () => {
    const study = await finish(openStudy(model, dataset, splits));
    const stage = finetuneInStudy(
      study,
      model,
      { ...towards, start: 0 },
      settings('head', { alpha: 0.5 }),
      1,
    );
    for await (const event of stage) {
      if (event.type !== 'checkpoint') continue;
      expect(event.checkpoint.constants?.['teacher.logits'].shape).toEqual([splits.train.length, 3]);
      break;
    }
  });

  test.skipIf(backend === 'webgpu')(
    'a network of uneven fields is distilled from like any other',
    async () => {
      const choice = {
        method: 'l2',
        compensation: 'none',
        target: { ratio: 0.5 },
        seed: 1,
        blocks: [2],
      } as const;
      const steps = { steps: 1, settings: settings('head'), seed: 1, towards };
      const { model: uneven } = await finish(
        pruneFieldsInSteps(model, dataset, splits, choice, measured, steps),
      );
      expect(uneven.arch.blocks.map(({ fields }) => fields)).toEqual([2, 1]);
      const distil = (teacher: GcnnModel, student: GcnnModel) =>
        finish(
          distilModel(
            teacher,
            student,
            dataset,
            splits,
            distilSettingsSchema.parse({ epochs: 1, batch: 8 }),
            1,
          ),
        );
      expect((await distil(uneven, model)).history.length).toBe(1);
      expect((await distil(model, uneven)).params['conv2.bias'].shape).toEqual([1]);
    },
  );
});
