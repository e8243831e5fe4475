/**
 * A dense layer over whole maps in all orientations of a group, by Fourier over the group (the mathematics:
 * src/lab/nn/ops/orbit/plan.ts). Maps are rows of [positions][fields], weights [positions][fields][hidden]: in both, an
 * orbit of positions is n blocks of numbers that lie side by side. Between the transforms here stand products of matrices
 * (matmul.ts).
 *
 * R orbits, F fields, N tiles; the n components of a block are those of groups.ts, `ones` of them one-dimensional:
 *
 *   weights    ones × [R][F][hidden], then for each row j of the two-dimensional one [R][2][F][hidden]
 *   maps       ones × [N][R][F], then [2][N][R][2][F]. C4's second row follows from the first: (v, w) → (w, −v)
 *   responses  n × [N][hidden]: ones, then for each j its two rows
 */
import { onesOf, word } from './convolve';
import { fromC2, fromC4, fromD4, toC2, toC4, toD4 } from './groups';
import { larger, put, relu } from './lanes';

// The words of a job.
export const FROM = 0;
export const TO = 1;
export const TABLE = 2; // [R][n] numbers of the positions h·p
export const FACTORS = 3; // [R] float32: how often an element stands where another does, or one over it
export const ORDER = 4; // 2, 4 or 8
export const ORBITS = 5; // R
export const BLOCK = 6; // numbers of a position
export const TILES = 7; // N
export const BIAS = 8; // [hidden]
export const HIDDEN_VALUES = 9; // [N][hidden]: what the layer gave
export const DY = 10; // [N][hidden]
export const SCRATCH = 11; // one piece of 128 bytes for every thread
export const SCRATCH_BYTES = 12;
export const POSITIONS = 13; // of a map

// @ts-ignore: decorator
@inline
function scratchOf(job: usize, thread: usize): usize {
  return word(job, SCRATCH) + word(job, SCRATCH_BYTES) * thread;
}

/** n values of four lanes → n components, in place: 16 bytes apart. */
function toComponents(order: usize, at: usize): void {
  const v0 = v128.load(at);
  const v1 = v128.load(at, 16);
  if (order == 2) {
    toC2(v0, v1, at, 16);
    return;
  }
  const v2 = v128.load(at, 32);
  const v3 = v128.load(at, 48);
  if (order == 4) {
    toC4(v0, v1, v2, v3, at, 16, at + 32, 16);
    return;
  }
  toD4(
    v0, v1, v2, v3, v128.load(at, 64), v128.load(at, 80), v128.load(at, 96), v128.load(at, 112),
    at, 16, at + 64, 16,
  );
}

/** The transpose: n components → n values. */
function toValues(order: usize, at: usize): void {
  if (order == 2) fromC2(at, 16, at);
  else if (order == 4) fromC4(at, 16, at + 32, 16, at);
  else fromD4(at, 16, at + 64, 16, at);
}

/** Four numbers of every block of an orbit. */
// @ts-ignore: decorator
@inline
function loadOrbit(order: usize, from: usize, positions: usize, block: usize, at: usize): void {
  for (let h: usize = 0; h < order; h++)
    v128.store(at + (h << 4), v128.load(from + load<u32>(positions + (h << 2)) * block));
}

/** The way back. Where elements stand at the same position they have the same numbers. */
// @ts-ignore: decorator
@inline
function storeOrbit(order: usize, to: usize, positions: usize, block: usize, at: usize, factor: v128, lanes: i32): void {
  for (let h: usize = 0; h < order; h++)
    put(to + load<u32>(positions + (h << 2)) * block, f32x4.mul(factor, v128.load(at + (h << 4))), lanes);
}

/** Where component i of an orbit's weights lies, and the scale that is in it. */
// @ts-ignore: decorator
@inline
function weightOf(order: usize, i: usize, orbit: usize, all: usize, block: usize): usize {
  const ones = onesOf(order);
  if (i < ones) return i * all + orbit * block;
  const pair = i - ones;
  return ones * all + (pair >> 1) * 2 * all + (orbit * 2 + (pair & 1)) * block;
}

// @ts-ignore: decorator
@inline
function scaleOf(order: usize, i: usize): f32 {
  return (i < onesOf(order) ? <f32>1 : <f32>2) / <f32>order;
}

/** One orbit's weights, transformed. */
export function orbitWeights(job: usize, orbit: usize, thread: usize): void {
  const order = word(job, ORDER);
  const block = word(job, BLOCK) << 2;
  const all = word(job, ORBITS) * block;
  const positions = word(job, TABLE) + ((orbit * order) << 2);
  const factor = f32.load(word(job, FACTORS) + (orbit << 2));
  const at = scratchOf(job, thread);
  for (let l: usize = 0; l < block; l += 16) {
    const lanes = <i32>min<usize>((block - l) >> 2, 4);
    loadOrbit(order, word(job, FROM) + l, positions, block, at);
    toComponents(order, at);
    for (let i: usize = 0; i < order; i++) {
      const scale = f32x4.splat(factor * scaleOf(order, i));
      put(word(job, TO) + weightOf(order, i, orbit, all, block) + l, f32x4.mul(scale, v128.load(at + (i << 4))), lanes);
    }
  }
}

