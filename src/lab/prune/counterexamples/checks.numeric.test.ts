import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { shakenModel, tinyArch, tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { CASCADES } from '../neurons/cascade';
import { prune } from '../neurons/prune';
import { checkHead, openStudy } from '../neurons/study';
import { MOST_CHANGED } from './changed';
import { cascadeChecks, namingOf, orbitChecks } from './checks';

const dataset = tinyDataset(8);
const splits = tinySplits(dataset);

test('classes that are told apart and called by each other’s names are consistent, and all wrong', () => {
  const labels = [0, 0, 0, 1, 1, 2];
  expect(namingOf([1, 1, 1, 0, 0, 2], labels, 3)).toEqual({
    classes: 3,
    counts: [
      [0, 3, 0],
      [2, 0, 0],
      [0, 0, 1],
    ],
    consistent: 1,
    swap: { label: 0, answer: 1, tiles: 3, of: 3 },
  });
  expect(namingOf(labels, labels, 3).swap).toBe(null);
  expect(namingOf([0, 1, 2, 1, 0, 2], labels, 3).consistent).toBe(0.5);
});

describeOnBackends('the counter-examples of an opened network', (backend) => {
  forbidLeaks();

  test('three cascades: the aligned one is pruning, and every one keeps an invariant head invariant', async () => {
    const shaken = shakenModel(tinyArch({ group: 'C4' }), 3);
    const study = await finish(openStudy(shaken, dataset, { ...splits, val: splits.train }));
    const choice = { method: 'l2', compensation: 'none', ratio: 0.5, seed: 1 } as const;
    const checks = await cascadeChecks(study, choice);
    const { model } = prune(study.model, choice, study.statistics);
    expect(checks.aligned).toMatchObject(await checkHead(study.turns, model));
    for (const cascade of CASCADES) expect(checks[cascade].error, cascade).toBeLessThan(1e-5);

    // Inside, the wrong cascade is the right one up to the last layer, and what that reads makes the answers.
    const { changed, inside } = checks;
    expect(changed.shown.length).toBe(Math.min(changed.found, MOST_CHANGED));
    expect(changed.found).toBeGreaterThan(0);
    for (const { layer, difference } of inside.differences)
      if (layer === 'logits') expect(difference).toBeGreaterThan(0);
      else expect(difference, layer).toBe(0);
    expect(inside.layers.map(({ layer }) => layer)).toEqual(['block1', 'block2']);
    for (const [i, { right, wrong }] of changed.shown.entries()) {
      expect(wrong[0]).not.toBe(right[0]);
      // The head is invariant, whichever columns it reads.
      expect(new Set(wrong).size).toBe(1);
      const neurons = inside.hidden.subarray(i * inside.units, (i + 1) * inside.units);
      for (const [last, answer] of [
        [inside.right, right[0]],
        [inside.wrong, wrong[0]],
      ] as const) {
        const sums = Array.from(last.bias, (bias, k) =>
          neurons.reduce((sum, value, j) => sum + value * last.weights[j * inside.classes + k], bias),
        );
        expect(sums.indexOf(Math.max(...sums))).toBe(answer);
      }
    }
  });

  test.skipIf(backend === 'webgpu')(
    'channels as fields and singly; only the fields keep the symmetry',
    async () => {
      const study = await finish(openStudy(tinyModel({ group: 'C4', seed: 6 }), dataset, splits));
      const checks = await finish(orbitChecks(study, 1));
      expect(checks).toMatchObject({ tiles: splits.val.length, fields: 2, channels: 8, removedSingly: 2 });
      expect(checks.removedAsFields % 4).toBe(0);
      expect(checks.whole.accuracy).toBe(study.baseline.accuracy);
      expect(checks.whole.error).toBeLessThan(1e-5);
      expect(checks.asFields.error).toBeLessThan(1e-5);
      expect(checks.asFields.changed).toBe(0);
      expect(checks.turning.found).toBe(checks.singly.changed);
      for (const { wrong, right } of checks.turning.shown) {
        expect(new Set(wrong).size).toBeGreaterThan(1);
        expect(new Set(right).size).toBe(1);
      }
      expect(checks.singly.error).toBeGreaterThan(1e-3);
    },
  );

  test('a plain network has no symmetry to break', async () => {
    const study = await finish(openStudy(tinyModel({ group: 'C1' }), dataset, splits));
    await expect(finish(orbitChecks(study, 1))).rejects.toThrow(BadInput);
  });
});
