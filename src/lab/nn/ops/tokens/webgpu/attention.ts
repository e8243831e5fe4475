/**
 * Attention on WebGPU (../attention.ts, where the mathematics is), two programs each way: first what belongs to a query and
 * all keys, P or dS, a workgroup for each query of each head; then what is summed over tokens, a thread for each number.
 */
import type * as tf from '../../../../runtime/tf';
import {
  flatGroups,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  sizeOf,
  THREADS,
} from '../../../../runtime/webgpu/program';
import { ATTENTION, ATTENTION_GRADIENT } from '../names';

/** Threads of a query. */
const QUERY = 64;

const NUMBERS = { queries: 'i32', tokens: 'i32', heads: 'i32', depth: 'i32', root: 'f32' } as const;

/** A query's place: its head's first channel of q in its tile's first token, and the number of its token. */
const OWN_QUERY = `
  let query = group.y * groups.x + group.x;
  if (query >= u.queries) { return; }
  let inner = u.heads * u.depth;
  let tile = query / (u.tokens * u.heads);
  let head = query / u.tokens % u.heads;
  let token = query % u.tokens;
  let start = tile * u.tokens * 3 * inner + head * u.depth;`;

const REDUCED = `
var<workgroup> lanes: array<f32, ${QUERY}>;
fn total(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${QUERY / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] += lanes[thread + half]; }
    workgroupBarrier();
  }
  let sum = lanes[0];
  workgroupBarrier();
  return sum;
}
fn largest(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${QUERY / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] = max(lanes[thread], lanes[thread + half]); }
    workgroupBarrier();
  }
  let top = lanes[0];
  workgroupBarrier();
  return top;
}`;

/** P of a query: its scores pass through the output, each thread's own. */
const WEIGHTS: Program = {
  key: 'attention weights',
  reads: { qkv: 'f32' },
  writes: { weights: 'f32' },
  numbers: NUMBERS,
  size: [QUERY, 1],
  declarations: REDUCED,
  body: `${OWN_QUERY}
  let from_ = start + token * 3 * inner;
  var top = -3.4e38;
  for (var j = thread; j < u.tokens; j += ${QUERY}) {
    let key = start + j * 3 * inner + inner;
    var sum = 0.0;
    for (var c = 0; c < u.depth; c++) { sum += qkv[from_ + c] * qkv[key + c]; }
    weights[query * u.tokens + j] = sum * u.root;
    top = max(top, sum * u.root);
  }
  top = largest(thread, top);
  var all = 0.0;
  for (var j = thread; j < u.tokens; j += ${QUERY}) {
    let value = exp(weights[query * u.tokens + j] - top);
    weights[query * u.tokens + j] = value;
    all += value;
  }
  all = total(thread, all);
  for (var j = thread; j < u.tokens; j += ${QUERY}) { weights[query * u.tokens + j] /= all; }`,
};

/** A number of a flat array of rows of `width`: its tile and token, its channel, and where its head is in P. */
const ownNumber = (width: string): string => `
  if (index >= u.length) { return; }
  let inner = u.heads * u.depth;
  let row = index / (${width});
  let channel = index % inner;
  let tile = row / u.tokens;
  let token = row % u.tokens;
  let p = (tile * u.heads + channel / u.depth) * u.tokens * u.tokens;`;

const SUM_NUMBERS = { length: 'i32', tokens: 'i32', heads: 'i32', depth: 'i32' } as const;

const MIXED: Program = {
  key: 'attention',
  reads: { qkv: 'f32', weights: 'f32' },
  writes: { mixed: 'f32' },
  numbers: SUM_NUMBERS,
  size: [THREADS, 1],
  body: `${ownNumber('inner')}
  var sum = 0.0;
  for (var j = 0; j < u.tokens; j++) {
    sum += weights[p + token * u.tokens + j] * qkv[((tile * u.tokens + j) * 3 + 2) * inner + channel];
  }
  mixed[index] = sum;`,
};

