/**
 * Group convolution on the lab's own kernels: maps are planar, [N, fields, n, H, W], and pictures [N, channels, 1, H, W].
 * The mathematics is in fourier.ts, the loops in kernels.
 */
import { type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { CHUNKS, type Kernels, OPERATIONS } from '../../../runtime/kernels/engine';
import type * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { ENTRIES } from './fourier';
import { type Plan, type Positions, planOf, type WeightTable } from './plan';

export const GROUP_CONVOLUTION = 'OrbitGroupConvolution';
export const INPUT_GRADIENT = 'OrbitGroupConvolutionInputGradient';
export const FILTER_GRADIENT = 'OrbitGroupConvolutionFilterGradient';

interface Attrs {
  readonly shape: FilterShape;
}

/** One product of the layer: as which group it runs, between how many fields of it, and how often a field occurs. */
interface Job {
  readonly group: GroupName;
  readonly fieldsIn: number;
  readonly fieldsOut: number;
  readonly copiesIn: number;
  readonly copiesOut: number;
  readonly where: Positions & WeightTable;
}

/** A lifting layer runs as C1, each output field as n. */
function forwardJob({ group, fieldsIn, sizeIn, fieldsOut }: FilterShape, { forward }: Plan): Job {
  if (sizeIn > 1) return { group, fieldsIn, fieldsOut, copiesIn: 1, copiesOut: 1, where: forward };
  const { order } = GROUPS[group];
  return { group: 'C1', fieldsIn, fieldsOut, copiesIn: 1, copiesOut: order, where: forward };
}

function adjointJob(shape: FilterShape, plan: Plan): Job {
  const { group, fieldsIn, fieldsOut, copiesIn, copiesOut } = forwardJob(shape, plan);
  return {
    group,
    fieldsIn: fieldsOut,
    fieldsOut: fieldsIn,
    copiesIn: copiesOut,
    copiesOut: copiesIn,
    where: plan.adjoint,
  };
}

registerOwnKernel(GROUP_CONVOLUTION, (backend, { x, w, bias }, attrs) =>
  convolveMaps(backend, x, w, (attrs as unknown as Attrs).shape, bias),
);

registerOwnKernel(FILTER_GRADIENT, (backend, { x, dy }, attrs) =>
  filterGradientOf(backend, x, dy, (attrs as unknown as Attrs).shape),
);

/** x [N, F_in, S_in, H, W], w [positions, F_in, S_in, F_out] → [N, F_out, |G|, H, W]. With a bias goes a ReLU. */
export function convolveMaps(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  w: tf.TensorInfo,
  shape: FilterShape,
  bias?: tf.TensorInfo,
): tf.TensorInfo {
  const [tiles, , , height, width] = x.shape;
  const plan = planOf(shape, height, width);
  const y = backend.output([tiles, shape.fieldsOut, GROUPS[shape.group].order, height, width]);
  convolve(backend, forwardJob(shape, plan), plan, x, w, y.address, bias);
  return y;
}

registerOwnKernel(INPUT_GRADIENT, (backend, { dy, w }, attrs) => {
  const { shape } = attrs as unknown as Attrs;
  const [tiles, , , height, width] = dy.shape;
  const plan = planOf(shape, height, width);
  const dx = backend.output([tiles, shape.fieldsIn, shape.sizeIn, height, width]);
  convolve(backend, adjointJob(shape, plan), plan, dy, w, dx.address);
  return dx;
});

/** x as above, dy like its value → the gradient of w. */
export function filterGradientOf(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: FilterShape,
): tf.TensorInfo {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const plan = planOf(shape, height, width);
  const job = forwardJob(shape, plan);
  const positions = plan.positions;
  const dw = backend.output([positions, shape.fieldsIn, shape.sizeIn, shape.fieldsOut]);
  const { order } = GROUPS[job.group];
  const [fieldsIn, fieldsOut] = [job.fieldsIn * job.copiesIn, job.fieldsOut * job.copiesOut];
  const rowsIn = positions * fieldsIn * order;
  const rowsOut = fieldsOut * order;
  const vectors = plan.vectors.length / 3;
  const block = Math.min(vectors, blockOf(rowsIn));
  const sumBytes = 4 * ENTRIES[job.group].length * positions * fieldsIn * fieldsOut;
  withTables(kernels, job, plan, (offsets, table, matrix, vectorTable) => {
    const sums = kernels.heap.allocate(sumBytes * CHUNKS);
    const bytes = paddedBytes(plan, fieldsIn * order, height) + 16 * block * (rowsIn + rowsOut) + 64;
    const scratch = kernels.scratchFor(bytes);
    kernels.run(
      OPERATIONS.filterGradient,
      [
        ...[backend.address(x), backend.address(dy), sums, 0, tiles, order, fieldsIn, fieldsOut],
        ...[height, width, plan.padding, positions, offsets, vectors, vectorTable, plan.stride],
        ...[scratch.start, scratch.bytesEach, CHUNKS, block, sumBytes],
      ],
      CHUNKS,
    );
    kernels.floats(dw.address, positions * shape.fieldsIn * shape.sizeIn * shape.fieldsOut).fill(0);
    kernels.unpackGradient([
      ...[dw.address, sums, matrix, table, order, positions, job.fieldsIn, job.fieldsOut],
      ...[job.where.stepIn, job.where.stepOut, job.copiesOut, CHUNKS, sumBytes, 0, job.copiesIn],
    ]);
    kernels.heap.release(sums);
  });
  return dw;
}

function convolve(
  backend: KernelsBackend,
  job: Job,
  plan: Plan,
  x: tf.TensorInfo,
  w: tf.TensorInfo,
  y: number,
  bias?: tf.TensorInfo,
): void {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const { order } = GROUPS[job.group];
  const [fieldsIn, fieldsOut] = [job.fieldsIn * job.copiesIn, job.fieldsOut * job.copiesOut];
  const { positions } = plan;
  withTables(kernels, job, plan, (offsets, table, matrix, vectorTable) => {
    const packed = kernels.heap.allocate(4 * ENTRIES[job.group].length * positions * fieldsIn * fieldsOut);
    kernels.packWeights([
      ...[backend.address(w), packed, matrix, table, order, positions, job.fieldsIn, job.fieldsOut],
      ...[job.where.stepIn, job.where.stepOut, job.copiesOut, 0, 0, 0, job.copiesIn],
    ]);
    const bytes =
      paddedBytes(plan, fieldsIn * order, height) + 32 * order * (positions * fieldsIn + fieldsOut);
    const scratch = kernels.scratchFor(bytes);
    kernels.run(
      OPERATIONS.convolve,
      [
        ...[
          backend.address(x),
          y,
          packed,
          bias ? backend.address(bias) : 0,
          tiles,
          order,
          fieldsIn,
          fieldsOut,
        ],
        ...[
          height,
          width,
          plan.padding,
          positions,
          offsets,
          plan.vectors.length / 3,
          vectorTable,
          plan.stride,
        ],
        ...[scratch.start, scratch.bytesEach],
      ],
      tiles,
    );
    kernels.heap.release(packed);
  });
}

/** Lends the tables in the kernels' memory for as long as `use` takes. */
function withTables(
  kernels: Kernels,
  { group, where }: Job,
  { vectors }: Plan,
  use: (offsets: number, table: number, matrix: number, vectorTable: number) => void,
): void {
  const matrix = kernels.heap.allocate(4 * ENTRIES[group].length * GROUPS[group].order);
  const entries = ENTRIES[group].flat();
  kernels.floats(matrix, entries.length).set(entries);
  const tables = [where.offsets, where.table, vectors].map((values) => kernels.table(values));
  try {
    use(tables[0], tables[1], matrix, tables[2]);
  } finally {
    for (const block of [...tables, matrix]) kernels.heap.release(block);
  }
}

const paddedBytes = ({ stride, padding }: Plan, planes: number, height: number): number =>
  4 * planes * (height + 2 * padding) * stride + 64;

/** Vectors of pixels in a block of the filter gradient: its rows stay within half of a core's second cache. */
const BLOCK_BYTES = 2 ** 19;

function blockOf(rowsIn: number): number {
  const fitting = Math.floor(BLOCK_BYTES / (16 * rowsIn * 2)) * 2;
  return Math.max(8, Math.min(32, fitting));
}
