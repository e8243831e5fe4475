/** Convolutions by Winograd's algorithm on the lab's own kernels. */
import { Recent } from '../../../recent';
import type { KernelsBackend } from '../../../runtime/kernels/backend';
import { type Kernels, OPERATIONS } from '../../../runtime/kernels/engine';
import type * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import {
  adjointSide,
  type Cells,
  cellsOf,
  forwardSide,
  packedLength,
  type Side,
  scratchBytes,
} from './winograd';

/** Values whose table lies in the kernels' memory. */
type Placed<T> = Omit<T, 'table'> & { readonly table: number; readonly bytes: number };

const MOST_BYTES = 2 ** 22;
type Tables = Recent<string, Placed<object> & { release(): void }>;
const tables = new WeakMap<Kernels, Tables>();

/** The tables of the latest shapes stay there, for they are asked for at every batch. */
function placed<T extends { readonly table: Int32Array }>(
  kernels: Kernels,
  key: string,
  make: () => T,
): Placed<T> {
  let latest = tables.get(kernels);
  if (!latest) {
    latest = new Recent(
      MOST_BYTES,
      ({ bytes }) => bytes,
      (each) => each.release(),
    );
    tables.set(kernels, latest);
  }
  return latest.get(key, () => {
    const { table: entries, ...rest } = make();
    const table = kernels.table(entries);
    return { ...rest, table, bytes: entries.byteLength, release: () => kernels.heap.release(table) };
  }) as unknown as Placed<T>;
}

export type Direction = 'forward' | 'adjoint';

function sideOf(kernels: Kernels, shape: FilterShape, direction: Direction): Placed<Side> {
  const { group, kernel, fieldsIn, sizeIn, fieldsOut } = shape;
  const key = [direction, group, kernel, fieldsIn, sizeIn, fieldsOut].join('/');
  return placed(kernels, key, () => (direction === 'forward' ? forwardSide : adjointSide)(shape));
}

function packInto(backend: KernelsBackend, w: tf.TensorInfo, packed: number, side: Placed<Side>): void {
  const { table, fieldsIn, fieldsOut, orderIn, orderOut, stepIn, stepOut } = side;
  const counts = [fieldsIn, fieldsOut, orderIn, orderOut, stepIn, stepOut];
  backend.kernels.run(OPERATIONS.packWinograd, [backend.address(w), packed, table, ...counts], fieldsOut);
}

/** Weights [positions, F_in, S_in, F_out] at the points, for all pairs of planes: for layers that convolve many times. */
export function packByWinograd(backend: KernelsBackend, w: tf.TensorInfo, shape: FilterShape): tf.TensorInfo {
  const side = sideOf(backend.kernels, shape, 'forward');
  const packed = backend.output([packedLength(side)]);
  packInto(backend, w, packed.address, side);
  return packed;
}

interface Written {
  readonly y: number;
  /** With it goes a ReLU. */
  readonly bias?: number;
  /** Whether the largest of each 2×2 cell is written. */
  readonly pools?: boolean;
}

/** The layer, or its input gradient, with packed weights. */
export function convolvePacked(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  packed: number,
  shape: FilterShape,
  { y, bias = 0, pools = false }: Written,
  direction: Direction = 'forward',
): void {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const { fieldsIn, fieldsOut, orderIn, orderOut } = sideOf(kernels, shape, direction);
  const [planesIn, planesOut] = [fieldsIn * orderIn, fieldsOut * orderOut];
  const key = [planesIn, planesOut, height, width, pools].join('/');
  const cells: Placed<Cells> = placed(kernels, key, () => cellsOf(planesIn, planesOut, height, width, pools));
  const scratch = kernels.scratchFor(scratchBytes(planesIn, planesOut, cells));
  const words = [
    ...[backend.address(x), y, packed, bias, tiles, orderOut, planesIn, planesOut],
    ...[height, width, cells.together, cells.band, cells.stride, cells.table, Number(pools)],
    ...[scratch.start, scratch.bytesEach],
  ];
  kernels.run(OPERATIONS.winograd, words, Math.ceil(tiles / cells.together));
}

/** The layer, or its input gradient, with stored weights. */
export function convolveByWinograd(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  w: tf.TensorInfo,
  shape: FilterShape,
  y: number,
  direction: Direction = 'forward',
): void {
  const { heap } = backend.kernels;
  const side = sideOf(backend.kernels, shape, direction);
  const packed = heap.allocate(4 * packedLength(side));
  packInto(backend, w, packed, side);
  convolvePacked(backend, x, packed, shape, { y }, direction);
  heap.release(packed);
}
