import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { CASCADES } from '../neurons/cascade';
import { prune } from '../neurons/prune';
import { checkHead, openStudy } from '../neurons/study';
import { cascadeChecks, namingOf, orbitChecks } from './checks';

const dataset = tinyDataset(8);
const splits = tinySplits(dataset);

test('classes that are told apart and called by each other’s names are consistent, and all wrong', () => {
  const labels = [0, 0, 0, 1, 1, 2];
  expect(namingOf([1, 1, 1, 0, 0, 2], labels, 3)).toEqual({
    classes: 3,
    consistent: 1,
    swap: { label: 0, answer: 1, tiles: 3, of: 3 },
  });
  expect(namingOf(labels, labels, 3).swap).toBe(null);
  expect(namingOf([0, 1, 2, 1, 0, 2], labels, 3).consistent).toBe(0.5);
});

describeOnBackends('the counter-examples of an opened network', (backend) => {
  forbidLeaks();

  test('three cascades: the aligned one is pruning, and every one keeps an invariant head invariant', async () => {
    const study = await finish(openStudy(tinyModel({ seed: 2 }), dataset, splits));
    const choice = { method: 'l2', compensation: 'none', ratio: 0.5, seed: 1 } as const;
    const checks = await cascadeChecks(study, choice);
    const { model } = prune(study.model, choice, study.statistics);
    expect(checks.aligned).toMatchObject(await checkHead(study.turns, model));
    for (const cascade of CASCADES) expect(checks[cascade].error, cascade).toBeLessThan(1e-5);
  });

  test.skipIf(backend === 'webgpu')(
    'channels as fields and singly; only the fields keep the symmetry',
    async () => {
      const study = await finish(openStudy(tinyModel({ group: 'C4', seed: 6 }), dataset, splits));
      const checks = await finish(orbitChecks(study, 1));
      expect(checks).toMatchObject({ tiles: splits.val.length, block: 2, channels: 12, removedChannels: 6 });
      expect(checks.brokenFields).toBeGreaterThan(0);
      expect(checks.whole.accuracy).toBe(study.baseline.accuracy);
      expect(checks.whole.error).toBeLessThan(1e-5);
      expect(checks.fields.error).toBeLessThan(1e-5);
      expect(checks.fields.changed).toBe(0);
      expect(checks.singly.error).toBeGreaterThan(1e-3);
    },
  );

  test('a plain network has no symmetry to break', async () => {
    const study = await finish(openStudy(tinyModel({ group: 'C1' }), dataset, splits));
    await expect(finish(orbitChecks(study, 1))).rejects.toThrow(BadInput);
  });
});
