/**
 * Field batch norm → ReLU, maybe → 2×2 max-pool, of planar maps; and the moments of a batch. Moments are found in two
 * steps: of every chunk of a field's values its mean and the squares about it, which a thread's registers hold between
 * the two; then those of all chunks together. So nothing is lost where a mean is large, though all is float32.
 */
import type * as tf from '../../../runtime/tf';
import { KEEPING_NAN } from '../../../runtime/webgpu/notNumbers';
import {
  flatGroups,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  sizeOf,
  THREADS,
  type WebGPUBackend,
} from '../../../runtime/webgpu/program';
import { NORM_EPSILON } from '../../ops/fieldNormLoops';
import { PLANAR_MOMENTS, PLANAR_NORM } from '../names';

/** Values of a thread in a chunk. */
const EACH = 16;
export const CHUNK = THREADS * EACH;

/** `total(thread, value)`: the sum over a workgroup's threads, the same for all of them. */
export const TOTAL = `
var<workgroup> lanes: array<f32, ${THREADS}>;
fn total(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] += lanes[thread + half]; }
    workgroupBarrier();
  }
  let sum = lanes[0];
  workgroupBarrier();
  return sum;
}`;

const each = (line: (i: number) => string): string =>
  Array.from({ length: EACH }, (_, i) => line(i)).join('\n  ');

/** One workgroup for a field's chunk. `run`: a field's values in a tile, one after the other. */
const CHUNK_MOMENTS: Program = {
  key: 'moments of chunks',
  reads: { x: 'f32' },
  writes: { parts: 'vec2f' },
  numbers: { count: 'i32', run: 'i32', fields: 'i32' },
  size: [THREADS, 1],
  declarations: `
${TOTAL}
fn at(field: i32, i: i32) -> i32 { return (i / u.run * u.fields + field) * u.run + i % u.run; }`,
  body: `
  let first = group.x * ${CHUNK} + thread;
  let count = min(${CHUNK}, u.count - group.x * ${CHUNK});
  ${each((i) => `let in${i} = first + ${i * THREADS} < u.count; var v${i} = 0.0; if (in${i}) { v${i} = x[at(group.y, first + ${i * THREADS})]; }`)}
  var sum = 0.0;
  ${each((i) => `sum += v${i};`)}
  let mean = total(thread, sum) / f32(count);
  var squares = 0.0;
  ${each((i) => `if (in${i}) { squares += (v${i} - mean) * (v${i} - mean); }`)}
  squares = total(thread, squares);
  if (thread == 0) { parts[group.y * groups.x + group.x] = vec2f(mean, squares); }`,
};

/** One workgroup for a field. */
const FINISH_MOMENTS: Program = {
  key: 'moments of fields',
  reads: { parts: 'vec2f' },
  writes: { mean: 'f32', variance: 'f32' },
  numbers: { count: 'i32', chunks: 'i32', each: 'i32' },
  size: [THREADS, 1],
  declarations: `
${TOTAL}
fn counted(chunk: i32) -> f32 { return f32(min(u.each, u.count - chunk * u.each)); }`,
  body: `
  let first = group.x * u.chunks;
  var sum = 0.0;
  for (var c = thread; c < u.chunks; c += ${THREADS}) { sum += counted(c) * parts[first + c].x; }
  let all = total(thread, sum) / f32(u.count);
  var squares = 0.0;
  for (var c = thread; c < u.chunks; c += ${THREADS}) {
    let off = parts[first + c].x - all;
    squares += parts[first + c].y + counted(c) * off * off;
  }
  squares = total(thread, squares);
  if (thread == 0) {
    mean[group.x] = all;
    variance[group.x] = squares / f32(u.count);
  }`,
};

registerProgram(PLANAR_MOMENTS, (backend, { x }) => {
  const [tiles, fields, order, height, width] = x.shape;
  const run = order * height * width;
  const count = tiles * run;
  const chunks = Math.ceil(count / CHUNK);
  const parts = launchOne(backend, CHUNK_MOMENTS, {
    reads: { x },
    writes: { parts: [2 * fields * chunks] },
    numbers: { count, run, fields },
    groups: [chunks, fields, 1],
  });
  return finishMoments(backend, parts, fields, { count, chunks, each: CHUNK });
});

/** Mean and variance of each field, from those of its chunks of `each` values, which are let go. */
export function finishMoments(
  backend: WebGPUBackend,
  parts: tf.TensorInfo,
  fields: number,
  numbers: Readonly<Record<'count' | 'chunks' | 'each', number>>,
): tf.TensorInfo[] {
  const moments = launch(backend, FINISH_MOMENTS, {
    reads: { parts },
    writes: { mean: [fields], variance: [fields] },
    numbers,
    groups: [fields, 1, 1],
  });
  release(backend, parts);
  return moments;
}

/** A field's norm: z = (x − mean)·a + shift. */
export const NORM = `
struct Norm { mean: f32, inverse: f32, a: f32, shift: f32 };
fn zOf(norm: Norm, value: f32) -> f32 { return (value - norm.mean) * norm.a + norm.shift; }`;

/** That of field `f`, from its moments. */
export const NORM_OF_FIELD = `
fn normOf(f: i32) -> Norm {
  let inverse = inverseSqrt(variance[f] + ${NORM_EPSILON});
  return Norm(mean[f], inverse, scale[f] * inverse, shift[f]);
}`;

export const NORM_READS = { x: 'f32', scale: 'f32', shift: 'f32', mean: 'f32', variance: 'f32' } as const;

const norm = (pool: boolean): Program => ({
  key: pool ? 'norm, pooled' : 'norm',
  reads: NORM_READS,
  writes: { y: 'f32' },
  numbers: { length: 'i32', run: 'i32', fields: 'i32', width: 'i32' },
  size: [THREADS, 1],
  declarations: `${KEEPING_NAN}${NORM}${NORM_OF_FIELD}`,
  body: `
  if (index >= u.length) { return; }
  let norm = normOf(index / u.run % u.fields);
  ${
    pool
      ? `let at = index / u.width * u.width * 4 + index % u.width * 2;
  let top = larger(zOf(norm, x[at]), zOf(norm, x[at + 1]));
  let bottom = larger(zOf(norm, x[at + 2 * u.width]), zOf(norm, x[at + 2 * u.width + 1]));
  y[index] = relu(larger(top, bottom));`
      : 'y[index] = relu(zOf(norm, x[index]));'
  }`,
});
const PROGRAMS = { plain: norm(false), pooled: norm(true) };

export const pooledShape = ([tiles, fields, order, height, width]: readonly number[]): number[] => [
  ...[tiles, fields, order, height / 2, width / 2],
];

registerProgram(PLANAR_NORM, (backend, { x, scale, shift, mean, variance }, { pool }) => {
  const shape = pool ? pooledShape(x.shape) : x.shape;
  const [, fields, order, height, width] = shape;
  const length = sizeOf(shape);
  return launchOne(backend, pool ? PROGRAMS.pooled : PROGRAMS.plain, {
    reads: { x, scale, shift, mean, variance },
    writes: { y: shape },
    numbers: { length, run: order * height * width, fields, width },
    groups: flatGroups(length),
  });
});
