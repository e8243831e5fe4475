import { expect, test } from 'vitest';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { finish } from '../../stage/events';
import type { GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { extractFields } from '../fields/extract';
import { chooseChannels, pruneChannels, silence } from './channels';

const dataset = tinyDataset(8);
const splits = tinySplits(dataset);
const tiles = noise(2 * 8 * 8 * 3, 4);

describeOnBackends('naive channel pruning', (backend) => {
  forbidLeaks();

  test.each(['grid', 'steerable'] as const)(
    '%s: one channel gone, and equivariance ends at its layer and everywhere behind it',
    async (filters) => {
      for (const group of ['C4', 'D4'] as GroupName[]) {
        const model = tinyModel({ group, filters, head: 'pooled', seed: 2 });
        for (const { max } of await equivarianceErrors(model, tiles)) expect(max).toBeLessThan(1e-5);
        const broken = await equivarianceErrors(silence(model, 2, Uint32Array.of(1)), tiles);
        expect(broken.find(({ layer }) => layer === 'block1')!.max).toBeLessThan(1e-5);
        expect(broken.find(({ layer }) => layer === 'block2')!.max).toBeGreaterThan(0.1);
        expect(broken.find(({ layer }) => layer === 'logits')!.max).toBeGreaterThan(1e-3);
      }
    },
  );

  test('with all channels of a field gone it is field pruning', async () => {
    const model = tinyModel({ group: 'C4', seed: 3 });
    const silenced = await equivarianceErrors(silence(model, 2, Uint32Array.of(4, 5, 6, 7)), tiles);
    for (const { layer, max } of silenced) expect(max, layer).toBeLessThan(1e-5);
    const kept = [Uint32Array.of(0, 1), Uint32Array.of(0, 2)];
    const pruned = await equivarianceErrors(extractFields(model, kept), tiles);
    for (const { layer, max } of pruned) expect(max, layer).toBeLessThan(1e-5);
  });

  test.skipIf(backend === 'webgpu')('the three networks side by side', async () => {
    const model = tinyModel({ group: 'C4', head: 'pooled', seed: 6 });
    const choice = { method: 'variance', ratio: 0.5, block: 2, seed: 1 } as const;
    const { removed, brokenFields, whole, channels, fields } = await finish(
      pruneChannels(model, dataset, splits, choice),
    );
    expect(removed.length).toBe(6);
    expect(brokenFields).toBeGreaterThan(0);
    const logits = ({ equivarianceError }: typeof whole) => equivarianceError.at(-1)!.max;
    expect(logits(whole)).toBeLessThan(1e-5);
    expect(logits(fields)).toBeLessThan(1e-5);
    expect(logits(channels)).toBeGreaterThan(1e-3);
    expect(whole.agreement).toBe(1);
    expect(fields.agreement).toBe(1);
  });

  test('all channels of a field have the same norm: L2 takes fields whole, but for the last it starts on', async () => {
    const model = tinyModel({ group: 'D4', seed: 1 });
    const choice = { method: 'l2', ratio: 0.4, block: 2, seed: 1 } as const;
    const removed = await finish(chooseChannels(model, dataset, splits.train.subarray(0, 4), choice));
    const byField = [0, 1, 2].map(
      (field) => removed.filter((channel) => Math.floor(channel / 8) === field).length,
    );
    expect(byField.filter((count) => count > 0 && count < 8).length).toBeLessThanOrEqual(1);
    expect(removed.length).toBe(10);
  });
});
