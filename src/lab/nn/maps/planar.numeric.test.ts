import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { cases } from '../../testing/properties';
import { noise } from '../../testing/tiny';
import { planar } from './planar';

const EPSILON = 1e-5;

const shapes = fc.record({
  tiles: fc.integer({ min: 1, max: 4 }),
  fields: fc.integer({ min: 1, max: 5 }),
  order: fc.constantFrom(1, 2, 4, 8),
  height: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 9 }),
  pool: fc.boolean(),
  /** Added to all values: a batch far from zero. */
  offset: fc.constantFrom(0, 100),
  /** Values in steps of this, so that some are equal. */
  step: fc.constantFrom(0, 0.5),
});

type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const sizesOf = ({ tiles, fields, order, height, width }: Shape) => [
  ...[tiles, fields, order, 2 * height, 2 * width],
];

function valuesOf(shape: Shape, seed: number): Float32Array {
  const count = sizesOf(shape).reduce((a, b) => a * b, 1);
  const { step, offset } = shape;
  return noise(count, seed).map((v) => (step ? Math.round(v / step) * step : v) + offset);
}

/** Cells of 2×2 elements, or single ones, of a field's maps: their indices. */
function cellsOf(
  [tiles, fields, order, height, width]: readonly number[],
  field: number,
  pool: boolean,
): number[][] {
  const cells: number[][] = [];
  const side = pool ? 2 : 1;
  for (let n = 0; n < tiles; n++)
    for (let g = 0; g < order; g++)
      for (let r = 0; r < height; r += side)
        for (let c = 0; c < width; c += side) {
          const first = (((n * fields + field) * order + g) * height + r) * width + c;
          cells.push(pool ? [first, first + 1, first + width, first + width + 1] : [first]);
        }
  return cells;
}

/** Where a cell's value lies in what is made of the maps. */
function outputOf([, , , height, width]: readonly number[], at: number, pool: boolean): number {
  if (!pool) return at;
  const [plane, row, column] = [
    Math.floor(at / (height * width)),
    Math.floor(at / width) % height,
    at % width,
  ];
  return (plane * (height / 2) + row / 2) * (width / 2) + column / 2;
}

/** Norm → ReLU → maybe pool, by the definition, in float64: moments, value, and the gradients of Σ dy·value. */
function byDefinition(
  sizes: readonly number[],
  x: Float32Array,
  scale: readonly number[],
  shift: readonly number[],
  dy: Float32Array,
  pool: boolean,
) {
  const fields = scale.length;
  const [mean, variance, dScale, dShift] = [1, 2, 3, 4].map(() => new Float64Array(fields));
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  for (let f = 0; f < fields; f++) {
    const cells = cellsOf(sizes, f, pool);
    const all = cells.flat();
    mean[f] = all.reduce((sum, i) => sum + x[i], 0) / all.length;
    variance[f] = all.reduce((sum, i) => sum + (x[i] - mean[f]) ** 2, 0) / all.length;
    const inverse = 1 / Math.sqrt(variance[f] + EPSILON);
    const hat = (i: number) => (x[i] - mean[f]) * inverse;
    const z = (i: number) => hat(i) * scale[f] + shift[f];
    const dz = new Map<number, number>();
    for (const cell of cells) {
      const out = outputOf(sizes, cell[0], pool);
      const top = Math.max(...cell.map(z));
      y[out] = Math.max(0, top);
      const winners = top > 0 ? cell.filter((i) => z(i) === top) : [];
      for (const i of winners) dz.set(i, dy[out] / winners.length);
    }
    for (const [i, slope] of dz) {
      dShift[f] += slope;
      dScale[f] += slope * hat(i);
    }
    for (const i of all)
      dx[i] = scale[f] * inverse * ((dz.get(i) ?? 0) - (dShift[f] + hat(i) * dScale[f]) / all.length);
  }
  return { mean, variance, y, dx, dScale, dShift };
}

/** The largest difference, as a share of the largest value. */
function offOf(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [off, range] = [0, 1e-3];
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < theirs.length; i++) {
    off = Math.max(off, Math.abs(ours[i] - theirs[i]));
    range = Math.max(range, Math.abs(theirs[i]));
  }
  return off / range;
}

