/**
 * Gradient of field batch norm → ReLU, maybe → 2×2 max-pool, of planar maps: sums of chunks, those of fields, then dx (the
 * mathematics: ops/fieldNorm.ts). dz, the gradient at z, is found twice rather than stored: all this waits for memory.
 * Without pooling it is dy where z > 0; with it, a cell's goes to its elements with the largest z, in equal parts, if that
 * is > 0.
 */
import type * as tf from '../../../runtime/tf';
import {
  flatGroups,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  THREADS,
  type WebGPUBackend,
} from '../../../runtime/webgpu/program';
import { PLANAR_NORM_GRADIENT } from '../names';
import { CHUNK, NORM, NORM_OF_FIELD, NORM_READS, pooledShape, TOTAL } from './norm';

/**
 * A cell has the index of its dy; `first` is the index of its first element in x, `slopes` is dz of its four elements.
 */
const CELLS = `
fn first(cell: i32) -> i32 { return cell / u.width * u.width * 4 + cell % u.width * 2; }
fn valuesAt(at: i32) -> vec4f {
  return vec4f(x[at], x[at + 1], x[at + 2 * u.width], x[at + 2 * u.width + 1]);
}
fn slopes(norm: Norm, values: vec4f, dy: f32) -> vec4f {
  let all = (values - norm.mean) * norm.a + norm.shift;
  let top = max(max(all.x, all.y), max(all.z, all.w));
  let isTop = select(vec4f(), vec4f(1), all == vec4f(top));
  return select(0.0, dy / dot(isTop, vec4f(1)), top > 0.0) * isTop;
}`;

/** `count` and `run`: elements of dy in a field, and of those in one tile. */
const NUMBERS = { count: 'i32', run: 'i32', fields: 'i32', width: 'i32' } as const;