/** Gradient: one orbit's, from that of its components. */
export function orbitWeightGradient(job: usize, orbit: usize, thread: usize): void {
  const order = word(job, ORDER);
  const block = word(job, BLOCK) << 2;
  const all = word(job, ORBITS) * block;
  const positions = word(job, TABLE) + ((orbit * order) << 2);
  const at = scratchOf(job, thread);
  for (let l: usize = 0; l < block; l += 16) {
    for (let i: usize = 0; i < order; i++) {
      const value = v128.load(word(job, FROM) + weightOf(order, i, orbit, all, block) + l);
      v128.store(at + (i << 4), f32x4.mul(f32x4.splat(scaleOf(order, i)), value));
    }
    toValues(order, at);
    const lanes = <i32>min<usize>((block - l) >> 2, 4);
    storeOrbit(order, word(job, TO) + l, positions, block, at, f32x4.splat(1), lanes);
  }
}

/** Where row i of the two-dimensional components of a tile lies, behind the ones. */
// @ts-ignore: decorator
@inline
function pairRow(job: usize, i: usize, tile: usize): usize {
  const row = (word(job, ORBITS) * word(job, BLOCK)) << 2;
  const tiles = word(job, TILES);
  return onesOf(word(job, ORDER)) * tiles * row + (i * tiles + tile) * 2 * row;
}

/** One tile's maps, transformed. */
export function orbitMaps(job: usize, tile: usize, thread: usize): void {
  const order = word(job, ORDER);
  const ones = onesOf(order);
  const orbits = word(job, ORBITS);
  const block = word(job, BLOCK) << 2;
  const row = orbits * block;
  const plane = word(job, TILES) * row;
  const at = scratchOf(job, thread);
  const from = word(job, FROM) + tile * mapBytes(job);
  let positions = word(job, TABLE);
  for (let orbit: usize = 0; orbit < orbits; orbit++, positions += order << 2) {
    for (let l: usize = 0; l < block; l += 16) {
      const lanes = <i32>min<usize>((block - l) >> 2, 4);
      loadOrbit(order, from + l, positions, block, at);
      toComponents(order, at);
      for (let i: usize = 0; i < ones; i++)
        put(word(job, TO) + i * plane + tile * row + orbit * block + l, v128.load(at + (i << 4)), lanes);
      if (order == 2) continue;
      const pair = at + (ones << 4);
      const first = word(job, TO) + pairRow(job, 0, tile) + orbit * 2 * block + l;
      const second = word(job, TO) + pairRow(job, 1, tile) + orbit * 2 * block + l;
      const v = v128.load(pair);
      const w = v128.load(pair, 16);
      put(first, v, lanes);
      put(first + block, w, lanes);
      put(second, order == 4 ? w : v128.load(pair, 32), lanes);
      put(second + block, order == 4 ? f32x4.neg(v) : v128.load(pair, 48), lanes);
    }
  }
}

/** Gradient: one tile's maps, from that of their components, for D4 with two of the pair to be added. */
export function orbitMapGradient(job: usize, tile: usize, thread: usize): void {
  const order = word(job, ORDER);
  const ones = onesOf(order);
  const orbits = word(job, ORBITS);
  const block = word(job, BLOCK) << 2;
  const row = orbits * block;
  const plane = word(job, TILES) * row;
  const at = scratchOf(job, thread);
  const to = word(job, TO) + tile * mapBytes(job);
  const pair = at + (ones << 4);
  let positions = word(job, TABLE);
  for (let orbit: usize = 0; orbit < orbits; orbit++, positions += order << 2) {
    const factor = v128.load_splat<f32>(word(job, FACTORS) + (orbit << 2));
    for (let l: usize = 0; l < block; l += 16) {
      for (let i: usize = 0; i < ones; i++)
        v128.store(at + (i << 4), v128.load(word(job, FROM) + i * plane + tile * row + orbit * block + l));
      if (order > 2) {
        const first = word(job, FROM) + pairRow(job, 0, tile) + orbit * 2 * block + l;
        const second = word(job, FROM) + pairRow(job, 1, tile) + orbit * 2 * block + l;
        if (order == 4) {
          v128.store(pair, f32x4.sub(v128.load(first), v128.load(second + block)));
          v128.store(pair, f32x4.add(v128.load(first + block), v128.load(second)), 16);
        } else {
          const other = 4 * plane;
          v128.store(pair, f32x4.add(v128.load(first), v128.load(first + other)));
          v128.store(pair, f32x4.add(v128.load(first + block), v128.load(first + block + other)), 16);
          v128.store(pair, f32x4.add(v128.load(second), v128.load(second + other)), 32);
          v128.store(pair, f32x4.add(v128.load(second + block), v128.load(second + block + other)), 48);
        }
      }
      toValues(order, at);
      storeOrbit(order, to + l, positions, block, at, factor, <i32>min<usize>((block - l) >> 2, 4));
    }
  }
}

