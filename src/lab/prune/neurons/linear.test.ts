import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noise } from '../../testing/tiny';
import { cholesky, choleskySolve, submatrix } from './linear';

/** A well-conditioned symmetric positive definite matrix. */
function positive(n: number, seed: number): Float64Array {
  const rows = noise(n * n, seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j] += rows[k * n + i] * rows[k * n + j];
    }
    a[i * n + i] += 0.1;
  }
  return a;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const columns = b.length / n;
  const out = new Float64Array(n * columns);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      for (let c = 0; c < columns; c++) out[i * columns + c] += a[i * n + k] * b[k * columns + c];
    }
  }
  return out;
}

const largest = (values: Float64Array) => Math.max(...values.map(Math.abs));
const sizes = fc.record({ n: fc.integer({ min: 1, max: 20 }), seed: fc.integer({ min: 1, max: 1e6 }) });

test('the Cholesky factor is a lower triangle, and times its transpose gives the matrix back', () => {
  fc.assert(
    fc.property(sizes, ({ n, seed }) => {
      const a = positive(n, seed);
      const l = cholesky(a, n);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
      const back = product(l, submatrix(transposed(l, n), n, [...Array(n).keys()]), n);
      expect(largest(back.map((value, i) => value - a[i]))).toBeLessThan(1e-12 * n);
    }),
  );
});

test('solving undoes multiplying', () => {
  fc.assert(
    fc.property(sizes, ({ n, seed }) => {
      const a = positive(n, seed);
      const x = Float64Array.from(noise(3 * n, seed + 1));
      const solved = choleskySolve(cholesky(a, n), product(a, x, n), n);
      expect(largest(solved.map((value, i) => value - x[i]))).toBeLessThan(1e-10);
    }),
  );
});

test('a matrix that is not positive definite is named, not answered', () => {
  expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
});

test('a submatrix takes rows and columns in the order given', () => {
  expect(Array.from(submatrix(Float64Array.of(1, 2, 3, 2, 4, 5, 3, 5, 6), 3, [2, 0]))).toEqual([6, 3, 3, 1]);
});

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]);
}
