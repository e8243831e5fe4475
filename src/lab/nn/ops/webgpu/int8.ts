/**
 * The integer product on WebGPU, the one of ../int8Product.ts number for number: activations to levels, four of which fill a
 * word, products of words summed in int32, and back to floats. Three programs:
 *
 *   bounds   of every piece of x: the largest of its numbers above 0 and of those below, as bits, which compare as numbers
 *   levels   a workgroup for each row: from the bounds its levels' scale and zero point, then int8 words [rows][words]
 *   product  tiles of 32 × 32; four parts of a workgroup take slices of the inner dimension in turn
 */
import type * as tf from '../../../runtime/tf';
import {
  flatGroups,
  keptProgram,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  THREADS,
} from '../../../runtime/webgpu/program';
import type { Int8 } from '../../arch';
import type { Int8Param } from '../../model';
import { HIGHEST_LEVEL, LEAST_ACTIVATION_SCALE, SCALE_OF_ZEROS } from '../levels';
import { INTEGER_PRODUCT, PACK_INTEGERS } from '../names';
import { FLOAT64 } from './float64';

/** Integers of a word. */
const WORD = 4;

/** Pieces of which all rows together have bounds. */
const MOST_PIECES = 256;

/** `largest(thread, value)`: the largest of a workgroup's, for all of them. */
const LARGEST = `
var<workgroup> lanes: array<vec2u, ${THREADS}>;
fn largest(thread: i32, value: vec2u) -> vec2u {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] = max(lanes[thread], lanes[thread + half]); }
    workgroupBarrier();
  }
  let found = lanes[0];
  workgroupBarrier();
  return found;
}`;

const BOUNDS: Program = {
  key: 'bounds',
  reads: { x: 'u32' },
  writes: { bounds: 'vec2u' },
  numbers: { length: 'i32', piece: 'i32', pieces: 'i32' },
  size: [THREADS, 1],
  declarations: LARGEST,
  body: `
  let piece = group.y * groups.x + group.x;
  if (piece >= u.pieces) { return; }
  var both = vec2u();
  let end = min(u.length, (piece + 1) * u.piece);
  for (var i = piece * u.piece + thread; i < end; i += ${THREADS}) {
    let bits = x[i];
    let size = bits & 0x7fffffffu;
    both = max(both, select(vec2u(size, 0u), vec2u(0u, size), bits > 0x80000000u));
  }
  both = largest(thread, both);
  if (thread == 0) { bounds[piece] = both; }`,
};

/** As levelScale in ../levels.ts. The step vanishes where one over it would be infinite: up to 2⁻¹²⁸, as float32. */
const SCALES = `
struct Scale { size: f32, inverse: f32, zeroPoint: i32 };
fn scaleOf(above: u32, below: u32) -> Scale {
  let low = realOfBits(below);
  let one = Real(vec2u(0u, 1u << 20u), -52);
  var step = quotientOf(sumOf(realOfBits(above), low), realOf(vec2u(${HIGHEST_LEVEL}u, 0u), 0, false));
  var size = max(floatOf(step), ${LEAST_ACTIVATION_SCALE});
  var zeroPoint = 0;
  if (all(step.m == vec2u()) || step.e < -180 || (step.e == -180 && !isLess(vec2u(1u << 30u, 1u << 20u), step.m))) {
    size = ${SCALE_OF_ZEROS};
  } else {
    zeroPoint = min(integerOf(quotientOf(low, step)), ${HIGHEST_LEVEL});
  }
  return Scale(size, floatOf(quotientOf(one, realOfBits(bitcast<u32>(size)))), zeroPoint);
}`;

