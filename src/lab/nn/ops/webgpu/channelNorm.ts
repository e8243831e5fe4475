/**
 * Batch norm channels last, every channel on its own, and what cuts off behind it, on WebGPU (the mathematics:
 * ../fieldNorm.ts). Chunks of rows first, then what a field's chunks have together, as planar maps have it.
 */
import { COLUMN_NUMBERS, DOWN, OWN_COLUMN, planColumns } from '../../../runtime/webgpu/columns';
import { KEEPING_NAN } from '../../../runtime/webgpu/notNumbers';
import {
  flatGroups,
  launchOne,
  type Program,
  registerProgram,
  release,
  sizeOf,
  THREADS,
} from '../../../runtime/webgpu/program';
import { finishMoments, NORM, NORM_OF_FIELD, NORM_READS } from '../../maps/webgpu/norm';
import { finishNormGradient } from '../../maps/webgpu/normGradient';
import type { Clip } from '../fieldNormLoops';
import { CHANNEL_MOMENTS, CHANNEL_NORM, CHANNEL_NORM_GRADIENT } from '../names';

/** Mean of a chunk, and the squares about it: nothing is lost where a mean is large. */
const MOMENTS: Program = {
  key: 'moments of channels',
  reads: { x: 'f32' },
  writes: { parts: 'vec2f' },
  numbers: COLUMN_NUMBERS,
  size: [THREADS, 1],
  declarations: DOWN,
  body: `${OWN_COLUMN}
  var sum = 0.0;
  for (var row = first; row < end; row += u.parts) { sum += x[row * u.columns + column]; }
  let count = min(u.rowsEach, u.rows - group.x * u.rowsEach);
  let mean = down(thread, sum) / f32(count);
  var squares = 0.0;
  for (var row = first; row < end; row += u.parts) {
    let off = x[row * u.columns + column] - mean;
    squares += off * off;
  }
  squares = down(thread, squares);
  if (thread < u.lanes && column < u.columns) { parts[column * groups.x + group.x] = vec2f(mean, squares); }`,
};

registerProgram(CHANNEL_MOMENTS, (backend, { x }) => {
  const { rows, columns } = rowsOf(x.shape);
  const { chunks, numbers, groups } = planColumns(rows, columns);
  const parts = launchOne(backend, MOMENTS, {
    reads: { x },
    writes: { parts: [2 * columns * chunks] },
    ...{ numbers, groups },
  });
  return finishMoments(backend, parts, columns, { count: rows, chunks, each: numbers.rowsEach });
});

/** Where z is cut off: u.bounds has 1 where there is a lower bound, 2 where there is an upper one. */
const CUT_NUMBERS = { low: 'f32', high: 'f32', bounds: 'i32' } as const;
const CUT = `
fn cut(z: f32) -> f32 {
  var value = z;
  if ((u.bounds & 1) > 0) { value = larger(value, u.low); }
  if ((u.bounds & 2) > 0) { value = select(min(value, u.high), value, isNoNumber(value)); }
  return value;
}
fn passes(z: f32) -> bool {
  return ((u.bounds & 1) == 0 || z > u.low) && ((u.bounds & 2) == 0 || z < u.high);
}`;

/** Infinite bounds are left out: a shader cannot be relied on to compute with them. */
function cutNumbers(attrs: Readonly<Record<string, unknown>>) {
  const { low, high } = attrs as unknown as Clip;
  const [isLow, isHigh] = [low, high].map(Number.isFinite);
  return { low: isLow ? low : 0, high: isHigh ? high : 0, bounds: (isLow ? 1 : 0) + (isHigh ? 2 : 0) };
}

const VALUE: Program = {
  key: 'norm of channels',
  reads: NORM_READS,
  writes: { y: 'f32' },
  numbers: { length: 'i32', columns: 'i32', ...CUT_NUMBERS },
  size: [THREADS, 1],
  declarations: `${KEEPING_NAN}${NORM}${NORM_OF_FIELD}${CUT}`,
  body: `
  if (index >= u.length) { return; }
  y[index] = cut(zOf(normOf(index % u.columns), x[index]));`,
};

registerProgram(CHANNEL_NORM, (backend, { x, scale, shift, mean, variance }, attrs) => {
  const length = sizeOf(x.shape);
  return launchOne(backend, VALUE, {
    reads: { x, scale, shift, mean, variance },
    writes: { y: x.shape },
    numbers: { length, columns: rowsOf(x.shape).columns, ...cutNumbers(attrs) },
    groups: flatGroups(length),
  });
});

/** Σ dz and Σ dz·x̂ of a channel's chunk. */
const SUMS: Program = {
  key: 'sums of norm gradient of channels',
  reads: { ...NORM_READS, dy: 'f32' },
  writes: { parts: 'vec2f' },
  numbers: { ...COLUMN_NUMBERS, ...CUT_NUMBERS },
  size: [THREADS, 1],
  declarations: `${KEEPING_NAN}${DOWN}${NORM}${NORM_OF_FIELD}${CUT}`,
  body: `${OWN_COLUMN}
  let norm = normOf(min(column, u.columns - 1));
  var sum = 0.0;
  var projected = 0.0;
  for (var row = first; row < end; row += u.parts) {
    let value = x[row * u.columns + column];
    let dz = select(0.0, dy[row * u.columns + column], passes(zOf(norm, value)));
    sum += dz;
    projected += dz * (value - norm.mean) * norm.inverse;
  }
  sum = down(thread, sum);
  projected = down(thread, projected);
  if (thread < u.lanes && column < u.columns) { parts[column * groups.x + group.x] = vec2f(sum, projected); }`,
};

const GRADIENT: Program = {
  key: 'norm gradient of channels',
  reads: { x: 'f32', dy: 'f32', table: 'vec4f' },
  writes: { dx: 'f32' },
  numbers: { length: 'i32', columns: 'i32', ...CUT_NUMBERS },
  size: [THREADS, 1],
  declarations: `${KEEPING_NAN}${NORM}${CUT}`,
  body: `
  if (index >= u.length) { return; }
  let known = table[2 * (index % u.columns)];
  let pull = table[2 * (index % u.columns) + 1];
  let norm = Norm(known.x, known.y, known.z, known.w);
  let value = x[index];
  let dz = select(0.0, dy[index], passes(zOf(norm, value)));
  dx[index] = norm.a * (dz - (pull.x + (value - norm.mean) * norm.inverse * pull.y));`,
};

/** → dx, d scale, d shift. */
registerProgram(CHANNEL_NORM_GRADIENT, (backend, { x, scale, shift, mean, variance, dy }, attrs) => {
  const { rows, columns } = rowsOf(x.shape);
  const cut = cutNumbers(attrs);
  const { chunks, numbers, groups } = planColumns(rows, columns);
  const norm = { scale, shift, mean, variance };
  const parts = launchOne(backend, SUMS, {
    reads: { x, ...norm, dy },
    writes: { parts: [2 * columns * chunks] },
    ...{ numbers: { ...numbers, ...cut }, groups },
  });
  const { dScale, dShift, table } = finishNormGradient(backend, parts, norm, { chunks, values: rows });
  const dx = launchOne(backend, GRADIENT, {
    reads: { x, dy, table },
    writes: { dx: x.shape },
    numbers: { length: rows * columns, columns, ...cut },
    groups: flatGroups(rows * columns),
  });
  release(backend, parts, table);
  return [dx, dScale, dShift];
});

function rowsOf(shape: readonly number[]): { rows: number; columns: number } {
  const columns = shape[shape.length - 1];
  return { rows: sizeOf(shape) / columns, columns };
}
