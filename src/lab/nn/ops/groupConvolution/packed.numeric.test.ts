/** Layers for inference: their weights packed once, with bias, ReLU and pooling in the same pass. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../../runtime/tf';
import { expandGrid, type FilterShape } from '../../../symmetry/filters';
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

/** With as many planes as the largest networks have. */
const LARGE: readonly FilterShape[] = [
  { group: 'C1', kernel: 3, fieldsIn: 128, sizeIn: 1, fieldsOut: 6 },
  { group: 'C2', kernel: 3, fieldsIn: 64, sizeIn: 2, fieldsOut: 3 },
  { group: 'C4', kernel: 3, fieldsIn: 32, sizeIn: 4, fieldsOut: 2 },
];

/** Most that a value is off the expanded filters' in float64, as a share of their range. */
async function offTheDefinition(shape: FilterShape, height: number, width: number): Promise<number> {
  const { order } = GROUPS[shape.group];
  const planes = shape.fieldsIn * shape.sizeIn;
  const outputs = shape.fieldsOut * order;
  const xs = noise(planes * height * width, 1).map((value) => 1 + value);
  const ws = noise(9 * planes * shape.fieldsOut, 2);
  const bank = expandGrid(ws, shape);
  const result = tf.tidy(() => {
    const inputs = {
      x: tf.tensor(xs, [1, shape.fieldsIn, shape.sizeIn, height, width]),
      w: tf.tensor(ws, [9, shape.fieldsIn, shape.sizeIn, shape.fieldsOut]),
      bias: tf.zeros([shape.fieldsOut]),
    };
    const run = (name: string, given: Record<string, tf.Tensor>) =>
      tf.engine().runKernel(name, given, { shape } as never) as tf.Tensor;
    return run(PACKED_CONVOLUTION, { ...inputs, packed: run(PACK_WEIGHTS, { w: inputs.w }) });
  });
  const ours = await result.data<'float32'>();
  result.dispose();
  let [off, range] = [0, 0];
  for (let output = 0; output < outputs; output++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let p = 0; p < 9; p++) {
          const [row, column] = [y + Math.floor(p / 3) - 1, x + (p % 3) - 1];
          if (row < 0 || column < 0 || row >= height || column >= width) continue;
          for (let plane = 0; plane < planes; plane++)
            sum +=
              xs[(plane * height + row) * width + column] * bank[(p * planes + plane) * outputs + output];
        }
        range = Math.max(range, Math.abs(sum));
        off = Math.max(off, Math.abs(ours[(output * height + y) * width + x] - Math.max(0, sum)));
      }
  return off / range;
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

  test.skipIf(backend === 'cpu')('many fields are within 1e-5 of the range of float64', async () => {
    for (const shape of LARGE) {
      expect(await offTheDefinition(shape, 8, 8), shape.group).toBeLessThan(1e-5);
      expect(await offTheDefinition(shape, 9, 13), shape.group).toBeLessThan(1e-5);
    }
  });
});
