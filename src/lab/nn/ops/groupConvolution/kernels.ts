/**
 * Group convolution on the lab's own kernels: maps are planar, [N, fields, n, H, W], and pictures [N, channels, 1, H, W].
 * The mathematics is in fourier.ts, and for layers that answer in winograd.ts; the loops in kernels/.
 */
import { type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS } from '../../../runtime/kernels/engine';
import { loadWith } from '../../../runtime/onDemand';
import type * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS } from '../../../symmetry/group';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from './names';
import { type Job, type PlacedPlan, planOf } from './placed';
import { byWinograd } from './winograd';
import { convolveByWinograd, convolvePacked, packByWinograd } from './winogradKernels';

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
  const dx = backend.output([tiles, shape.fieldsIn, shape.sizeIn, height, width]);
  if (byWinograd(shape)) {
    convolveByWinograd(backend, dy, w, shape, dx.address, 'adjoint');
    return dx;
  }
  const plan = planOf(backend.kernels, shape, height, width);
  withPacked(backend, plan.adjoint, w, (packed) =>
    convolve(backend, plan.adjoint, plan, dy, packed, { y: dx.address }),
  );
  return dx;
});

/** Weights [positions, F_in, S_in, F_out] as `PACKED_CONVOLUTION` reads them, for layers that convolve many times. */
registerOwnKernel(PACK_WEIGHTS, (backend, { w }, attrs) => {
  const shape = shapeIn(attrs);
  // How weights are packed does not depend on the size of maps.
  if (byWinograd(shape)) return packByWinograd(backend, w, shape);
  const { forward } = planOf(backend.kernels, shape, 4, 4);
  const packed = backend.output([forward.packedLength]);
  backend.kernels.packWeights(weightWords(forward, backend.address(w), packed.address));
  return packed;
});

/** ReLU(convolution + bias), a bias for each field, and where it pools the largest of each 2×2 cell. */
registerOwnKernel(PACKED_CONVOLUTION, (backend, { x, packed, bias }, attrs) => {
  const shape = shapeIn(attrs);
  const [tiles, , , height, width] = x.shape;
  const pools = Boolean(attrs.pool);
  const [rows, columns] = pools ? [height / 2, width / 2] : [height, width];
  const y = backend.output([tiles, shape.fieldsOut, GROUPS[shape.group].order, rows, columns]);
  const at = { y: y.address, bias: backend.address(bias), pools };
  if (byWinograd(shape)) convolvePacked(backend, x, backend.address(packed), shape, at);
  else {
    const plan = planOf(backend.kernels, shape, height, width);
    convolve(backend, plan.forward, plan, x, backend.address(packed), at);
  }
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
  const y = backend.output([tiles, shape.fieldsOut, GROUPS[shape.group].order, height, width]);
  if (byWinograd(shape)) {
    convolveByWinograd(backend, x, w, shape, y.address);
    return y;
  }
  const plan = planOf(backend.kernels, shape, height, width);
  withPacked(backend, plan.forward, w, (packed) =>
    convolve(backend, plan.forward, plan, x, packed, { y: y.address }),
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
  const [, , , height, width] = x.shape;
  const plan = planOf(kernels, shape, height, width);
  const { forward: job, positions, pixels } = plan;
  const dw = backend.output([positions, shape.fieldsIn, shape.sizeIn, shape.fieldsOut]);
  const { order } = GROUPS[job.group];
  const [rowsIn, rowsOut] = [job.positions * job.fieldsIn * order, job.fieldsOut * order];
  const block = Math.min(pixels.count, blockOf(rowsIn));
  const sumBytes = 4 * job.packedLength;
  // A row of a block ends on an odd number of cache lines.
  const bytes = paddedBytes(job, plan, height) + (16 * block + 128) * (rowsIn + rowsOut) + 64;
  const sums = kernels.heap.allocate(sumBytes * CHUNKS);
  kernels.run(
    OPERATIONS.filterGradient,
    convolutionWords(backend, job, plan, x, bytes, {
      y: backend.address(dy),
      weights: sums,
      block,
      sumBytes,
    }),
    CHUNKS,
  );
  kernels.floats(dw.address, positions * shape.fieldsIn * shape.sizeIn * shape.fieldsOut).fill(0);
  kernels.unpackGradient([...weightWords(job, dw.address, sums), CHUNKS, sumBytes]);
  kernels.heap.release(sums);
  return dw;
}

/** What kernels/convolve.ts and kernels/filterGradient.ts are told, in their order. */
function convolutionWords(
  backend: KernelsBackend,
  job: Job,
  plan: PlacedPlan,
  x: tf.TensorInfo,
  scratchBytes: number,
  at: { y: number; weights: number; bias?: number; pools?: boolean; block?: number; sumBytes?: number },
): number[] {
  const [tiles, , , height, width] = x.shape;
  const { order } = GROUPS[job.group];
  const scratch = backend.kernels.scratchFor(scratchBytes);
  const pixels = at.pools ? plan.cells! : plan.pixels;
  return [
    ...[backend.address(x), at.y, at.weights, at.bias ?? 0, tiles, order, inputsOf(job), job.fieldsOut],
    ...[height, width, plan.padding, job.positions, job.offsets, pixels.count, pixels.table, plan.stride],
    ...[scratch.start, scratch.bytesEach, CHUNKS, at.block ?? 0, at.sumBytes ?? 0, job.planesIn, job.counts],
    Number(at.pools ?? false),
  ];
}

/** What kernels/weights.ts is told. */
function weightWords(job: Job, weights: number, packed: number): number[] {
  return [
    ...[weights, packed, job.matrix, job.table, GROUPS[job.group].order, job.counts],
    ...[job.fieldsIn, job.fieldsOut, job.stepIn, job.stepOut, job.copiesIn, job.factors],
  ];
}

/** Fields that a product reads, with their copies. */
const inputsOf = ({ fieldsIn, copiesIn }: Job): number => fieldsIn * copiesIn;

/** Lends the packed weights for as long as `use` takes. */
function withPacked(
  backend: KernelsBackend,
  job: Job,
  w: tf.TensorInfo,
  use: (packed: number) => void,
): void {
  const { heap } = backend.kernels;
  const packed = heap.allocate(4 * job.packedLength);
  backend.kernels.packWeights(weightWords(job, backend.address(w), packed));
  use(packed);
  heap.release(packed);
}

function convolve(
  backend: KernelsBackend,
  job: Job,
  plan: PlacedPlan,
  x: tf.TensorInfo,
  packed: number,
  at: { y: number; bias?: number; pools?: boolean },
): void {
  const [tiles, , , height] = x.shape;
  const { order } = GROUPS[job.group];
  const panels = 32 * order * job.positions * inputsOf(job);
  // Results of sixteen pixels.
  const bytes = paddedBytes(job, plan, height) + panels + 64 * order * (job.fieldsOut + 1);
  const words = convolutionWords(backend, job, plan, x, bytes, { ...at, weights: packed });
  backend.kernels.run(OPERATIONS.convolve, words, tiles);
}

const paddedBytes = (job: Job, { stride, padding }: PlacedPlan, height: number): number =>
  4 * inputsOf(job) * job.planesIn * (height + 2 * padding) * stride + 64;

/** Bytes of the filter gradient's rows for a block of pixels: half of a core's second cache. */
const BLOCK_BYTES = 2 ** 19;

/** Vectors of four pixels in a block. */
function blockOf(rowsIn: number): number {
  const fitting = Math.floor(BLOCK_BYTES / (16 * rowsIn * 2)) * 2;
  return Math.max(8, Math.min(32, fitting));
}
