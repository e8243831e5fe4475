/**
 * Attention of the tokens of a tile to each other, one head at a time (the mathematics: src/lab/nn/ops/tokens/attention.ts).
 * A chunk is a head of a tile, and so bits do not depend on threads. Lanes are tokens, or channels of a head; what stands side
 * by side is copied to scratch, filled up with zeros to whole vectors.
 */
import { word } from './convolve';
import { exp4 } from './exponential';
import { put } from './lanes';

// The words of a job.
export const QKV = 0; // [tiles · tokens][3][heads][depth]
export const OUT = 1; // [tiles · tokens][heads][depth]; for the gradient, the gradient of it
export const WEIGHTS = 2; // [tiles][heads][tokens][tokens]
export const DX = 3; // gradient of QKV
export const TOKENS = 4;
export const HEADS = 5;
export const DEPTH = 6;
export const ROOT = 7; // float32: 1/√depth
export const SCRATCH = 8; // one piece for every thread
export const SCRATCH_BYTES = 9;

/** To whole vectors. */
// @ts-ignore: decorator
@inline
function whole(n: usize): usize {
  return (n + 3) & ~3;
}

// @ts-ignore: decorator
@inline
function scratchOf(job: usize, thread: usize): usize {
  return word(job, SCRATCH) + word(job, SCRATCH_BYTES) * thread;
}

// @ts-ignore: decorator
@inline
function rootOf(job: usize): f32 {
  return load<f32>(job + (<usize>ROOT << 2));
}

/** Bytes of all heads of a token. */
// @ts-ignore: decorator
@inline
function headsOf(job: usize): usize {
  return (word(job, HEADS) * word(job, DEPTH)) << 2;
}

/** Bytes in front of a chunk's head in its tile's first token: `parts` 3 in q, k and v, 1 in what they come to. */
// @ts-ignore: decorator
@inline
function placeOf(job: usize, chunk: usize, parts: usize): usize {
  const heads = word(job, HEADS);
  return (chunk / heads) * word(job, TOKENS) * parts * headsOf(job) + (((chunk % heads) * word(job, DEPTH)) << 2);
}

/** A chunk's scores. */
// @ts-ignore: decorator
@inline
function weightsOf(job: usize, chunk: usize): usize {
  const tokens = word(job, TOKENS);
  return word(job, WEIGHTS) + ((chunk * tokens * tokens) << 2);
}

export function attentionChunk(job: usize, chunk: usize, thread: usize): void {
  const tokens = word(job, TOKENS);
  const depth = word(job, DEPTH);
  const all = headsOf(job);
  const row = 3 * all;
  const q = word(job, QKV) + placeOf(job, chunk, 3);
  const out = word(job, OUT) + placeOf(job, chunk, 1);
  let weights = weightsOf(job, chunk);
  const wideTokens = whole(tokens) << 2;
  const wideDepth = whole(depth) << 2;
  const keys = scratchOf(job, thread);
  const values = keys + depth * wideTokens;
  const scores = values + tokens * wideDepth;
  transpose(q + all, row, tokens, depth, keys, wideTokens);
  copyRows(q + 2 * all, row, tokens, depth, values, wideDepth);
  for (let i: usize = 0; i < tokens; i++, weights += tokens << 2) {
    rowTimes(q + i * row, keys, depth, wideTokens, scores, rootOf(job));
    softmax(scores, weights, tokens);
    mix(weights, values, tokens, wideDepth, out + i * all, depth);
  }
}

/** [rows][depth], `row` bytes apart → [depth][rows], `wide` bytes apart, zeros behind. */
function transpose(from: usize, row: usize, rows: usize, depth: usize, to: usize, wide: usize): void {
  memory.fill(to, 0, depth * wide);
  for (let i: usize = 0; i < rows; i++) {
    for (let c: usize = 0; c < depth; c++) store<f32>(to + c * wide + (i << 2), load<f32>(from + i * row + (c << 2)));
  }
}

/** [rows][depth], `row` bytes apart → `wide` bytes apart, zeros behind. */
function copyRows(from: usize, row: usize, rows: usize, depth: usize, to: usize, wide: usize): void {
  memory.fill(to, 0, rows * wide);
  for (let i: usize = 0; i < rows; i++) memory.copy(to + i * wide, from + i * row, depth << 2);
}

/** to[j] = factor · Σ_c x[c]·m[c][j], for all j of a row of `wide` bytes. */
function rowTimes(x: usize, m: usize, depth: usize, wide: usize, to: usize, factor: f32): void {
  let j: usize = 0;
  for (; j + 64 <= wide; j += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let k: usize = 0, at = m + j; k < depth; k++, at += wide) {
      const value = v128.load_splat<f32>(x + (k << 2));
      a = f32x4.add(a, f32x4.mul(value, v128.load(at)));
      b = f32x4.add(b, f32x4.mul(value, v128.load(at, 16)));
      c = f32x4.add(c, f32x4.mul(value, v128.load(at, 32)));
      d = f32x4.add(d, f32x4.mul(value, v128.load(at, 48)));
    }
    const scale = f32x4.splat(factor);
    v128.store(to + j, f32x4.mul(a, scale));
    v128.store(to + j, f32x4.mul(b, scale), 16);
    v128.store(to + j, f32x4.mul(c, scale), 32);
    v128.store(to + j, f32x4.mul(d, scale), 48);
  }
  for (; j < wide; j += 16) {
    let a = f32x4.splat(0);
    for (let k: usize = 0, at = m + j; k < depth; k++, at += wide)
      a = f32x4.add(a, f32x4.mul(v128.load_splat<f32>(x + (k << 2)), v128.load(at)));
    v128.store(to + j, f32x4.mul(a, f32x4.splat(factor)));
  }
}

