/**
 * Group convolution on the lab's own kernels: maps are planar, [N, fields, n, H, W], and pictures [N, channels, 1, H, W].
 * The mathematics is in fourier.ts, the loops in kernels/.
 */
import { type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS } from '../../../runtime/kernels/engine';
import { loadWith } from '../../../runtime/onDemand';
import type * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS } from '../../../symmetry/group';
import { ENTRIES } from './fourier';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from './names';
import { type Job, type PlacedPlan, planOf } from './placed';

export * from './names';

loadWith('webgpu', () => import('./webgpu'));

type Attrs = Readonly<Record<string, unknown>>;

const shapeIn = (attrs: Attrs): FilterShape => attrs.shape as FilterShape;

registerOwnKernel(GROUP_CONVOLUTION, (backend, { x, w }, attrs) =>
  convolveMaps(backend, x, w, shapeIn(attrs)),
);

registerOwnKernel(FILTER_GRADIENT, (backend, { x, dy }, attrs) =>
  filterGradientOf(backend, x, dy, shapeIn(attrs)),
);

registerOwnKernel(INPUT_GRADIENT, (backend, { dy, w }, attrs) => {
  const shape = shapeIn(attrs);
  const [tiles, , , height, width] = dy.shape;
  const plan = planOf(backend.kernels, shape, height, width);
  const dx = backend.output([tiles, shape.fieldsIn, shape.sizeIn, height, width]);
  withPacked(backend, plan.adjoint, plan, w, (packed) =>
    convolve(backend, plan.adjoint, plan, dy, packed, dx.address),
  );
  return dx;
});

/** Weights [positions, F_in, S_in, F_out] as `PACKED_CONVOLUTION` reads them, for layers that convolve many times. */
registerOwnKernel(PACK_WEIGHTS, (backend, { w }, attrs) => {
  // How weights are packed does not depend on the size of maps.
  const { forward, positions } = planOf(backend.kernels, shapeIn(attrs), 4, 4);
  const packed = backend.output([packedLength(forward, positions)]);
  pack(backend, forward, positions, w, packed.address);
  return packed;
});

/** ReLU(convolution + bias), a bias for each channel that the layer has as it runs. */
registerOwnKernel(PACKED_CONVOLUTION, (backend, { x, packed, bias }, attrs) => {
  const shape = shapeIn(attrs);
  const [tiles, , , height, width] = x.shape;
  const plan = planOf(backend.kernels, shape, height, width);
  const y = backend.output([tiles, shape.fieldsOut, GROUPS[shape.group].order, height, width]);
  convolve(backend, plan.forward, plan, x, backend.address(packed), y.address, backend.address(bias));
  return y;
});

/** x [N, F_in, S_in, H, W], w [positions, F_in, S_in, F_out] → [N, F_out, |G|, H, W]. */
export function convolveMaps(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  w: tf.TensorInfo,
  shape: FilterShape,
): tf.TensorInfo {
  const [tiles, , , height, width] = x.shape;
  const plan = planOf(backend.kernels, shape, height, width);
  const y = backend.output([tiles, shape.fieldsOut, GROUPS[shape.group].order, height, width]);
  withPacked(backend, plan.forward, plan, w, (packed) =>
    convolve(backend, plan.forward, plan, x, packed, y.address),
  );
  return y;
}

