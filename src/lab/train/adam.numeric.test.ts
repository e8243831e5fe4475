import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, relativeToRange } from '../testing/tiny';
import { adamState, adamStep } from './adam';

/** Weights after steps with the given gradients, by the definition, in float64. */
function byDefinition(
  start: Float32Array,
  gradients: readonly Float32Array[],
  rate: number,
  decay: number,
  isDecoupled: boolean,
): Float64Array {
  const w = Float64Array.from(start);
  const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
  gradients.forEach((gradient, t) => {
    for (let i = 0; i < w.length; i++) {
      const g = gradient[i] + (isDecoupled ? 0 : decay * w[i]);
      if (isDecoupled) w[i] -= rate * decay * w[i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const [mean, spread] = [m[i] / (1 - 0.9 ** (t + 1)), v[i] / (1 - 0.999 ** (t + 1))];
      w[i] -= (rate * mean) / (Math.sqrt(spread) + 1e-8);
    }
  });
  return w;
}

describeOnBackends('Adam', (backend) => {
  forbidLeaks();

  test('moves weights as defined', async () => {
    const settings = fc.record({
      length: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(255, 257, 16385)),
      steps: fc.integer({ min: 1, max: 4 }),
      learningRate: fc.constantFrom(1e-4, 1e-2),
      weightDecay: fc.constantFrom(0, 1e-2),
      isDecoupled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ length, steps, learningRate, weightDecay, isDecoupled }) => {
        const start = noise(length, 1);
        const gradients = Array.from({ length: steps }, (_, t) => noise(length, 2 + t));
        const params: Record<string, tf.Tensor> = { w: tf.tensor1d(start) };
        const state = adamState(params);
        for (const each of gradients) {
          const gradient = tf.tensor1d(each);
          const decoupled = isDecoupled ? new Set(['w']) : undefined;
          adamStep(params, { w: gradient }, state, { learningRate, weightDecay, decoupled });
          gradient.dispose();
        }
        const moved = Float64Array.from(await params.w.data(), (w, i) => (w - start[i]) / learningRate);
        const expected = byDefinition(start, gradients, learningRate, weightDecay, isDecoupled).map(
          (w, i) => (w - start[i]) / learningRate,
        );
        // Of weights near 1 a small step is rounded: by half a unit of theirs.
        const rounding = (steps * 2 ** -24) / learningRate;
        moved.forEach((each, i) => {
          expect(Math.abs(each - expected[i])).toBeLessThan(1e-4 + rounding);
        });
        tf.dispose([params.w, state.first.w, state.second.w]);
      }),
      { numRuns: backend === 'webgpu' ? 10 : 50 },
    );
  });

  test('keeps what is not told to move', async () => {
    const params: Record<string, tf.Tensor> = { a: tf.tensor1d([1, 2]), b: tf.tensor1d([3]) };
    const state = adamState(params);
    const { b } = params;
    const gradient = tf.tensor1d([1, 1]);
    adamStep(params, { a: gradient }, state, { learningRate: 0.1, weightDecay: 0 });
    expect(params.b).toBe(b);
    expect(relativeToRange(await params.a.data(), [0.9, 1.9])).toBeLessThan(1e-6);
    tf.dispose([gradient, ...Object.values(params), ...Object.values(state.first)]);
    tf.dispose(Object.values(state.second));
  });
});