/** dS/√d of a query. */
const SLOPES: Program = {
  key: 'attention slopes',
  reads: { qkv: 'f32', weights: 'f32', dy: 'f32' },
  writes: { slopes: 'f32' },
  numbers: NUMBERS,
  size: [QUERY, 1],
  declarations: REDUCED,
  body: `${OWN_QUERY}
  let given = (tile * u.tokens + token) * inner + head * u.depth;
  var mean = 0.0;
  for (var j = thread; j < u.tokens; j += ${QUERY}) {
    let value = start + j * 3 * inner + 2 * inner;
    var sum = 0.0;
    for (var c = 0; c < u.depth; c++) { sum += dy[given + c] * qkv[value + c]; }
    slopes[query * u.tokens + j] = sum;
    mean += weights[query * u.tokens + j] * sum;
  }
  mean = total(thread, mean);
  for (var j = thread; j < u.tokens; j += ${QUERY}) {
    let at = query * u.tokens + j;
    slopes[at] = weights[at] * (slopes[at] - mean) * u.root;
  }`,
};

/** dq = dS·k, dk = dSᵀ·q, dv = Pᵀ·dy, as they lie in a row. */
const GRADIENT: Program = {
  key: 'attention gradient',
  reads: { qkv: 'f32', weights: 'f32', slopes: 'f32', dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: SUM_NUMBERS,
  size: [THREADS, 1],
  body: `${ownNumber('3 * inner')}
  let part = index / inner % 3;
  let first = tile * u.tokens;
  var sum = 0.0;
  for (var j = 0; j < u.tokens; j++) {
    let ours = p + token * u.tokens + j;
    let theirs = p + j * u.tokens + token;
    if (part == 0) { sum += slopes[ours] * qkv[((first + j) * 3 + 1) * inner + channel]; }
    if (part == 1) { sum += slopes[theirs] * qkv[(first + j) * 3 * inner + channel]; }
    if (part == 2) { sum += weights[theirs] * dy[(first + j) * inner + channel]; }
  }
  dx[index] = sum;`,
};

function sizesOf({ shape: [rows, width] }: tf.TensorInfo, attrs: Readonly<Record<string, unknown>>) {
  const [tokens, heads] = [Number(attrs.tokens), Number(attrs.heads)];
  const depth = width / 3 / heads;
  const common = { tokens, heads, depth };
  const queries = rows * heads;
  return {
    common,
    queries: { numbers: { ...common, queries, root: 1 / Math.sqrt(depth) }, groups: flatGroups(queries, 1) },
    pShape: [queries / tokens, tokens, tokens],
  };
}

/** → out, and P. */
registerProgram(ATTENTION, (backend, { input0: qkv }, attrs) => {
  const { common, queries, pShape } = sizesOf(qkv, attrs);
  const [rows, width] = qkv.shape;
  const weights = launchOne(backend, WEIGHTS, { reads: { qkv }, writes: { weights: pShape }, ...queries });
  const shape = [rows, width / 3];
  const length = sizeOf(shape);
  const [mixed] = launch(backend, MIXED, {
    reads: { qkv, weights },
    writes: { mixed: shape },
    numbers: { length, ...common },
    groups: flatGroups(length),
  });
  return [mixed, weights];
});

registerProgram(ATTENTION_GRADIENT, (backend, { input0: qkv, input1: weights, input2: dy }, attrs) => {
  const { common, queries, pShape } = sizesOf(qkv, attrs);
  const reads = { qkv, weights, dy };
  const slopes = launchOne(backend, SLOPES, { reads, writes: { slopes: pShape }, ...queries });
  const length = sizeOf(qkv.shape);
  const dx = launch(backend, GRADIENT, {
    reads: { qkv, weights, slopes, dy },
    writes: { dx: qkv.shape },
    numbers: { length, ...common },
    groups: flatGroups(length),
  });
  release(backend, slopes);
  return dx;
});