/** Σ dz and Σ dz·x̂ of a field's chunk, a workgroup each. */
const sumsOf = (pool: boolean): Program => ({
  key: pool ? 'sums of norm gradient, pooled' : 'sums of norm gradient',
  reads: { ...NORM_READS, dy: 'f32' },
  writes: { parts: 'vec2f' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  declarations: `${TOTAL}${NORM}${NORM_OF_FIELD}${pool ? CELLS : ''}`,
  body: `
  let norm = normOf(group.y);
  let end = min(u.count, (group.x + 1) * ${CHUNK});
  var sum = 0.0;
  var projected = 0.0;
  for (var i = group.x * ${CHUNK} + thread; i < end; i += ${THREADS}) {
    let at = (i / u.run * u.fields + group.y) * u.run + i % u.run;
    ${
      pool
        ? `let values = valuesAt(first(at));
    let dz = slopes(norm, values, dy[at]);
    sum += dot(dz, vec4f(1));
    projected += dot(dz, (values - norm.mean) * norm.inverse);`
        : `let value = x[at];
    let dz = select(0.0, dy[at], zOf(norm, value) > 0.0);
    sum += dz;
    projected += dz * (value - norm.mean) * norm.inverse;`
    }
  }
  sum = total(thread, sum);
  projected = total(thread, projected);
  if (thread == 0) { parts[group.y * groups.x + group.x] = vec2f(sum, projected); }`,
});

/** Chunks together, a workgroup for each field; and in a table what the last program has to know of it. */
const FINISH: Program = {
  key: 'norm gradient of fields',
  reads: { parts: 'vec2f', scale: 'f32', shift: 'f32', mean: 'f32', variance: 'f32' },
  writes: { dScale: 'f32', dShift: 'f32', table: 'vec4f' },
  numbers: { chunks: 'i32', values: 'i32' },
  size: [THREADS, 1],
  declarations: `${TOTAL}${NORM}${NORM_OF_FIELD}`,
  body: `
  var sum = vec2f();
  for (var c = thread; c < u.chunks; c += ${THREADS}) { sum += parts[group.x * u.chunks + c]; }
  let ofShift = total(thread, sum.x);
  let ofScale = total(thread, sum.y);
  if (thread == 0) {
    let norm = normOf(group.x);
    dShift[group.x] = ofShift;
    dScale[group.x] = ofScale;
    table[2 * group.x] = vec4f(norm.mean, norm.inverse, norm.a, norm.shift);
    table[2 * group.x + 1] = vec4f(vec2f(ofShift, ofScale) / f32(u.values), 0, 0);
  }`,
};

/** dx = a·(dz − (d shift + x̂·d scale)/m), a thread for each element of dy. */
const gradient = (pool: boolean): Program => ({
  key: pool ? 'norm gradient, pooled' : 'norm gradient',
  reads: { x: 'f32', dy: 'f32', table: 'vec4f' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  declarations: `${NORM}${pool ? CELLS : ''}`,
  body: `
  if (index >= u.count * u.fields) { return; }
  let field = index / u.run % u.fields;
  let known = table[2 * field];
  let norm = Norm(known.x, known.y, known.z, known.w);
  let pull = table[2 * field + 1];
  ${
    pool
      ? `let at = first(index);
  let values = valuesAt(at);
  let pulled = pull.x + (values - norm.mean) * norm.inverse * pull.y;
  let slope = norm.a * (slopes(norm, values, dy[index]) - pulled);
  dx[at] = slope.x;
  dx[at + 1] = slope.y;
  dx[at + 2 * u.width] = slope.z;
  dx[at + 2 * u.width + 1] = slope.w;`
      : `let value = x[index];
  let dz = select(0.0, dy[index], zOf(norm, value) > 0.0);
  dx[index] = norm.a * (dz - (pull.x + (value - norm.mean) * norm.inverse * pull.y));`
  }`,
});

const PROGRAMS = {
  plain: { sums: sumsOf(false), gradient: gradient(false) },
  pooled: { sums: sumsOf(true), gradient: gradient(true) },
};

/** The gradients of scale and shift from the sums of each field's chunks, and the table; `values`: those of a field. */
export function finishNormGradient(
  backend: WebGPUBackend,
  parts: tf.TensorInfo,
  norm: Readonly<Record<'scale' | 'shift' | 'mean' | 'variance', tf.TensorInfo>>,
  numbers: Readonly<Record<'chunks' | 'values', number>>,
): Readonly<Record<'dScale' | 'dShift' | 'table', tf.TensorInfo>> {
  const [fields] = norm.scale.shape;
  const [dScale, dShift, table] = launch(backend, FINISH, {
    reads: { parts, ...norm },
    writes: { dScale: [fields], dShift: [fields], table: [8 * fields] },
    numbers,
    groups: [fields, 1, 1],
  });
  return { dScale, dShift, table };
}

registerProgram(PLANAR_NORM_GRADIENT, (backend, { x, scale, shift, mean, variance, dy }, { pool }) => {
  const programs = pool ? PROGRAMS.pooled : PROGRAMS.plain;
  const [tiles, fields, order, height, width] = pool ? pooledShape(x.shape) : x.shape;
  const run = order * height * width;
  const numbers = { count: tiles * run, run, fields, width };
  const chunks = Math.ceil(numbers.count / CHUNK);
  const parts = launchOne(backend, programs.sums, {
    reads: { x, scale, shift, mean, variance, dy },
    writes: { parts: [2 * fields * chunks] },
    numbers,
    groups: [chunks, fields, 1],
  });
  const norm = { scale, shift, mean, variance };
  const values = pool ? 4 * numbers.count : numbers.count;
  const { dScale, dShift, table } = finishNormGradient(backend, parts, norm, { chunks, values });
  const dx = launchOne(backend, programs.gradient, {
    reads: { x, dy, table },
    writes: { dx: x.shape },
    numbers,
    groups: flatGroups(numbers.count * fields),
  });
  release(backend, parts, table);
  return [dx, dScale, dShift];
});
