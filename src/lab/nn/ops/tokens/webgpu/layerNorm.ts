/**
 * Layer norm on WebGPU (../layerNorm.ts): a workgroup for each row. On the way back the rows' moments are kept for the sums
 * down the columns, which are the gradients of scale and shift.
 */
import { COLUMN_NUMBERS, DOWN, OWN_COLUMN, planColumns } from '../../../../runtime/webgpu/columns';
import { addChunkPairs } from '../../../../runtime/webgpu/product/product';
import {
  flatGroups,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  THREADS,
} from '../../../../runtime/webgpu/program';
import { LAYER_EPSILON } from '../layerNorm';
import { LAYER_NORM, LAYER_NORM_GRADIENT } from '../names';

/** Threads of a row. */
const ROW = 64;

/** `total(thread, value)`: the sum over a row's threads; `momentsOf`: a row's mean, and one over the root of its variance. */
const MOMENTS = `
var<workgroup> lanes: array<f32, ${ROW}>;
fn total(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${ROW / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] += lanes[thread + half]; }
    workgroupBarrier();
  }
  let sum = lanes[0];
  workgroupBarrier();
  return sum;
}
fn momentsOf(thread: i32, first: i32) -> vec2f {
  var sum = 0.0;
  for (var c = thread; c < u.width; c += ${ROW}) { sum += x[first + c]; }
  let mean = total(thread, sum) / f32(u.width);
  var squares = 0.0;
  for (var c = thread; c < u.width; c += ${ROW}) { squares += (x[first + c] - mean) * (x[first + c] - mean); }
  return vec2f(mean, inverseSqrt(total(thread, squares) / f32(u.width) + ${LAYER_EPSILON}));
}`;

const OWN_ROW = `
  let row = group.y * groups.x + group.x;
  if (row >= u.rows) { return; }
  let first = row * u.width;
  let moments = momentsOf(thread, first);`;

const VALUE: Program = {
  key: 'layer norm',
  reads: { x: 'f32', scale: 'f32', shift: 'f32' },
  writes: { y: 'f32' },
  numbers: { rows: 'i32', width: 'i32' },
  size: [ROW, 1],
  declarations: MOMENTS,
  body: `${OWN_ROW}
  for (var c = thread; c < u.width; c += ${ROW}) {
    y[first + c] = (x[first + c] - moments.x) * moments.y * scale[c] + shift[c];
  }`,
};

const INPUT_GRADIENT: Program = {
  key: 'layer norm gradient',
  reads: { x: 'f32', scale: 'f32', dy: 'f32' },
  writes: { dx: 'f32', kept: 'vec2f' },
  numbers: { rows: 'i32', width: 'i32' },
  size: [ROW, 1],
  declarations: MOMENTS,
  body: `${OWN_ROW}
  var sum = 0.0;
  var projected = 0.0;
  for (var c = thread; c < u.width; c += ${ROW}) {
    let d = dy[first + c] * scale[c];
    sum += d;
    projected += d * (x[first + c] - moments.x) * moments.y;
  }
  sum = total(thread, sum) / f32(u.width);
  projected = total(thread, projected) / f32(u.width);
  for (var c = thread; c < u.width; c += ${ROW}) {
    let centred = (x[first + c] - moments.x) * moments.y;
    dx[first + c] = moments.y * (dy[first + c] * scale[c] - sum - centred * projected);
  }
  if (thread == 0) { kept[row] = moments; }`,
};

/** Of every chunk of rows: Σ dy·x̂ and Σ dy, [chunks][2][columns]. */
const SUMS: Program = {
  key: 'sums of layer norm gradient',
  reads: { x: 'f32', dy: 'f32', kept: 'vec2f' },
  writes: { parts: 'f32' },
  numbers: COLUMN_NUMBERS,
  size: [THREADS, 1],
  declarations: DOWN,
  body: `${OWN_COLUMN}
  var scales = 0.0;
  var shifts = 0.0;
  for (var row = first; row < end; row += u.parts) {
    let at = row * u.columns + column;
    scales += dy[at] * (x[at] - kept[row].x) * kept[row].y;
    shifts += dy[at];
  }
  scales = down(thread, scales);
  shifts = down(thread, shifts);
  if (thread < u.lanes && column < u.columns) {
    parts[2 * group.x * u.columns + column] = scales;
    parts[(2 * group.x + 1) * u.columns + column] = shifts;
  }`,
};

registerProgram(LAYER_NORM, (backend, { input0: x, input1: scale, input2: shift }) => {
  const [rows, width] = x.shape;
  return launch(backend, VALUE, {
    reads: { x, scale, shift },
    writes: { y: x.shape },
    numbers: { rows, width },
    groups: flatGroups(rows, 1),
  });
});

registerProgram(LAYER_NORM_GRADIENT, (backend, { input0: x, input1: scale, input2: dy }) => {
  const [rows, width] = x.shape;
  const [dx, kept] = launch(backend, INPUT_GRADIENT, {
    reads: { x, scale, dy },
    writes: { dx: x.shape, kept: [2 * rows] },
    numbers: { rows, width },
    groups: flatGroups(rows, 1),
  });
  const { chunks, numbers, groups } = planColumns(rows, width);
  const parts = launchOne(backend, SUMS, {
    reads: { x, dy, kept },
    writes: { parts: [2 * chunks * width] },
    ...{ numbers, groups },
  });
  release(backend, kept);
  return [dx, ...addChunkPairs(backend, parts, chunks, width)];
});
