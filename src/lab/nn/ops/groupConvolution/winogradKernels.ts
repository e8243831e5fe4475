/** Convolutions by Winograd's algorithm on the lab's own kernels: weights packed once, then layers that answer. */
import { Recent } from '../../../recent';
import type { KernelsBackend } from '../../../runtime/kernels/backend';
import { type Kernels, OPERATIONS } from '../../../runtime/kernels/engine';
import type * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS } from '../../../symmetry/group';
import { type Cells, cellsOf, FILTER_POINTS, filterTable, scratchBytes } from './winograd';

/** Cells whose table lies in the kernels' memory. */
interface PlacedCells extends Omit<Cells, 'table'> {
  readonly table: number;
  readonly bytes: number;
  release(): void;
}

const MOST_BYTES = 2 ** 22;
const placed = new WeakMap<Kernels, Recent<string, PlacedCells>>();

function placedCells(kernels: Kernels, ...of: Parameters<typeof cellsOf>): PlacedCells {
  let latest = placed.get(kernels);
  if (!latest) {
    latest = new Recent(
      MOST_BYTES,
      ({ bytes }) => bytes,
      (cells) => cells.release(),
    );
    placed.set(kernels, latest);
  }
  return latest.get(of.join('/'), () => {
    const { table: entries, ...rest } = cellsOf(...of);
    const table = kernels.table(entries);
    return { ...rest, table, bytes: entries.byteLength, release: () => kernels.heap.release(table) };
  });
}

const planesOf = ({ group, fieldsIn, sizeIn, fieldsOut }: FilterShape) => {
  const { order } = GROUPS[group];
  return { order, planesIn: fieldsIn * sizeIn, planesOut: fieldsOut * order };
};

/** Weights [positions, F_in, S_in, F_out] at the points, for all pairs of planes. */
export function packByWinograd(backend: KernelsBackend, w: tf.TensorInfo, shape: FilterShape): tf.TensorInfo {
  const { kernels } = backend;
  const { fieldsIn, sizeIn, fieldsOut } = shape;
  const { order, planesIn, planesOut } = planesOf(shape);
  const packed = backend.output([FILTER_POINTS.length ** 2 * planesIn * planesOut]);
  const matrix = kernels.table(new Int32Array(Float64Array.from(FILTER_POINTS.flat()).buffer));
  const table = kernels.table(filterTable(shape));
  const words = [
    ...[backend.address(w), packed.address, matrix, table, fieldsIn, fieldsOut, sizeIn, order],
    ...[sizeIn * fieldsOut, 1],
  ];
  kernels.run(OPERATIONS.packWinograd, words, fieldsOut);
  kernels.heap.release(table);
  kernels.heap.release(matrix);
  return packed;
}

/** ReLU(convolution + bias), and where it pools the largest of each 2×2 cell; written to `y`. */
export function convolveByWinograd(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  packed: tf.TensorInfo,
  shape: FilterShape,
  at: { readonly y: number; readonly bias: number; readonly pools: boolean },
): void {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const { order, planesIn, planesOut } = planesOf(shape);
  const cells = placedCells(kernels, planesIn, planesOut, height, width, at.pools);
  const scratch = kernels.scratchFor(scratchBytes(planesIn, planesOut, cells));
  const words = [
    ...[backend.address(x), at.y, backend.address(packed), at.bias, tiles, order, planesIn, planesOut],
    ...[height, width, cells.together, cells.band, cells.stride, cells.table, Number(at.pools)],
    ...[scratch.start, scratch.bytesEach],
  ];
  kernels.run(OPERATIONS.winograd, words, Math.ceil(tiles / cells.together));
}
