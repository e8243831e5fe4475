/**
 * Maxima of planar maps: over 2×2 cells, and over the n values of a field, which leaves planes for channels last. Gradients
 * are shared among tied elements.
 */

import type * as tf from '../../../runtime/tf';
import { KEEPING_NAN } from '../../../runtime/webgpu/notNumbers';
import {
  flatGroups,
  launchOne,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
  type WebGPUBackend,
} from '../../../runtime/webgpu/program';
import { GROUP_POOL, GROUP_POOL_GRADIENT, PLANAR_POOL, PLANAR_POOL_GRADIENT } from '../names';
import { pooledShape } from './norm';

const CELL = `
  if (index >= u.length) { return; }
  let at = index / u.width * u.width * 4 + index % u.width * 2;
  let below = at + 2 * u.width;
  let cell = vec4f(x[at], x[at + 1], x[below], x[below + 1]);
  let top = larger(larger(cell.x, cell.y), larger(cell.z, cell.w));`;

const POOL: Program = {
  key: 'pool',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: { length: 'i32', width: 'i32' },
  size: [THREADS, 1],
  declarations: KEEPING_NAN,
  body: `${CELL}
  y[index] = top;`,
};

const POOL_GRADIENT: Program = {
  key: 'pool gradient',
  reads: { x: 'f32', dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: { length: 'i32', width: 'i32' },
  size: [THREADS, 1],
  declarations: KEEPING_NAN,
  body: `${CELL}
  let isTop = select(vec4f(), vec4f(1), cell == vec4f(top));
  let share = dy[index] / dot(isTop, vec4f(1)) * isTop;
  dx[at] = share.x;
  dx[at + 1] = share.y;
  dx[below] = share.z;
  dx[below + 1] = share.w;`,
};

/** `first`: the field's first value at a pixel; `last`: where it stands channels last. */
const FIELD = `
  if (index >= u.length) { return; }
  let pixel = index % u.pixels;
  let field = index / u.pixels % u.fields;
  let tile = index / (u.pixels * u.fields);
  let first = index / u.pixels * u.order * u.pixels + pixel;
  let last = (tile * u.pixels + pixel) * u.fields + field;
  var top = x[first];
  for (var g = 1; g < u.order; g++) { top = larger(top, x[first + g * u.pixels]); }`;

const FIELD_NUMBERS = { length: 'i32', order: 'i32', fields: 'i32', pixels: 'i32' } as const;

const POOL_GROUP: Program = {
  key: 'group pool',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: FIELD_NUMBERS,
  size: [THREADS, 1],
  declarations: KEEPING_NAN,
  body: `${FIELD}
  y[last] = top;`,
};

const POOL_GROUP_GRADIENT: Program = {
  key: 'group pool gradient',
  reads: { x: 'f32', dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: FIELD_NUMBERS,
  size: [THREADS, 1],
  declarations: KEEPING_NAN,
  body: `${FIELD}
  var ties = 0.0;
  for (var g = 0; g < u.order; g++) { ties += select(0.0, 1.0, x[first + g * u.pixels] == top); }
  let share = dy[last] / ties;
  for (var g = 0; g < u.order; g++) {
    let at = first + g * u.pixels;
    dx[at] = select(0.0, share, x[at] == top);
  }`,
};

registerProgram(PLANAR_POOL, (backend, { x }) => poolCells(backend, x));

/** The largest of each 2×2 cell. */
export function poolCells(backend: WebGPUBackend, x: tf.TensorInfo): tf.TensorInfo {
  const shape = pooledShape(x.shape);
  const length = sizeOf(shape);
  return launchOne(backend, POOL, {
    reads: { x },
    writes: { y: shape },
    numbers: { length, width: shape[4] },
    groups: flatGroups(length),
  });
}

registerProgram(PLANAR_POOL_GRADIENT, (backend, { x, dy }) => {
  const length = sizeOf(dy.shape);
  return launchOne(backend, POOL_GRADIENT, {
    reads: { x, dy },
    writes: { dx: x.shape },
    numbers: { length, width: dy.shape[4] },
    groups: flatGroups(length),
  });
});

const fieldNumbers = ({ shape: [tiles, fields, order, height, width] }: tf.TensorInfo) => {
  const pixels = height * width;
  return { length: tiles * fields * pixels, order, fields, pixels };
};

registerProgram(GROUP_POOL, (backend, { x }) => {
  const [tiles, fields, , height, width] = x.shape;
  const numbers = fieldNumbers(x);
  return launchOne(backend, POOL_GROUP, {
    reads: { x },
    writes: { y: [tiles, height, width, fields] },
    numbers,
    groups: flatGroups(numbers.length),
  });
});

registerProgram(GROUP_POOL_GRADIENT, (backend, { x, dy }) => {
  const numbers = fieldNumbers(x);
  return launchOne(backend, POOL_GROUP_GRADIENT, {
    reads: { x, dy },
    writes: { dx: x.shape },
    numbers,
    groups: flatGroups(numbers.length),
  });
});