/** Of `count` scores, in place; then as a row that has nothing behind it. */
function softmax(scores: usize, weights: usize, count: usize): void {
  const bytes = count << 2;
  let top = load<f32>(scores);
  for (let j: usize = 4; j < bytes; j += 4) top = max(top, load<f32>(scores + j));
  const most = f32x4.splat(top);
  for (let j: usize = 0; j < bytes; j += 16) v128.store(scores + j, exp4(f32x4.sub(v128.load(scores + j), most)));
  let sum: f64 = 0;
  for (let j: usize = 0; j < bytes; j += 4) sum += <f64>load<f32>(scores + j);
  const share = f32x4.splat(<f32>(1 / sum));
  for (let j: usize = 0; j < bytes; j += 16)
    put(weights + j, f32x4.mul(v128.load(scores + j), share), <i32>min<usize>((bytes - j) >> 2, 4));
}

/** to[c] = Σ_j weights[j]·m[j][c], for c below `depth`. */
function mix(weights: usize, m: usize, count: usize, wide: usize, to: usize, depth: usize): void {
  for (let c: usize = 0; c < wide; c += 32) {
    const isPair = c + 32 <= wide;
    let a = f32x4.splat(0);
    let b = a;
    for (let j: usize = 0, at = m + c; j < count; j++, at += wide) {
      const weight = v128.load_splat<f32>(weights + (j << 2));
      a = f32x4.add(a, f32x4.mul(weight, v128.load(at)));
      if (isPair) b = f32x4.add(b, f32x4.mul(weight, v128.load(at, 16)));
    }
    const left = <i32>depth - <i32>(c >> 2);
    put(to + c, a, min(left, 4));
    if (left > 4) put(to + c + 16, b, min(left - 4, 4));
  }
}

export function attentionGradientChunk(job: usize, chunk: usize, thread: usize): void {
  const tokens = word(job, TOKENS);
  const depth = word(job, DEPTH);
  const all = headsOf(job);
  const row = 3 * all;
  const q = word(job, QKV) + placeOf(job, chunk, 3);
  const dq = word(job, DX) + placeOf(job, chunk, 3);
  const dy = word(job, OUT) + placeOf(job, chunk, 1);
  let weights = weightsOf(job, chunk);
  const wideTokens = whole(tokens) << 2;
  const wide = whole(depth) << 2;
  const values = scratchOf(job, thread); // [depth][tokens]
  const keys = values + depth * wideTokens;
  const dKeys = keys + tokens * wide;
  const dValues = dKeys + tokens * wide;
  const slopes = dValues + tokens * wide;
  const query = slopes + wideTokens;
  const dOut = query + wide;
  transpose(q + 2 * all, row, tokens, depth, values, wideTokens);
  copyRows(q + all, row, tokens, depth, keys, wide);
  memory.fill(dKeys, 0, 2 * tokens * wide);
  for (let i: usize = 0; i < tokens; i++, weights += tokens << 2) {
    copyRows(q + i * row, row, 1, depth, query, wide);
    copyRows(dy + i * all, row, 1, depth, dOut, wide);
    rowTimes(dOut, values, depth, wideTokens, slopes, 1);
    softmaxGradient(weights, slopes, tokens, rootOf(job));
    mix(slopes, keys, tokens, wide, dq + i * row, depth);
    addOuter(slopes, query, tokens, wide, dKeys);
    addOuter(weights, dOut, tokens, wide, dValues);
  }
  for (let i: usize = 0; i < tokens; i++) {
    memory.copy(dq + all + i * row, dKeys + i * wide, depth << 2);
    memory.copy(dq + 2 * all + i * row, dValues + i * wide, depth << 2);
  }
}

/** slopes ← factor · w∘(slopes − Σ w∘slopes) */
function softmaxGradient(weights: usize, slopes: usize, count: usize, factor: f32): void {
  let mean: f64 = 0;
  const bytes = count << 2;
  for (let j: usize = 0; j < bytes; j += 4) mean += <f64>load<f32>(weights + j) * <f64>load<f32>(slopes + j);
  const pull = <f32>mean;
  for (let j: usize = 0; j < bytes; j += 4)
    store<f32>(slopes + j, load<f32>(weights + j) * (load<f32>(slopes + j) - pull) * factor);
}

/** m[j][c] += x[j]·y[c] */
function addOuter(x: usize, y: usize, count: usize, wide: usize, m: usize): void {
  for (let j: usize = 0, at = m; j < count; j++, at += wide) {
    const factor = v128.load_splat<f32>(x + (j << 2));
    for (let c: usize = 0; c < wide; c += 16)
      v128.store(at + c, f32x4.add(v128.load(at + c), f32x4.mul(factor, v128.load(y + c))));
  }
}