/** Bytes of a tile's maps: every position once, however often an orbit names it. */
// @ts-ignore: decorator
@inline
function mapBytes(job: usize): usize {
  return word(job, POSITIONS) * word(job, BLOCK) << 2;
}

/** The n responses of four hidden neurons to a tile. BLOCK: hidden neurons. */
// @ts-ignore: decorator
@inline
function loadResponses(job: usize, order: usize, from: usize, at: usize): void {
  const plane = (word(job, TILES) * word(job, BLOCK)) << 2;
  const ones = onesOf(order);
  for (let i: usize = 0; i < order; i++) v128.store(at + (i << 4), v128.load(from + planeOf(order, ones, i) * plane));
  toValues(order, at);
}

/** The plane of component i. D4's lie by column. */
// @ts-ignore: decorator
@inline
function planeOf(order: usize, ones: usize, i: usize): usize {
  return order == 8 && (i == 5 || i == 6) ? 11 - i : i;
}

/** ReLU(largest response + bias) of one tile. */
export function orbitHidden(job: usize, tile: usize, thread: usize): void {
  const order = word(job, ORDER);
  const row = word(job, BLOCK) << 2;
  const at = scratchOf(job, thread);
  for (let l: usize = 0; l < row; l += 16) {
    loadResponses(job, order, word(job, FROM) + tile * row + l, at);
    let largest = v128.load(at);
    for (let g: usize = 1; g < order; g++) largest = larger(largest, v128.load(at + (g << 4)));
    const value = f32x4.add(largest, v128.load(word(job, BIAS) + l));
    put(word(job, TO) + tile * row + l, relu(value), <i32>min<usize>((row - l) >> 2, 4));
  }
}

/** Of numbers alone, for the gradient. */
// @ts-ignore: decorator
@inline
function winnersOf(order: usize, at: usize): v128 {
  let largest = v128.load(at);
  for (let g: usize = 1; g < order; g++) largest = f32x4.pmax(largest, v128.load(at + (g << 4)));
  return largest;
}

/** Gradient: that of one tile's components, shared evenly among tied responses. */
export function orbitResponseGradient(job: usize, tile: usize, thread: usize): void {
  const order = word(job, ORDER);
  const ones = onesOf(order);
  const row = word(job, BLOCK) << 2;
  const plane = word(job, TILES) * row;
  const at = scratchOf(job, thread);
  for (let l: usize = 0; l < row; l += 16) {
    const place = tile * row + l;
    loadResponses(job, order, word(job, FROM) + place, at);
    const largest = winnersOf(order, at);
    let ties = i32x4.splat(0);
    // A comparison that holds is −1.
    for (let g: usize = 0; g < order; g++) ties = i32x4.sub(ties, f32x4.eq(v128.load(at + (g << 4)), largest));
    const share = f32x4.div(passing(job, place), f32x4.convert_i32x4_s(ties));
    for (let g: usize = 0; g < order; g++)
      v128.store(at + (g << 4), v128.and(share, f32x4.eq(v128.load(at + (g << 4)), largest)));
    toComponents(order, at);
    const lanes = <i32>min<usize>((row - l) >> 2, 4);
    for (let i: usize = 0; i < order; i++)
      put(word(job, TO) + planeOf(order, ones, i) * plane + place, v128.load(at + (i << 4)), lanes);
  }
}

/** dy where ReLU lets it pass. */
// @ts-ignore: decorator
@inline
function passing(job: usize, place: usize): v128 {
  const open = f32x4.gt(v128.load(word(job, HIDDEN_VALUES) + place), f32x4.splat(0));
  return v128.and(v128.load(word(job, DY) + place), open);
}

/** The gradient of the bias: over tiles in order. */
export function orbitBiasGradient(job: usize): void {
  const row = word(job, BLOCK) << 2;
  const end = word(job, TILES) * row;
  for (let l: usize = 0; l < row; l += 16) {
    let sum = f32x4.splat(0);
    for (let place = l; place < end; place += row) sum = f32x4.add(sum, passing(job, place));
    put(word(job, TO) + l, sum, <i32>min<usize>((row - l) >> 2, 4));
  }
}
