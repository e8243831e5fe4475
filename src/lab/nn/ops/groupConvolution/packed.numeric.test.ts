/** Layers for inference: their weights packed once, with bias, ReLU and pooling in the same pass. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUP_NAMES, GROUPS } from '../../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../../testing/backends';
import { cases } from '../../../testing/properties';
import { noise } from '../../../testing/tiny';
import { GROUP_CONVOLUTION, PACK_WEIGHTS, PACKED_CONVOLUTION } from './kernels';

const layers = fc.record({
  group: fc.constantFrom(...GROUP_NAMES),
  kernel: fc.constantFrom(1, 3, 5),
  lifting: fc.boolean(),
  fieldsIn: fc.integer({ min: 1, max: 4 }),
  fieldsOut: fc.integer({ min: 1, max: 6 }),
  halfHeight: fc.integer({ min: 1, max: 9 }),
  halfWidth: fc.integer({ min: 1, max: 9 }),
  tiles: fc.integer({ min: 1, max: 3 }),
});

type Layer = typeof layers extends fc.Arbitrary<infer T> ? T : never;

async function checkLayer(layer: Layer): Promise<void> {
  const { group, kernel, lifting, fieldsIn, fieldsOut, halfHeight, halfWidth, tiles } = layer;
  const { order } = GROUPS[group];
  const shape: FilterShape = { group, kernel, fieldsIn, sizeIn: lifting ? 1 : order, fieldsOut };
  const pixels = [2 * halfHeight, 2 * halfWidth] as const;
  const random = (dims: number[], seed: number) =>
    tf.tensor(
      noise(
        dims.reduce((a, b) => a * b, 1),
        seed,
      ),
      dims,
    );
  const results = tf.tidy(() => {
    const x = random([tiles, fieldsIn, shape.sizeIn, ...pixels], 1);
    const w = random([kernel ** 2, fieldsIn, shape.sizeIn, fieldsOut], 2);
    const bias = random([fieldsOut], 3);
    const run = (name: string, inputs: Record<string, tf.Tensor>, pool = false) =>
      tf.engine().runKernel(name, inputs, { shape, pool } as never) as tf.Tensor;
    const packed = run(PACK_WEIGHTS, { w });
    const value = tf.relu(
      tf.add(run(GROUP_CONVOLUTION, { x, w }), tf.reshape(bias, [1, fieldsOut, 1, 1, 1])),
    );
    // Both pixels of a cell in both directions as axes of their own.
    const cells = tf.reshape(value, [tiles * fieldsOut * order, halfHeight, 2, halfWidth, 2]);
    return [
      tf.reshape(run(PACKED_CONVOLUTION, { x, packed, bias }), [-1]),
      tf.reshape(value, [-1]),
      tf.reshape(run(PACKED_CONVOLUTION, { x, packed, bias }, true), [-1]),
      tf.reshape(tf.max(tf.max(cells, 4), 2), [-1]),
    ];
  });
  const [whole, expected, pooled, largest] = await Promise.all(results.map((each) => each.data<'float32'>()));
  tf.dispose(results);
  const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - b[i])),
      Math.abs(a.length - b.length),
    );
  const range = 1 + expected.reduce((most, value) => Math.max(most, value), 0);
  expect(apart(whole, expected)).toBeLessThan(1e-6 * range);
  expect(apart(pooled, largest)).toBeLessThan(1e-6 * range);
}

describeOnBackends('group convolution with packed weights', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'cpu')(
    'bias, ReLU and pooling are those of the operations one by one',
    async () => {
      await fc.assert(fc.asyncProperty(layers, checkLayer), {
        numRuns: backend === 'webgpu' ? cases(20, 4) : cases(150),
      });
    },
  );
});
