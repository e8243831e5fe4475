/** Products of matrices on the lab's own kernel (kernels/matmul.ts), in place of tfjs's in plain JavaScript. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelsBackend, registerOwnKernel } from './backend';
import { OPERATIONS } from './engine';

/** The blocks of kernels/matmul.ts. */
const [ROWS, COLUMNS, DEPTH, HEAD] = [128, 64, 512, 144];

/** A matrix in memory: its address, and floats between rows and between columns. */
export interface Strided {
  readonly address: number;
  readonly row: number;
  readonly column: number;
}

/** What a product ends with: the address of a bias [N], and where it is cut off. */
export interface Ending {
  readonly bias?: number;
  readonly low?: number;
  readonly high?: number;
}

/** c [M, N] = a [M, K] · b [K, N], maybe + bias, maybe cut off. Addresses in the kernels' memory. */
export function multiplyAt(
  { kernels }: KernelsBackend,
  [m, n, k]: readonly [number, number, number],
  a: Strided,
  b: Strided,
  c: number,
  { bias = 0, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: Ending = {},
): void {
  const bytes =
    HEAD +
    16 * k * Math.ceil(Math.min(m, ROWS) / 4) +
    32 * Math.min(k, DEPTH) * Math.ceil(Math.min(n, COLUMNS) / 8);
  const scratch = kernels.scratchFor(bytes);
  kernels.run(
    OPERATIONS.multiply,
    [
      ...[a.address, a.row, a.column, b.address, b.row, b.column, c, m, n, k, bias],
      ...[{ float: low }, { float: high }, scratch.start, scratch.bytesEach],
    ],
    Math.ceil(m / ROWS) * Math.ceil(n / COLUMNS),
  );
}

registerOwnKernel('BatchMatMul', (backend, { a, b }, { transposeA, transposeB }) => {
  const [left, right] = [matrices(a, Boolean(transposeA)), matrices(b, Boolean(transposeB))];
  const batch = Math.max(left.batch, right.batch);
  const [m, k, n] = [left.rows, left.columns, right.columns];
  const batchShape = left.batch === batch ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  const out = backend.output([...batchShape, m, n]);
  const [from, by] = [backend.address(a), backend.address(b)];
  for (let i = 0; i < batch; i++) {
    multiplyAt(
      backend,
      [m, n, k],
      { ...left.strides, address: from + 4 * m * k * (left.batch === 1 ? 0 : i) },
      { ...right.strides, address: by + 4 * k * n * (right.batch === 1 ? 0 : i) },
      out.address + 4 * m * n * i,
    );
  }
  return out;
});

function matrices({ shape }: TensorInfo, transposed: boolean) {
  const [rows, columns] = shape.slice(-2);
  const batch = shape.slice(0, -2).reduce((product, each) => product * each, 1);
  return transposed
    ? { batch, rows: columns, columns: rows, strides: { row: 1, column: columns } }
    : { batch, rows, columns, strides: { row: columns, column: 1 } };
}
