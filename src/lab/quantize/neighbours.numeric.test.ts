import { expect, test } from 'vitest';
import { logitsFromFeatures } from '../evaluate/features';
import { openStudy } from '../prune/neurons/study';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { shakenModel, tinyArch, tinyDataset, tinySplits } from '../testing/tiny';
import { neighbourCheck } from './neighbours';
import { quantiseModel } from './quantise';

const dataset = tinyDataset(20);

describeOnBackends('a glaring neighbour in a batch of integers', () => {
  forbidLeaks();

  test('sways nobody where each tile has its own range, and the figures are those of the rounded network', async () => {
    const model = shakenModel(tinyArch({ group: 'C4' }), 3);
    const { turns } = await finish(openStudy(model, dataset, tinySplits(dataset)));
    const check = await finish(neighbourCheck({ model, dataset, ...turns[0] }));
    expect(check.tiles).toBe(turns[0].labels.length);
    expect(check.perTile.swayed).toBe(0);
    expect(check.perTile.beside).toBe(check.perTile.accuracy);
    const network = quantiseModel(model, { layers: 'dense', range: 'batch' });
    const logits = await logitsFromFeatures(network, turns[0].values);
    const right = Array.from(turns[0].labels).filter((label, row) => {
      const own = logits.subarray(3 * row, 3 * row + 3);
      return own.indexOf(Math.max(...own)) === label;
    });
    expect(check.perBatch.accuracy).toBe(right.length / check.tiles);
    const { largest, widened } = check;
    expect(largest.tiles).toBeCloseTo(Math.max(...turns[0].values), 5);
    expect(largest.median).toBeLessThanOrEqual(largest.tiles);
    // With twice the range half of the levels are left.
    for (const [i, { times, levels }] of widened.entries()) {
      expect(times).toBe(2 ** i);
      expect(levels * times).toBeCloseTo(widened[0].levels, 3);
    }
    // With two levels left a network answers otherwise than with all of them.
    expect(widened.at(-1)!.swayed).toBeGreaterThan(widened[0].swayed);
  });
});
