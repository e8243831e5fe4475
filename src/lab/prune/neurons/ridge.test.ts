import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GcnnModel } from '../../families/gcnn/model';
import { noise, tinyModel } from '../../testing/tiny';
import { keptUnits } from '../units/units';
import { compensate } from './compensate';
import { curveSteps } from './curve';
import { mask } from './extract';
import { cholesky, choleskySolve, submatrix } from './linear';
import { addRidge } from './ridge';
import { activationStatistics } from './statistics';

const UNITS = 9;
const CLASSES = 3;
const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  /** Fewer tiles than units as well: then the Gram matrix alone would have no inverse. */
  tiles: fc.integer({ min: 2, max: 40 }),
  dead: fc.integer({ min: 0, max: 2 }),
});

/** Activations that hang together, some units dead. */
function activationsOf(tiles: number, seed: number, dead: number): Float32Array {
  const [causes, mix] = [noise(tiles * 4, seed), noise(4 * UNITS, seed + 1)];
  return Float32Array.from({ length: tiles * UNITS }, (_, i) => {
    const [t, u] = [Math.floor(i / UNITS), i % UNITS];
    let sum = 0.2;
    for (let k = 0; k < 4; k++) sum += causes[t * 4 + k] * mix[k * UNITS + u];
    return u < dead ? 0 : Math.max(0, sum);
  });
}

function setUp({ seed, tiles, dead }: { seed: number; tiles: number; dead: number }) {
  const model = tinyModel({ hidden: UNITS, seed: 1 + (seed % 100) });
  const calibration = activationsOf(tiles, seed, dead);
  const labels = Uint8Array.from({ length: tiles }, (_, t) => t % CLASSES);
  const order = Uint32Array.from({ length: UNITS }, (_, i) => (i * 4 + seed) % UNITS);
  return { model, calibration, order, statistics: activationStatistics(model, calibration, labels) };
}

/** b + H·W in float64. */
function logitsOf({ params }: GcnnModel, activations: Float32Array): Float64Array {
  const { data: weight } = params['dense2.weight'];
  const out = new Float64Array((activations.length / UNITS) * CLASSES);
  for (let i = 0; i < out.length; i++) {
    const [t, c] = [Math.floor(i / CLASSES), i % CLASSES];
    out[i] = params['dense2.bias'].data[c];
    for (let u = 0; u < UNITS; u++) out[i] += activations[t * UNITS + u] * weight[u * CLASSES + c];
  }
  return out;
}

const sumOfSquares = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

describe('ridge compensation', () => {
  test('at every number of kept units the curve is the direct solution', () => {
    fc.assert(
      fc.property(anyCase, (options) => {
        const { model, order, statistics } = setUp(options);
        const evaluated = activationsOf(7, options.seed + 5, 0);
        const { data: weight } = model.params['dense2.weight'];
        const gram = addRidge(statistics);
        for (const { kept, logits } of curveSteps(model, [evaluated], order, 'ridge', statistics)) {
          const direct = directly(kept);
          for (let i = 0; i < direct.length; i++) {
            expect(Math.abs(logits[0][i] - direct[i])).toBeLessThan(1e-10);
          }
        }

        /** The normal equations of the first `count` units, solved by themselves. */
        function directly(count: number): Float64Array {
          const chosen = order.slice(0, count);
          const target = new Float64Array(count * CLASSES);
          for (let i = 0; i < target.length; i++) {
            const [unit, c] = [chosen[Math.floor(i / CLASSES)], i % CLASSES];
            for (let j = 0; j < UNITS; j++) target[i] += gram[unit * UNITS + j] * weight[j * CLASSES + c];
          }
          const solved = choleskySolve(cholesky(submatrix(gram, UNITS, chosen), count), target, count);
          const out = new Float64Array(7 * CLASSES);
          for (let i = 0; i < out.length; i++) {
            const [t, c] = [Math.floor(i / CLASSES), i % CLASSES];
            out[i] = model.params['dense2.bias'].data[c];
            for (let u = 0; u < UNITS; u++) out[i] += statistics.mean[u] * weight[u * CLASSES + c];
            chosen.forEach((u, row) => {
              out[i] += (evaluated[t * UNITS + u] - statistics.mean[u]) * solved[row * CLASSES + c];
            });
          }
          return out;
        }
      }),
    );
  });

  test('is never worse than the mean in least squares over the calibration tiles', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: UNITS }), (options, count) => {
        const { model, calibration, order, statistics } = setUp(options);
        const kept = keptUnits(order, count);
        const whole = logitsOf(model, calibration);
        const [mean, ridge] = (['mean', 'ridge'] as const).map((compensation) =>
          sumOfSquares(
            logitsOf(mask(compensate(model, kept, compensation, statistics), kept), calibration),
            whole,
          ),
        );
        // The compensated weights are stored as float32.
        expect(ridge).toBeLessThanOrEqual(mean * (1 + 1e-5) + 1e-10 * calibration.length);
      }),
    );
  });

  test('recovers a unit that is a sum of kept ones, and with all units kept changes nothing', () => {
    const { model, statistics } = setUp({ seed: 4, tiles: 40, dead: 0 });
    const all = Uint32Array.from({ length: UNITS }, (_, i) => i);
    const same = compensate(model, all, 'ridge', statistics);
    same.params['dense2.weight'].data.forEach((value, i) => {
      expect(value).toBeCloseTo(model.params['dense2.weight'].data[i], 5);
    });
    const activations = noise(60 * UNITS, 8).map(Math.abs);
    for (let t = 0; t < 60; t++)
      activations[t * UNITS + 3] = activations[t * UNITS] + activations[t * UNITS + 7];
    const labels = new Uint8Array(60);
    const summed = activationStatistics(model, activations, labels);
    const kept = all.filter((unit) => unit !== 3);
    const pruned = mask(compensate(model, kept, 'ridge', summed), kept);
    const plain = mask(compensate(model, kept, 'mean', summed), kept);
    const whole = logitsOf(model, activations);
    const [byRidge, byMean] = [pruned, plain].map((each) => sumOfSquares(logitsOf(each, activations), whole));
    expect(byRidge).toBeLessThan(1e-4 * byMean);
  });
});
