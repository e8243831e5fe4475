/** A network from elsewhere under the slider: what stands at a stop is what a recipe, and so the command line, prunes. */
import { expect, test } from 'vitest';
import { accuracyOf } from '../../evaluate/agreement';
import { totalCost } from '../../evaluate/cost';
import { decide } from '../../evaluate/decide';
import { turnedLogits } from '../../evaluate/quarterTurns';
import { bundlesOf } from '../../families/imported/channels';
import { openClassifier } from '../../families/networks';
import { normalisedTiles } from '../../nn/batch';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { shakenModel, TINY_IMPORTED, tinyDataset, tinySplits } from '../../testing/tiny';
import { labelsOf } from '../../train/problem';
import { startsOf } from '../blocks/rank';
import { pruneFilters } from '../filters/prune';
import { measureStopExtraction } from './extraction';
import { openStudy } from './open';
import { curveOf, curvesFrom, sheetWith } from './sheet';

describeOnBackends('filters under the slider', () => {
  forbidLeaks();
  const dataset = tinyDataset(8);
  const { train, val } = tinySplits(dataset);
  const model = shakenModel(TINY_IMPORTED);
  const tiles = { dataset, train, val };
  const way = { unit: 'mlp', ranking: 'network' } as const;

  test('each stop is the network that is pruned by that share, at four turns', async () => {
    const study = await finish(openStudy(model, tiles, way, 3));
    for (const filling of [
      { method: 'taylor', compensation: 'mean' },
      { method: 'random', compensation: 'none' },
    ] as const) {
      const { curve, rows } = await finish(curveOf(study, filling));
      const sheet = sheetWith(study, [curve], rows, val.length, val.length);
      const { units, stops, layers, makers } = sheet;
      const bundles = bundlesOf(TINY_IMPORTED);
      expect(layers).toEqual(bundles.map((bundle) => bundle.units));
      expect(makers).toEqual(bundles.map((bundle) => bundle.makers));
      expect(stops.length).toBeGreaterThan(4);
      for (const [i, { ratio }] of study.stops.entries()) {
        const choice = { ...filling, ratio, seed: 3 };
        const pruned = await finish(pruneFilters(model, dataset, train, choice));
        const kept = units - stops[i];
        // The order by which the strip and the table tell what stays.
        const starts = startsOf(layers);
        expect([...curve.order.subarray(0, kept)].sort((a, b) => a - b)).toEqual(
          pruned.kept.flatMap((each, layer) => Array.from(each, (unit) => starts[layer] + unit)),
        );
        const logits = await finish(turnedLogits(pruned.model, dataset, val));
        const labels = labelsOf(dataset, val);
        expect(curve.accuracy.map((turn) => turn[kept])).toEqual(
          logits.map((each) => accuracyOf(decide(each, 3).answers, labels)),
        );
        expect(sheet.params[kept]).toBe(totalCost(pruned.model.arch).params);
        expect(sheet.macs[kept]).toBe(totalCost(pruned.model.arch).macs);
      }
      const { difference, bytes } = await finish(measureStopExtraction(study, filling, study.stops.at(-1)!));
      expect(difference).toBeLessThan(1e-5);
      expect(bytes.extracted).toBeLessThan(bytes.masked);
    }
  });

  test('what a filter answers to a tile is the largest that its first reader reads', async () => {
    const study = await finish(openStudy(model, tiles, way, 3));
    const units = study.counts.reduce((sum, count) => sum + count, 0);
    const hidden = startsOf(study.counts)[
      bundlesOf(TINY_IMPORTED).findIndex(({ makers }) => makers[0] === 'hidden')
    ];
    const network = openClassifier(model);
    const seen = new Map<string, Float32Array>();
    const waiting: Promise<void>[] = [];
    const x = normalisedTiles(dataset, val, model.normalisation);
    const logits = tf.tidy(() =>
      network.logits(tf.tensor4d(x, [val.length, 8, 8, 3]), (name, value) => {
        const held = tf.keep(tf.clone(value));
        waiting.push(
          held.data().then((data) => {
            seen.set(name, Float32Array.from(data));
            held.dispose();
          }),
        );
      }),
    );
    await Promise.all(waiting);
    logits.dispose();
    network.dispose();
    const found = seen.get('hidden')!;
    for (let tile = 0; tile < val.length; tile++)
      for (let u = 0; u < 7; u++)
        expect(study.responses[tile * units + hidden + u]).toBeCloseTo(found[tile * 7 + u], 4);
  });

  test('of filters there are no curves by ridge', () => {
    const all = curvesFrom({ method: 'taylor', compensation: 'mean' }, 'filter');
    expect(all).toHaveLength(12);
    expect(all.some(({ compensation }) => compensation === 'ridge')).toBe(false);
  });
});
