/** Group convolution on WebGPU, under the names of the lab's kernels (../kernels.ts). Loaded with the engine. */
import type * as tf from '../../../../runtime/tf';
import { registerProgram, release, type WebGPUBackend } from '../../../../runtime/webgpu/program';
import type { FilterShape } from '../../../../symmetry/filters';
import { GROUPS } from '../../../../symmetry/group';
import { poolCells } from '../../../maps/webgpu/pool';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from '../names';
import { convolve } from './convolve';
import { sumFilterGradient } from './filterGradient';
import { tablesOf } from './tables';
import { collectGradient, packWeights } from './weights';

const shapeIn = (attrs: Readonly<Record<string, unknown>>): FilterShape => attrs.shape as FilterShape;

const valueShape = (
  { fieldsOut, group }: FilterShape,
  { shape: [tiles, , , height, width] }: tf.TensorInfo,
) => [...[tiles, fieldsOut, GROUPS[group].order, height, width]];

registerProgram(GROUP_CONVOLUTION, (backend, { x, w }, attrs) => convolveMaps(backend, x, w, shapeIn(attrs)));

registerProgram(INPUT_GRADIENT, (backend, { dy, w }, attrs) => {
  const shape = shapeIn(attrs);
  const [tiles, , , height, width] = dy.shape;
  const tables = tablesOf(backend, shape);
  const packed = packWeights(backend, tables, tables.adjoint, w);
  const dxShape = [tiles, shape.fieldsIn, shape.sizeIn, height, width];
  const dx = convolve(backend, tables, tables.adjoint, dy, packed, dxShape);
  release(backend, packed);
  return dx;
});

registerProgram(FILTER_GRADIENT, (backend, { x, dy }, attrs) =>
  filterGradientOf(backend, x, dy, shapeIn(attrs)),
);

registerProgram(PACK_WEIGHTS, (backend, { w }, attrs) => {
  const tables = tablesOf(backend, shapeIn(attrs));
  return packWeights(backend, tables, tables.forward, w);
});

registerProgram(PACKED_CONVOLUTION, (backend, { x, packed, bias }, attrs) => {
  const shape = shapeIn(attrs);
  const tables = tablesOf(backend, shape);
  const y = convolve(backend, tables, tables.forward, x, packed, valueShape(shape, x), bias);
  if (!attrs.pool) return y;
  const pooled = poolCells(backend, y);
  release(backend, y);
  return pooled;
});

/** x [N, F_in, S_in, H, W], w [positions, F_in, S_in, F_out] → [N, F_out, |G|, H, W]. */
export function convolveMaps(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  w: tf.TensorInfo,
  shape: FilterShape,
): tf.TensorInfo {
  const tables = tablesOf(backend, shape);
  const packed = packWeights(backend, tables, tables.forward, w);
  const y = convolve(backend, tables, tables.forward, x, packed, valueShape(shape, x));
  release(backend, packed);
  return y;
}

/** x as above, dy like its value → the gradient of w. */
export function filterGradientOf(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: FilterShape,
): tf.TensorInfo {
  const tables = tablesOf(backend, shape);
  const { sums, chunks } = sumFilterGradient(backend, tables, x, dy);
  const dw = collectGradient(backend, tables, shape, sums, chunks);
  release(backend, sums);
  return dw;
}
