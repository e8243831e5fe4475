import { expect, test } from 'vitest';
import { point } from '../../storage/testing/trunkPoints';
import { cheapestOf, tradesOf, wholeAccuracy } from './tradeOff';

const seeded = (fingerprint: string, accuracy: number, params = 500) =>
  point({ turned: [accuracy, 0, 0, 0], params }, { network: { fingerprint } });

test('networks that differ only in their seed become one point with its spread', () => {
  const points = [
    seeded('a', 0.8),
    seeded('b', 0.84),
    point({}, { network: { family: 'another' } }),
    point({ turned: [0.5, 0, 0, 0] }, { tuning: { scope: 'head', steps: 1, distil: false } }),
  ];
  const [pruned, tuned, ...rest] = tradesOf(points, 'one');
  expect(rest).toEqual([]);
  expect(pruned.points).toEqual(points.slice(0, 2));
  expect(pruned.accuracy).toBeCloseTo(0.82, 12);
  expect(pruned.deviation).toBeCloseTo(Math.sqrt(2 * 0.02 ** 2), 12);
  const untimed = { 'lab-1': null, 'lab-32': null, 'onnxruntime-1': null, 'onnxruntime-32': null };
  expect(pruned.cost).toEqual({ params: 0.5, macs: 1, exported: 1, latency: 0.5, ...untimed });
  expect(tuned.deviation).toBeNull();
  expect(wholeAccuracy([pruned, tuned])).toBeCloseTo(0.9, 12);
  expect(wholeAccuracy([])).toBeNull();
});

test('what was not measured is unknown, and the cheapest is among those that lose little', () => {
  const silenced = point(
    { turned: [0.89, 0, 0, 0] },
    {
      choice: { units: 'channels', method: 'l2', ratio: 0.5, block: 1, seed: 1 },
      result: { latency: null },
    },
  );
  // Of before it was counted.
  expect(tradesOf([point({ exported: undefined })], 'one')[0].cost.exported).toBeNull();
  expect(tradesOf([point({ exported: 4000 })], 'one')[0].cost.exported).toBe(0.25);
  const small = point({ turned: [0.88, 0, 0, 0], params: 300 });
  const smaller = point(
    { turned: [0.87, 0, 0, 0], params: 200 },
    { tuning: { scope: 'network', steps: 3, distil: true } },
  );
  const trades = tradesOf([silenced, small, smaller], 'one');
  expect(trades[0].cost.latency).toBeNull();
  const within = (tolerance: number) => (accuracy: number) => 0.9 - accuracy <= tolerance + 1e-9;
  expect(cheapestOf(trades, 'params', within(0.02))?.points).toEqual([small]);
  expect(cheapestOf(trades, 'params', within(0.03))?.points).toEqual([smaller]);
  expect(cheapestOf(trades, 'params', within(0))).toBeNull();
  expect(cheapestOf(trades.slice(0, 1), 'latency', within(0.02))).toBeNull();
});

test('a time is that of its engine and batch, with the most threads, and the mean over networks that were timed', () => {
  const timing = (engine: 'lab' | 'onnxruntime', threads: number, batch: number, p50: number) => ({
    ...{ engine, threads, batch, runs: 9, p50: 1, p95: 2 },
    ratio: { p25: 0, p50, p75: 1 },
  });
  const timed = [timing('lab', 1, 1, 0.9), timing('lab', 2, 1, 0.7), timing('onnxruntime', 1, 32, 0.4)];
  const [{ cost }] = tradesOf(
    [
      point({}, { timed }),
      point({}, { network: { fingerprint: 'b' }, timed: [timing('lab', 2, 1, 0.5)] }),
      point({}, { network: { fingerprint: 'c' } }),
    ],
    'one',
  );
  expect(cost['lab-1']).toBeCloseTo(0.6, 12);
  expect([cost['lab-32'], cost['onnxruntime-1'], cost['onnxruntime-32']]).toEqual([null, null, 0.4]);
});