describeOnBackends('planar maps', (backend) => {
  forbidLeaks();
  const numRuns = backend === 'webgpu' ? cases(30, 6) : cases(200);

  test.skipIf(backend === 'cpu')('norm, ReLU and pooling are those of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const { fields, pool, offset } = shape;
        const sizes = sizesOf(shape);
        const x = valuesOf(shape, 1);
        const scale = Array.from(noise(fields, 2), (v, f) => (f % 2 ? -1 : 1) * (1 + v / 2));
        const shift = Array.from(noise(fields, 3));
        const dy = noise(pool ? x.length / 4 : x.length, 4);
        const inputs = [tf.tensor(x, sizes), tf.tensor1d(scale), tf.tensor1d(shift)] as const;
        const moments = planar.moments(inputs[0], shape.order);
        const made: tf.Tensor[] = [];
        const gradients = tf.grads((a, b, c) => {
          const y = planar.normReluPool(a, b as tf.Tensor1D, c as tf.Tensor1D, moments, pool);
          made.push(tf.keep(y));
          return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
        })([...inputs]);
        const results = await Promise.all(
          [moments.mean, moments.variance, ...made, ...gradients].map((each) => each.data()),
        );
        const float = [scale, shift].map((each) => Array.from(Float32Array.from(each)));
        const expected = byDefinition(sizes, x, float[0], float[1], dy, pool);
        const { mean, variance, y, dx, dScale, dShift } = expected;
        // What is next to a hundred has lost two digits before it is computed with.
        const tolerance = offset ? 2e-4 : 1e-5;
        [mean, variance, y, dx, dScale, dShift].forEach((each, i) => {
          expect(offOf(results[i], each), `result ${i}`).toBeLessThan(tolerance);
        });
        tf.dispose([...inputs, moments.mean, moments.variance, ...made, ...gradients]);
      }),
      { numRuns },
    );
  });

  test.skipIf(backend === 'cpu')('maxima share their gradient among those that tie', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const [tiles, fields, order, height, width] = sizesOf(shape);
        const sizes = [tiles, fields, order, height, width];
        const x = valuesOf({ ...shape, offset: 0 }, 5);
        const input = tf.tensor(x, sizes);
        for (const which of ['maxPool', 'groupPool'] as const) {
          const cells = Array.from({ length: fields }, (_, f) => f).flatMap((f) =>
            which === 'maxPool' ? cellsOf(sizes, f, true) : groupsOf(sizes, f),
          );
          const dy = noise(cells.length, 6);
          const made: tf.Tensor[] = [];
          const gradient = tf.grad((a) => {
            const y = planar[which](a, order);
            made.push(tf.keep(y));
            return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
          })(input);
          const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
          for (const cell of cells) {
            const out = which === 'maxPool' ? outputOf(sizes, cell[0], true) : channelsLastOf(sizes, cell[0]);
            y[out] = Math.max(...cell.map((i) => x[i]));
            const winners = cell.filter((i) => x[i] === y[out]);
            for (const i of winners) dx[i] = dy[out] / winners.length;
          }
          expect(Array.from(await made[0].data())).toEqual(Array.from(y));
          expect(offOf(await gradient.data(), dx)).toBeLessThan(1e-6);
          tf.dispose([...made, gradient]);
        }
        input.dispose();
      }),
      { numRuns },
    );
  });
});

/** The n values of a field at each pixel: their indices. */
function groupsOf([tiles, fields, order, height, width]: readonly number[], field: number): number[][] {
  const pixels = height * width;
  return Array.from({ length: tiles * pixels }, (_, i) => {
    const first = (Math.floor(i / pixels) * fields + field) * order * pixels + (i % pixels);
    return Array.from({ length: order }, (_, g) => first + g * pixels);
  });
}

/** Where a field's pixel lies channels last, from the index of its first value. */
function channelsLastOf([, fields, order, height, width]: readonly number[], first: number): number {
  const pixels = height * width;
  const plane = Math.floor(first / pixels) / order;
  const [tile, field] = [Math.floor(plane / fields), plane % fields];
  return (tile * pixels + (first % pixels)) * fields + field;
}