const LEVELS: Program = {
  key: 'levels',
  reads: { x: 'f32', bounds: 'vec2u' },
  writes: { levels: 'u32', factors: 'f32' },
  numbers: {
    ...({ rows: 'i32', inputs: 'i32', words: 'i32', pieces: 'i32', noNumber: 'i32' } as const),
    ...({ isShared: 'i32', scale: 'f32' } as const),
  },
  size: [THREADS, 1],
  declarations: `${LARGEST}${FLOAT64}${SCALES}
var<workgroup> shared_: Scale;
fn level(scale: Scale, row: i32, input: i32) -> u32 {
  if (input >= u.inputs) { return 0u; }
  let step = i32(round(x[row * u.inputs + input] * scale.inverse));
  // From the zero point, as a byte.
  return u32(clamp(step + scale.zeroPoint, 0, ${HIGHEST_LEVEL}) - scale.zeroPoint) & 255u;
}`,
  body: `
  let row = group.y * groups.x + group.x;
  if (row >= u.rows) { return; }
  var both = vec2u();
  if (u.isShared == 1) {
    for (var piece = thread; piece < u.pieces; piece += ${THREADS}) { both = max(both, bounds[piece]); }
    both = largest(thread, both);
  } else { both = bounds[row]; }
  if (thread == 0) {
    shared_ = scaleOf(both.x, both.y);
    // Where something is no number, or infinite, nothing is one.
    let isNone = max(both.x, both.y) >= 0x7f800000u;
    factors[row] = select(shared_.size * u.scale, bitcast<f32>(u.noNumber), isNone);
  }
  workgroupBarrier();
  let scale = shared_;
  for (var word = thread; word < u.words; word += ${THREADS}) {
    let input = word * ${WORD};
    levels[row * u.words + word] = level(scale, row, input) | (level(scale, row, input + 1) << 8u)
      | (level(scale, row, input + 2) << 16u) | (level(scale, row, input + 3) << 24u);
  }`,
};

/** Of the product: threads of a part across and down, its parts, words of a slice, and numbers of a row of the tile. */
const [SIDE, PARTS, SLICE] = [8, 4, 8];
const TILE = 4 * SIDE;
/** A slice's words of a row of tiles; one more keeps threads off each other's banks. */
const LINE = TILE + 1;
const PART = 2 * SLICE * LINE;

const WORD_PRODUCTS = `
fn byteProduct(a: u32, b: u32, at: u32) -> i32 {
  return extractBits(bitcast<i32>(a), at, 8u) * extractBits(bitcast<i32>(b), at, 8u);
}
fn wordProduct(a: u32, b: u32) -> i32 {
  return byteProduct(a, b, 0u) + byteProduct(a, b, 8u) + byteProduct(a, b, 16u) + byteProduct(a, b, 24u);
}`;
const AT_ONCE = 'fn wordProduct(a: u32, b: u32) -> i32 { return dot4I8Packed(a, b); }';