/** x as above, dy like its value → the gradient of w. */
export function filterGradientOf(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: FilterShape,
): tf.TensorInfo {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const plan = planOf(kernels, shape, height, width);
  const { forward: job, positions, vectors } = plan;
  const dw = backend.output([positions, shape.fieldsIn, shape.sizeIn, shape.fieldsOut]);
  const { order, fieldsIn, fieldsOut } = asItRuns(job);
  const [rowsIn, rowsOut] = [positions * fieldsIn * order, fieldsOut * order];
  const block = Math.min(vectors, blockOf(rowsIn));
  const sumBytes = 4 * packedLength(job, positions);
  const bytes = paddedBytes(plan, fieldsIn * order, height) + 16 * block * (rowsIn + rowsOut) + 64;
  const scratch = kernels.scratchFor(bytes);
  const sums = kernels.heap.allocate(sumBytes * CHUNKS);
  kernels.run(
    OPERATIONS.filterGradient,
    [
      ...[backend.address(x), backend.address(dy), sums, 0, tiles, order, fieldsIn, fieldsOut],
      ...[height, width, plan.padding, positions, job.offsets, vectors, plan.vectorTable, plan.stride],
      ...[scratch.start, scratch.bytesEach, CHUNKS, block, sumBytes],
    ],
    CHUNKS,
  );
  kernels.floats(dw.address, positions * shape.fieldsIn * shape.sizeIn * shape.fieldsOut).fill(0);
  kernels.unpackGradient([
    ...[dw.address, sums, job.matrix, job.table, order, positions, job.fieldsIn, job.fieldsOut],
    ...[job.stepIn, job.stepOut, job.copiesOut, CHUNKS, sumBytes, 0, job.copiesIn],
  ]);
  kernels.heap.release(sums);
  return dw;
}

/** Fields with their copies, under the group of the product. */
function asItRuns({ group, fieldsIn, fieldsOut, copiesIn, copiesOut }: Job) {
  return {
    order: GROUPS[group].order,
    fieldsIn: fieldsIn * copiesIn,
    fieldsOut: fieldsOut * copiesOut,
  };
}

function packedLength(job: Job, positions: number): number {
  const { fieldsIn, fieldsOut } = asItRuns(job);
  return ENTRIES[job.group].length * positions * fieldsIn * fieldsOut;
}

function pack(backend: KernelsBackend, job: Job, positions: number, w: tf.TensorInfo, to: number): void {
  const { order } = asItRuns(job);
  backend.kernels.packWeights([
    ...[backend.address(w), to, job.matrix, job.table, order, positions, job.fieldsIn, job.fieldsOut],
    ...[job.stepIn, job.stepOut, job.copiesOut, 0, 0, 0, job.copiesIn],
  ]);
}

/** Lends the packed weights for as long as `use` takes. */
function withPacked(
  backend: KernelsBackend,
  job: Job,
  { positions }: PlacedPlan,
  w: tf.TensorInfo,
  use: (packed: number) => void,
): void {
  const { heap } = backend.kernels;
  const packed = heap.allocate(4 * packedLength(job, positions));
  pack(backend, job, positions, w, packed);
  use(packed);
  heap.release(packed);
}

function convolve(
  backend: KernelsBackend,
  job: Job,
  plan: PlacedPlan,
  x: tf.TensorInfo,
  packed: number,
  y: number,
  bias = 0,
): void {
  const { kernels } = backend;
  const [tiles, , , height, width] = x.shape;
  const { order, fieldsIn, fieldsOut } = asItRuns(job);
  const { positions, padding, vectors, vectorTable, stride } = plan;
  const bytes = paddedBytes(plan, fieldsIn * order, height) + 32 * order * (positions * fieldsIn + fieldsOut);
  const scratch = kernels.scratchFor(bytes);
  kernels.run(
    OPERATIONS.convolve,
    [
      ...[backend.address(x), y, packed, bias, tiles, order, fieldsIn, fieldsOut],
      ...[height, width, padding, positions, job.offsets, vectors, vectorTable, stride],
      ...[scratch.start, scratch.bytesEach],
    ],
    tiles,
  );
}

const paddedBytes = ({ stride, padding }: PlacedPlan, planes: number, height: number): number =>
  4 * planes * (height + 2 * padding) * stride + 64;

/** Bytes of the filter gradient's rows for a block of pixels: half of a core's second cache. */
const BLOCK_BYTES = 2 ** 19;

/** Vectors of four pixels in a block. */
function blockOf(rowsIn: number): number {
  const fitting = Math.floor(BLOCK_BYTES / (16 * rowsIn * 2)) * 2;
  return Math.max(8, Math.min(32, fitting));
}
