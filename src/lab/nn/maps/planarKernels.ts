/** Norm, pooling and layout of planar maps [N, fields, n, H, W] on the lab's own kernels, under their names in tfjs. */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS } from '../../runtime/kernels/engine';
import { loadWith } from '../../runtime/onDemand';
import type * as tf from '../../runtime/tf';
import {
  FROM_PLANES,
  GROUP_POOL,
  GROUP_POOL_GRADIENT,
  PLANAR_MOMENTS,
  PLANAR_NORM,
  PLANAR_NORM_GRADIENT,
  PLANAR_POOL,
  PLANAR_POOL_GRADIENT,
  TO_PLANES,
} from './names';

export * from './names';

loadWith('webgpu', () => import('./webgpu'));

type Shape = readonly number[];

/** What all steps of a norm are told (kernels/norm.ts); addresses that a step does not use are 0. */
export interface NormAddresses {
  readonly x: number;
  readonly y?: number;
  readonly scale?: number;
  readonly shift?: number;
  readonly mean: number;
  readonly variance: number;
  readonly sums?: number;
  readonly dy?: number;
  readonly dx?: number;
  readonly dScale?: number;
  readonly dShift?: number;
  readonly pull?: number;
}

export function normWords(
  [tiles, fields, order, height, width]: Shape,
  pool: boolean,
  at: NormAddresses,
  chunks = CHUNKS,
): number[] {
  return [
    ...[at.x, at.y ?? 0, at.scale ?? 0, at.shift ?? 0, at.mean, at.variance],
    ...[tiles, fields, order, height, width, Number(pool), chunks],
    ...[at.sums ?? 0, at.dy ?? 0, at.dx ?? 0, at.dScale ?? 0, at.dShift ?? 0, at.pull ?? 0],
  ];
}

/** Lends room for sums of two float64 for every field and chunk. */
export function withSums(backend: KernelsBackend, fields: number, use: (sums: number) => void): void {
  const sums = backend.kernels.heap.allocate(CHUNKS * fields * 16);
  use(sums);
  backend.kernels.heap.release(sums);
}

registerOwnKernel(PLANAR_MOMENTS, (backend, { x }) => {
  const fields = x.shape[1];
  const [mean, variance] = [backend.output([fields]), backend.output([fields])];
  withSums(backend, fields, (sums) => {
    const words = normWords(x.shape, false, {
      x: backend.address(x),
      mean: mean.address,
      variance: variance.address,
      sums,
    });
    backend.kernels.run(OPERATIONS.sumMoments, words, CHUNKS);
    backend.kernels.run(OPERATIONS.finishMoments, words, 1);
  });
  return [mean, variance];
});

const pooled = ([tiles, fields, order, height, width]: Shape): number[] => [
  tiles,
  fields,
  order,
  height / 2,
  width / 2,
];

registerOwnKernel(PLANAR_NORM, (backend, { x, scale, shift, mean, variance }, { pool }) => {
  const y = backend.output(pool ? pooled(x.shape) : x.shape);
  const words = normWords(x.shape, Boolean(pool), {
    x: backend.address(x),
    y: y.address,
    scale: backend.address(scale),
    shift: backend.address(shift),
    mean: backend.address(mean),
    variance: backend.address(variance),
  });
  backend.kernels.run(OPERATIONS.norm, words, x.shape[0]);
  return y;
});

registerOwnKernel(PLANAR_NORM_GRADIENT, (backend, { x, scale, shift, mean, variance, dy }, { pool }) => {
  const { kernels } = backend;
  const fields = x.shape[1];
  const [dx, dScale, dShift] = [backend.output(x.shape), backend.output([fields]), backend.output([fields])];
  const pull = kernels.heap.allocate(fields * 8);
  withSums(backend, fields, (sums) => {
    const words = normWords(x.shape, Boolean(pool), {
      x: backend.address(x),
      scale: backend.address(scale),
      shift: backend.address(shift),
      mean: backend.address(mean),
      variance: backend.address(variance),
      dy: backend.address(dy),
      dx: dx.address,
      dScale: dScale.address,
      dShift: dShift.address,
      sums,
      pull,
    });
    kernels.run(OPERATIONS.sumNormGradient, words, CHUNKS);
    kernels.run(OPERATIONS.finishNormGradient, words, 1);
    kernels.run(OPERATIONS.normGradient, words, x.shape[0]);
  });
  kernels.heap.release(pull);
  return [dx, dScale, dShift];
});

registerOwnKernel(PLANAR_POOL, (backend, { x }) => {
  const [tiles, fields, order, height, width] = x.shape;
  const y = backend.output(pooled(x.shape));
  const words = [backend.address(x), y.address, 0, fields * order, 1, height, width];
  backend.kernels.run(OPERATIONS.pool, words, tiles);
  return y;
});

registerOwnKernel(PLANAR_POOL_GRADIENT, (backend, { x, dy }) => {
  const [tiles, fields, order, height, width] = x.shape;
  const dx = backend.output(x.shape);
  const words = [backend.address(x), backend.address(dy), dx.address, fields * order, 1, height, width];
  backend.kernels.run(OPERATIONS.poolGradient, words, tiles);
  return dx;
});

registerOwnKernel(GROUP_POOL, (backend, { x }) => {
  const [tiles, fields, order, height, width] = x.shape;
  const y = backend.output([tiles, height, width, fields]);
  const words = [backend.address(x), y.address, 0, fields, order, 1, height * width];
  backend.kernels.run(OPERATIONS.poolGroup, words, tiles);
  return y;
});

registerOwnKernel(GROUP_POOL_GRADIENT, (backend, { x, dy }) => {
  const [tiles, fields, order, height, width] = x.shape;
  const dx = backend.output(x.shape);
  const words = [backend.address(x), backend.address(dy), dx.address, fields, order, 1, height * width];
  backend.kernels.run(OPERATIONS.poolGroupGradient, words, tiles);
  return dx;
});

registerOwnKernel(TO_PLANES, (backend, { x }) => toPlanes(backend, x));
registerOwnKernel(FROM_PLANES, (backend, { x }) => fromPlanes(backend, x));

/** [N, H, W, C] → [N, C, 1, H, W]. */
export function toPlanes(backend: KernelsBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [tiles, height, width, channels] = x.shape;
  const y = backend.output([tiles, channels, 1, height, width]);
  transpose(backend, OPERATIONS.toPlanes, x, y.address, channels, height * width);
  return y;
}

/** [N, F, n, H, W] → [N, H, W, F·n]. */
export function fromPlanes(backend: KernelsBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [tiles, fields, order, height, width] = x.shape;
  const y = backend.output([tiles, height, width, fields * order]);
  transpose(backend, OPERATIONS.fromPlanes, x, y.address, fields * order, height * width);
  return y;
}

function transpose(
  backend: KernelsBackend,
  operation: number,
  x: tf.TensorInfo,
  y: number,
  channels: number,
  pixels: number,
): void {
  backend.kernels.run(operation, [backend.address(x), y, channels, pixels], x.shape[0]);
}