/** Whether WGSL knows products of words here. */
const hasWords = (): boolean =>
  Boolean(globalThis.navigator?.gpu?.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product'));

const four = (line: (i: number) => string, between = ' '): string => [0, 1, 2, 3].map(line).join(between);

const productProgram = (isAtOnce: boolean): Program =>
  keptProgram(isAtOnce ? 'integer product' : 'integer product by bytes', () => ({
    reads: { levels: 'u32', weights: 'u32', factors: 'f32' },
    writes: { y: 'f32' },
    numbers: { rows: 'i32', columns: 'i32', words: 'i32', across: 'i32', tiles: 'i32' },
    size: [SIDE * SIDE, PARTS],
    declarations: `${isAtOnce ? AT_ONCE : WORD_PRODUCTS}
var<workgroup> held: array<u32, ${(PARTS - 1) * TILE * TILE}>;
fn floatOf(sum: i32) -> f32 {
  let size = u32(abs(sum));
  if (size < (1u << 24u)) { return f32(sum); }
  // To 24 bits, halves to even: WGSL leaves open how it rounds.
  let more = 8u - countLeadingZeros(size);
  let rest = size & ((1u << more) - 1u);
  let half = 1u << (more - 1u);
  let kept = size >> more;
  let isUp = rest > half || (rest == half && (kept & 1u) == 1u);
  return f32(kept + select(0u, 1u, isUp)) * f32(1u << more) * f32(sign(sum));
}
fn store(row: i32, column: i32, sum: i32) {
  if (row < u.rows && column < u.columns) { y[row * u.columns + column] = floatOf(sum) * factors[row]; }
}`,
    body: `
  let tile = group.y * groups.x + group.x;
  if (tile >= u.tiles) { return; }
  let firstRow = tile / u.across * ${TILE};
  let firstColumn = tile % u.across * ${TILE};
  let own = local.y * ${PART};
  let down = local.x / ${SIDE};
  let across = local.x % ${SIDE};
  ${four((i) => `var sum${i} = vec4i();`)}
  for (var first = 0; first < u.words; first += ${SLICE * PARTS}) {
    let start = first + local.y * ${SLICE};
    for (var i = local.x; i < ${SLICE * TILE}; i += ${SIDE * SIDE}) {
      let row = firstRow + i / ${SLICE};
      let word = start + i % ${SLICE};
      let isThere = row < u.rows && word < u.words;
      held[own + i % ${SLICE} * ${LINE} + i / ${SLICE}] = select(0u, levels[select(0, row * u.words + word, isThere)], isThere);
    }
    for (var i = local.x; i < ${SLICE * TILE}; i += ${SIDE * SIDE}) {
      let column = firstColumn + i % ${TILE};
      let word = start + i / ${TILE};
      let isThere = column < u.columns && word < u.words;
      held[own + ${SLICE * LINE} + i / ${TILE} * ${LINE} + i % ${TILE}] = select(0u, weights[select(0, word * u.columns + column, isThere)], isThere);
    }
    workgroupBarrier();
    for (var k = 0; k < ${SLICE}; k++) {
      let a = own + k * ${LINE} + 4 * down;
      let b = own + ${SLICE * LINE} + k * ${LINE} + 4 * across;
      ${four((j) => `let b${j} = held[b + ${j}];`)}
      ${four((i) => `{ let w = held[a + ${i}]; sum${i} += vec4i(${four((j) => `wordProduct(w, b${j})`, ', ')}); }`, '\n      ')}
    }
    workgroupBarrier();
  }
  let place = ((local.y - 1) * ${SIDE * SIDE} + local.x) * 16;
  if (local.y > 0) {
    ${four((i) => four((j) => `held[place + ${4 * i + j}] = bitcast<u32>(sum${i}[${j}]);`), '\n    ')}
  }
  workgroupBarrier();
  if (local.y > 0) { return; }
  for (var part = 0; part < ${PARTS - 1}; part++) {
    let other = (part * ${SIDE * SIDE} + local.x) * 16;
    ${four((i) => `sum${i} += vec4i(${four((j) => `bitcast<i32>(held[other + ${4 * i + j}])`, ', ')});`, '\n    ')}
  }
  ${four((i) => four((j) => `store(firstRow + 4 * down + ${i}, firstColumn + 4 * across + ${j}, sum${i}[${j}]);`), '\n  ')}`,
  }));

/** Weights [in, out] → words of four inputs [⌈in/4⌉, out], zeros where there is none. */
registerProgram(PACK_INTEGERS, (backend, _, attrs) => {
  const {
    shape: [inputs, outputs],
    data,
  } = attrs.weight as Int8Param;
  const words = new Int32Array(Math.ceil(inputs / WORD) * outputs);
  data.forEach((value, at) => {
    const [i, o] = [Math.floor(at / outputs), at % outputs];
    words[Math.floor(i / WORD) * outputs + o] |= (value & 255) << (8 * (i % WORD));
  });
  return backend.makeTensorInfo([words.length], 'int32', words);
});

registerProgram(INTEGER_PRODUCT, (backend, { x, packed }, attrs) => {
  const { outputs, scale, range } = attrs as unknown as {
    readonly outputs: number;
    readonly scale: number;
    readonly range: Int8['range'];
  };
  const [rows, inputs] = x.shape;
  const length = rows * inputs;
  const words = Math.ceil(inputs / WORD);
  const isShared = range === 'batch';
  const piece = isShared ? Math.max(THREADS, Math.ceil(length / MOST_PIECES)) : inputs;
  const pieces = Math.ceil(length / piece);
  const bounds = launchOne(backend, BOUNDS, {
    reads: { x },
    writes: { bounds: [2 * pieces] },
    numbers: { length, piece, pieces },
    groups: flatGroups(pieces, 1),
  });
  const [levels, factors] = launch(backend, LEVELS, {
    reads: { x, bounds },
    writes: { levels: [rows * words], factors: [rows] },
    numbers: { rows, inputs, words, pieces, noNumber: NO_NUMBER, isShared: isShared ? 1 : 0, scale },
    groups: flatGroups(rows, 1),
  });
  const across = Math.ceil(outputs / TILE);
  const tiles = Math.ceil(rows / TILE) * across;
  const y: tf.TensorInfo = launchOne(backend, productProgram(hasWords()), {
    reads: { levels, weights: packed, factors },
    writes: { y: [rows, outputs] },
    numbers: { rows, columns: outputs, words, across, tiles },
    groups: flatGroups(tiles, 1),
  });
  release(backend, bounds, levels, factors);
  return y;
});

/** NaN's bits: WGSL has no such constant. */
const NO_NUMBER = 0x7fc00000;
