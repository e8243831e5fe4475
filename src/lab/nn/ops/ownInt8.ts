/**
 * The integer product on the lab's own kernels (kernels/integers.ts), and on programs of the same names. What the numbers of a call are divided into is asked
 * of levels.ts, so scales and zero points are those of the definition.
 */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { OPERATIONS } from '../../runtime/kernels/engine';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import type { Int8 } from '../arch';
import type { Int8Param } from '../model';
import { type LevelScale, levelScale } from './levels';
import { INTEGER_PRODUCT, PACK_INTEGERS } from './names';

loadWith('webgpu', () => import('./webgpu/int8'));

const { fround } = Math;

/** Blocks of kernels/integers.ts. */
const [ROWS, COLUMNS, TILE, PANEL] = [32, 64, 4, 8];

/** Numbers of a piece whose bounds are found by one thread, where all rows share theirs. */
const PIECE = 16_384;

interface Attrs {
  readonly outputs: number;
  readonly scale: number;
  readonly range: Int8['range'];
}

/** Weights [in, out] as the product reads them. */
export function packIntegers(weight: Int8Param): tf.Tensor {
  return tf.engine().runKernel(PACK_INTEGERS, {}, { weight } as never) as tf.Tensor;
}

/** x [N, in] · packed weights → [N, out]. */
export function ownIntegerProduct(x: tf.Tensor2D, packed: tf.Tensor, attrs: Attrs): tf.Tensor2D {
  return tf.engine().runKernel(INTEGER_PRODUCT, { x, packed }, attrs as never) as tf.Tensor2D;
}

const roundUp = (count: number, to: number): number => Math.ceil(count / to) * to;

/** Panels of eight columns: [pairs of inputs][8][2], zeros where there is none. */
registerOwnKernel(PACK_INTEGERS, (backend, _, attrs) => {
  const { weight } = attrs as unknown as { readonly weight: Int8Param };
  const [inputs, outputs] = weight.shape;
  const pairs = Math.ceil(inputs / 2);
  const bytes = roundUp(outputs, PANEL) * pairs * 2;
  const packed = backend.output([bytes / 4]);
  const to = backend.kernels.bytes(packed.address, bytes).fill(0);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      const pair = Math.floor(o / PANEL) * pairs + (i >> 1);
      to[(pair * PANEL + (o % PANEL)) * 2 + (i & 1)] = weight.data[i * outputs + o];
    }
  }
  return packed;
});

registerOwnKernel(INTEGER_PRODUCT, (backend, { x, packed }, attrs) => {
  const { outputs, scale, range } = attrs as unknown as Attrs;
  const { kernels } = backend;
  const [rows, inputs] = x.shape;
  const y = backend.output([rows, outputs]);
  const piece = range === 'tile' ? inputs : PIECE;
  const pieces = Math.ceil((rows * inputs) / piece);
  const tiles = Math.ceil(rows / TILE);
  lend(
    backend,
    [
      16 * tiles * Math.ceil(inputs / 2),
      4 * roundUp(rows, ROWS) * roundUp(outputs, COLUMNS),
      12 * rows,
      8 * pieces,
    ],
    ([levels, sums, table, bounds]) => {
      const words = [
        ...[backend.address(x), y.address, backend.address(packed), levels, sums, table, bounds],
        ...[piece, rows, inputs, outputs],
      ];
      kernels.run(OPERATIONS.findBounds, words, pieces);
      const found = scalesOf(kernels.floats(bounds, 2 * pieces), range, rows);
      const numbers = kernels.floats(table, 3 * rows);
      found.forEach((level, row) => {
        numbers.set([fround(1 / level.scale), level.zeroPoint, fround(level.scale * scale)], 3 * row);
      });
      kernels.run(OPERATIONS.findLevels, words, tiles);
      const chunks = Math.ceil(rows / ROWS) * Math.ceil(outputs / COLUMNS);
      kernels.run(OPERATIONS.multiplyIntegers, words, chunks);
    },
  );
  return y;
});

/** Every row's levels, from the bounds of pieces: each row's own, or all rows' together. */
function scalesOf(bounds: Float32Array, range: Int8['range'], rows: number): LevelScale[] {
  if (range === 'tile') {
    return Array.from({ length: rows }, (_, row) => levelScale(bounds[2 * row], bounds[2 * row + 1]));
  }
  const low = bounds.reduce((least, value, i) => (i % 2 === 0 ? Math.min(least, value) : least), 0);
  const high = bounds.reduce((most, value, i) => (i % 2 === 1 ? Math.max(most, value) : most), 0);
  const shared = levelScale(low, high);
  return Array.from({ length: rows }, () => shared);
}

/** Lends rooms of so many bytes. All are there before the first is used: memory may grow while they are made. */
function lend({ kernels }: KernelsBackend, sizes: readonly number[], use: (rooms: number[]) => void): void {
  const rooms = sizes.map((bytes) => kernels.heap.allocate(bytes));
  use(rooms);
  for (const room of rooms) kernels.heap.release(room);
}
