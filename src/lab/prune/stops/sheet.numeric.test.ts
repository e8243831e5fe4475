import { expect, test } from 'vitest';
import { accuracyOf } from '../../evaluate/agreement';
import { totalCost } from '../../evaluate/cost';
import { decide } from '../../evaluate/decide';
import { turnedLogits } from '../../evaluate/quarterTurns';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { shakenModel, tinyDataset, tinySplits, tinyVit } from '../../testing/tiny';
import { labelsOf } from '../../train/problem';
import { openBlockStudy, prunedAt, rankedOtherwise } from '../blocks/study';
import { BLOCK_UNITS } from '../blocks/units';
import { TOO_CLOSE } from '../neurons/watched';
import { measureStopExtraction } from './extraction';
import { curveOf, curvesFrom, sheetWith } from './sheet';

describeOnBackends('a transformer under the slider', (backend) => {
  forbidLeaks();
  const dataset = tinyDataset(8);
  const { train, val } = tinySplits(dataset);
  const model = shakenModel(tinyVit('C4'));
  const filling = { method: 'variance', compensation: 'mean' } as const;

  test.each(BLOCK_UNITS)('%s: each stop is the extracted network, at four turns', async (unit) => {
    const way = { unit, ranking: 'network' } as const;
    const study = await finish(openBlockStudy(model, { dataset, train, val }, way, 3));
    const { curve, rows } = await finish(curveOf(study, filling));
    const sheet = sheetWith(study, [curve], rows, val.length, val.length);
    const { units, stops } = sheet;
    expect(units).toBe(sheet.layers.reduce((sum, count) => sum + count, 0));
    for (const [i, stop] of study.stops.entries()) {
      const kept = units - stops[i];
      const smaller = prunedAt(study, filling, stop).model;
      const logits = await finish(turnedLogits(smaller, dataset, val));
      const labels = labelsOf(dataset, val);
      const decided = logits.map((each) => decide(each, 3));
      const turned = decided.map(({ answers }) => accuracyOf(answers, labels));
      const told = decided.flatMap(({ answers, undecided }) =>
        Array.from(rows, (row) => (undecided[row] ? TOO_CLOSE : answers[row])),
      );
      expect([...curve.watched.subarray(kept * told.length, (kept + 1) * told.length)]).toEqual(told);
      expect(curve.accuracy.map((turn) => turn[kept])).toEqual(turned);
      // Under the group every turn is answered alike.
      expect(curve.error[kept]).toBeLessThan(1e-5);
      expect(sheet.params[kept]).toBe(totalCost(smaller.arch).params);
      expect(sheet.macs[kept]).toBe(totalCost(smaller.arch).macs);
    }
    const measured = new Set(Array.from(stops, (removed) => units - removed));
    for (let kept = 0; kept <= units; kept++)
      expect(Number.isNaN(curve.accuracy[0][kept])).toBe(!measured.has(kept));
    const { difference, bytes } = await finish(
      measureStopExtraction(study, filling, study.stops[study.stops.length - 1]),
    );
    expect(difference).toBeLessThan(1e-5);
    expect(bytes.extracted).toBeLessThan(bytes.masked);
  });

  // The other engines do.
  test.skipIf(backend === 'webgpu')(
    'what a unit answers to a tile is found as on the way through the network',
    async () => {
      const way = { unit: 'mlp', ranking: 'network' } as const;
      const study = await finish(openBlockStudy(model, { dataset, train, val: train }, way, 3));
      const { neurons, units } = sheetWith(study, [], new Uint32Array(), train.length, train.length);
      // Of the same tiles, the mean over tokens and orientations is below the mean of the largest.
      for (let unit = 0; unit < units; unit++) {
        const largest = train.map((_, tile) => study.responses[tile * units + unit] * 1e6);
        expect(neurons.topActivations[unit * 6]).toBeGreaterThanOrEqual(0);
        expect(Math.max(...largest) / 1e6).toBeGreaterThan(neurons.mean[unit]);
      }
      const other = rankedOtherwise(study, 'block');
      expect(other.statistics).toBe(study.statistics);
      expect(other.stops).not.toEqual(study.stops);
    },
  );

  test('every curve comes once, those like the chosen one first', () => {
    const all = curvesFrom({ method: 'taylor', compensation: 'ridge' }, 'mlp');
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(18);
    expect(all[0]).toEqual({ method: 'taylor', compensation: 'ridge' });
    expect(all.slice(0, 6).every(({ compensation }) => compensation === 'ridge')).toBe(true);
  });
});
