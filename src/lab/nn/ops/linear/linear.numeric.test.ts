/** Products of matrices and linear maps, on every engine, against their definitions in float64. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackendName } from '../../../runtime/backend';
import * as tf from '../../../runtime/tf';
import { tuning } from '../../../runtime/webgpu/product/product';
import { describeOnBackends, forbidLeaks } from '../../../testing/backends';
import { inner, off } from '../../../testing/numeric/maps';
import { cases } from '../../../testing/properties';
import { noise } from '../../../testing/tiny';
import { linear } from './linear';

async function numbers(made: tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(made.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(made);
  return values;
}

interface Factors {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Matrices of each factor, of which one may serve all of the other's. */
  readonly batches: readonly [number, number];
  readonly turned: readonly [boolean, boolean];
}

const size = fc.integer({ min: 1, max: 40 });
const factors: fc.Arbitrary<Factors> = fc.record({
  ...{ rows: size, columns: size, inner: fc.oneof(size, fc.integer({ min: 100, max: 700 })) },
  batches: fc.constantFrom([1, 1] as const, [3, 3] as const, [1, 2] as const, [2, 1] as const),
  turned: fc.tuple(fc.boolean(), fc.boolean()),
});

async function checkProduct({ rows, columns, inner, batches, turned }: Factors): Promise<void> {
  const [a, b] = [noise(batches[0] * rows * inner, 1), noise(batches[1] * inner * columns, 2)];
  const shapes = [
    turned[0] ? [batches[0], inner, rows] : [batches[0], rows, inner],
    turned[1] ? [batches[1], columns, inner] : [batches[1], inner, columns],
  ];
  const [found] = await numbers(
    tf.tidy(() => [tf.matMul(tf.tensor(a, shapes[0]), tf.tensor(b, shapes[1]), turned[0], turned[1])]),
  );
  const expected = new Float64Array(Math.max(...batches) * rows * columns);
  expected.forEach((_, at) => {
    const [n, i, j] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
    const [left, right] = batches.map((count) => (count === 1 ? 0 : n));
    for (let k = 0; k < inner; k++) {
      const first = left * rows * inner + (turned[0] ? k * rows + i : i * inner + k);
      const second = right * inner * columns + (turned[1] ? j * inner + k : k * columns + j);
      expected[at] += a[first] * b[second];
    }
  });
  expect(off(found, expected)).toBeLessThan(1e-5);
}

interface Map {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}

async function checkMap({ rows, inputs, outputs, relu }: Map): Promise<void> {
  const [x, w, b, given] = [rows * inputs, inputs * outputs, outputs, rows * outputs].map(noise);
  const expected = new Float64Array(rows * outputs);
  expected.forEach((_, at) => {
    const [i, j] = [Math.floor(at / outputs), at % outputs];
    let sum = b[j];
    for (let k = 0; k < inputs; k++) sum += x[i * inputs + k] * w[k * outputs + j];
    expected[at] = relu ? Math.max(0, sum) : sum;
    // Where z is next to 0 the gradient is anyone's.
    if (relu && Math.abs(sum) < 1e-4) given[at] = 0;
  });
  const slopes = given.map((value, at) => (relu && expected[at] === 0 ? 0 : value));
  const [dx, dw, db] = [x, w, b].map(({ length }) => new Float64Array(length));
  slopes.forEach((dz, at) => {
    const [i, j] = [Math.floor(at / outputs), at % outputs];
    db[j] += dz;
    for (let k = 0; k < inputs; k++) {
      dx[i * inputs + k] += dz * w[k * outputs + j];
      dw[k * outputs + j] += dz * x[i * inputs + k];
    }
  });
  const [y, ...gradients] = await numbers(
    tf.tidy(() => {
      const rest = [tf.tensor(w, [inputs, outputs]), tf.tensor(b)];
      const from = tf.tensor2d(x, [rows, inputs]);
      const dy = tf.tensor(given, [rows, outputs]);
      const loss = (value: tf.Tensor) => tf.sum(tf.mul(value, dy)) as tf.Scalar;
      const map = (...[input, weight, bias]: tf.Tensor[]) =>
        linear(input as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D, { relu });
      const ofConstant = (...[weight, bias]: tf.Tensor[]) =>
        linear(from, weight as tf.Tensor2D, bias as tf.Tensor1D, { relu, constant: 'input' });
      return [
        map(from, ...rest),
        ...tf.grads((...all) => loss(map(...all)))([from, ...rest]),
        ...tf.grads((...all) => loss(ofConstant(...all)))(rest),
      ];
    }),
  );
  expect(off(y, expected), 'value').toBeLessThan(1e-5);
  for (const [i, each] of [dx, dw, db, dw, db].entries())
    expect(off(gradients[i], each), `gradient ${i}`).toBeLessThan(1e-5);
  if (!relu) expect(inner(y, given) - inner(x, dx) - inner(b, db)).toBeLessThan(1e-3);
}

describeOnBackends('products', (backend: BackendName) => {
  forbidLeaks();
  const usual = { ...tuning };

  test('any sizes, transposed or not, many at once or one for all', async () => {
    const numRuns = backend === 'webgpu' ? cases(12, 6) : cases(60);
    await fc.assert(fc.asyncProperty(factors, checkProduct), { numRuns });
  });

  test.runIf(backend === 'webgpu')('large tiles that end in others, whole or in chunks', async () => {
    try {
      Object.assign(tuning, { workgroups: 1 });
      const large = { rows: 130, columns: 40, inner: 20, batches: [1, 1] } as const;
      await checkProduct({ ...large, turned: [false, true] });
      Object.assign(tuning, { workgroups: 16, leastDepth: 16 });
      await checkProduct({ ...large, turned: [true, false] });
    } finally {
      Object.assign(tuning, usual);
    }
  });

  test('a linear map, with ReLU or without: value and gradients', async () => {
    const maps = fc.record({ rows: size, inputs: size, outputs: size, relu: fc.boolean() });
    const numRuns = backend === 'webgpu' ? 3 : cases(40);
    await fc.assert(fc.asyncProperty(maps, checkMap), { numRuns });
    await checkMap({ rows: 300, inputs: 5, outputs: 3, relu: true });
  });
});
