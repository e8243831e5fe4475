/**
 * Dense linear algebra in float64, as much of it as pruning needs: square matrices in row order, for tens to hundreds
 * of rows.
 */

/** The lower triangle L with LLᵀ = A, zeros above. a: n × n, symmetric and positive definite; throws where it is not. */
export function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i !== j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite (row ${i + 1} of ${n})`);
    }
  }
  return l;
}

/** X with A·X = B, given A's Cholesky factor. l: n × n; b: n × columns, in row order. */
export function choleskySolve(l: Float64Array, b: Float64Array, n: number): Float64Array {
  const columns = b.length / n;
  const x = b.slice();
  const subtract = (to: number, from: number, factor: number) => {
    for (let c = 0; c < columns; c++) x[to * columns + c] -= factor * x[from * columns + c];
  };
  const divide = (row: number) => {
    for (let c = 0; c < columns; c++) x[row * columns + c] /= l[row * n + row];
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtract(i, k, l[i * n + k]);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtract(i, k, l[k * n + i]);
    divide(i);
  }
  return x;
}

/** Rows and columns `chosen` of a symmetric matrix, in that order. a: n × n. */
export function submatrix(a: Float64Array, n: number, chosen: ArrayLike<number>): Float64Array {
  const size = chosen.length;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[i * size + j] = a[chosen[i] * n + chosen[j]];
  }
  return out;
}
