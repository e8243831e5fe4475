/**
 * The product of two matrices in WGSL, C = A·B, in tiles: a workgroup brings a slice of A's rows and of B's columns into its
 * memory, by four numbers together, and each of its threads adds up `rows` × 4 numbers of C in registers. Rules:
 * - Strides, sizes and endings are uniforms; the text depends on the tile, and on where A's numbers come from.
 * - A long inner dimension is cut into chunks, for workgroups of their own; their sums are added up afterwards, in order, so
 *   that an adapter gives the same bits each time.
 */
import { KEEPING_NAN } from '../notNumbers';
import { keptProgram, type Program, THREADS } from '../program';

/** Inner numbers that a slice holds. */
export const SLICE = 16;

/** Threads of a workgroup across and down, and rows of C that each has; columns are always four. */
export interface Tile {
  readonly across: number;
  readonly down: number;
  readonly rows: number;
}

export const LARGE: Tile = { across: 16, down: 16, rows: 8 };
export const SMALL: Tile = { across: 8, down: 8, rows: 4 };

export const rowsOf = ({ down, rows }: Tile): number => down * rows;
export const columnsOf = ({ across }: Tile): number => 4 * across;

/** Where A comes from: a matrix, or the patches that a convolution reads, as rows or (for its gradient) as columns. */
export type Source = 'matrix' | 'patches' | 'patches as columns';

/** Where a number is cut off: nowhere, below 0, or above 6 too. `u.cut` is its place here. */
export const CUTS = ['none', 'relu', 'relu6'] as const;
export type Cut = (typeof CUTS)[number];

/** What a number ends with: the bias of its column, if u.biased is 1, and its cut. */
export const ENDING = `${KEEPING_NAN}
fn ended(sum: f32, column: i32) -> f32 {
  var value = sum;
  if (u.biased == 1) { value += bias[column]; }
  if (u.cut > 0) { value = relu(value); }
  if (u.cut > 1) { value = select(min(value, 6.0), value, isNoNumber(value)); }
  return value;
}`;

/**
 * A number of A, 0 outside. With `ones`, row u.rows is a row of ones: its products are the sums of B's columns. A gate lets
 * numbers pass where its own number is above 0: 1 those of A, 2 those of B.
 */
const MATRIX = `
fn aAt(batch: i32, row: i32, k: i32, end: i32) -> f32 {
  if (k >= end) { return 0.0; }
  if (row >= u.rows) { return select(0.0, 1.0, u.ones == 1 && row == u.rows); }
  let at = batch * u.aBatch + row * u.aRow + k * u.aColumn;
  if (u.gated == 1 && !(gate[at] > 0.0)) { return 0.0; }
  return a[at];
}`;

/** Pixels of a convolution's value × taps of its filter, of maps [N, H, W, C] channels last. */
const patches = (isTurned: boolean): string => `
fn aAt(batch: i32, row: i32, k: i32, end: i32) -> f32 {
  if (k >= end || row >= u.rows) { return 0.0; }
  let pixel = ${isTurned ? 'k' : 'row'};
  let tap = ${isTurned ? 'row' : 'k'};
  let channel = tap % u.channels;
  let place = tap / u.channels;
  let x = pixel % u.outWidth * u.stride + place % u.kernel - u.kernel / 2;
  let y = pixel / u.outWidth % u.outHeight * u.stride + place / u.kernel - u.kernel / 2;
  if (x < 0 || y < 0 || x >= u.width || y >= u.height) { return 0.0; }
  return a[((pixel / (u.outWidth * u.outHeight) * u.height + y) * u.width + x) * u.channels + channel];
}`;

const MATRIX_NUMBERS = { aRow: 'i32', aColumn: 'i32', aBatch: 'i32', ones: 'i32' } as const;

const PATCH_NUMBERS = {
  ...({ channels: 'i32', height: 'i32', width: 'i32', outHeight: 'i32', outWidth: 'i32' } as const),
  ...({ kernel: 'i32', stride: 'i32' } as const),
};

/** A fourth of a tile's rows (or columns) at one inner number lies together; one more keeps threads off each other's banks. */
const stride = (numbers: number): number => numbers / 4 + 1;

const times = (count: number, make: (i: number) => string, between = '\n    '): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(between);

/** C = A·B, or with `chunks` > 1 the chunks' sums [chunks][batch][rows][columns]. */
export function productProgram(tile: Tile, source: Source): Program {
  const [height, width] = [rowsOf(tile), columnsOf(tile)];
  const threads = tile.across * tile.down;
  const isMatrix = source === 'matrix';
  return keptProgram(`product of ${source}, tiles of ${height} × ${width}`, () => ({
    reads: { a: 'f32', b: 'f32', bias: 'f32', gate: 'f32' },
    writes: { c: 'f32', sums: 'f32' },
    numbers: {
      ...{ rows: 'i32', columns: 'i32', inner: 'i32', bRow: 'i32', bColumn: 'i32', bBatch: 'i32' },
      ...{ all: 'i32', across: 'i32', tiles: 'i32', batches: 'i32', depth: 'i32', chunks: 'i32' },
      ...{ biased: 'i32', cut: 'i32', gated: 'i32', aInner: 'i32' },
      ...(isMatrix ? MATRIX_NUMBERS : PATCH_NUMBERS),
    },
    size: [tile.across, tile.down],
    declarations: `${ENDING}
${isMatrix ? MATRIX : patches(source === 'patches as columns')}
fn bAt(batch: i32, k: i32, column: i32, end: i32) -> f32 {
  if (k >= end || column >= u.columns) { return 0.0; }
  let at = batch * u.bBatch + k * u.bRow + column * u.bColumn;
  if (u.gated == 2 && !(gate[at] > 0.0)) { return 0.0; }
  return b[at];
}
var<workgroup> left: array<vec4f, ${SLICE * stride(height)}>;
var<workgroup> right: array<vec4f, ${SLICE * stride(width)}>;
fn store(batch: i32, chunk: i32, row: i32, column: i32, value: f32) {
  if (row >= u.all || column >= u.columns) { return; }
  if (u.chunks > 1) { c[((chunk * u.batches + batch) * u.all + row) * u.columns + column] = value; }
  else if (row < u.rows) { c[(batch * u.rows + row) * u.columns + column] = ended(value, column); }
  else { sums[column] = value; }
}`,
    body: `
  let tile = group.y * groups.x + group.x;
  if (tile >= u.tiles) { return; }
  let firstRow = tile / u.across * ${height};
  let firstColumn = tile % u.across * ${width};
  let batch = group.z / u.chunks;
  let chunk = group.z % u.chunks;
  let end = min(u.inner, (chunk + 1) * u.depth);
  ${times(tile.rows, (r) => `var sum${r} = vec4f();`)}
  for (var first = chunk * u.depth; first < end; first += ${SLICE}) {
    // Neighbouring threads read what lies side by side.
    for (var i = thread; i < ${(SLICE * height) / 4}; i += ${threads}) {
      let k = select(i / ${height / 4}, i % ${SLICE}, u.aInner == 1);
      let at = select(i % ${height / 4}, i / ${SLICE}, u.aInner == 1);
      let row = firstRow + 4 * at;
      left[k * ${stride(height)} + at] = vec4f(${times(4, (j) => `aAt(batch, row + ${j}, first + k, end)`, ', ')});
    }
    for (var i = thread; i < ${(SLICE * width) / 4}; i += ${threads}) {
      let k = select(i % ${SLICE}, i / ${width / 4}, u.bColumn == 1);
      let at = select(i / ${SLICE}, i % ${width / 4}, u.bColumn == 1);
      let column = firstColumn + 4 * at;
      right[k * ${stride(width)} + at] = vec4f(${times(4, (j) => `bAt(batch, first + k, column + ${j}, end)`, ', ')});
    }
    workgroupBarrier();
    for (var k = 0; k < ${SLICE}; k++) {
      let b4 = right[k * ${stride(width)} + local.x];
      ${times(tile.rows / 4, (r) => `let a${r} = left[k * ${stride(height)} + local.y * ${tile.rows / 4} + ${r}];`)}
      ${times(tile.rows, (r) => `sum${r} += a${Math.floor(r / 4)}[${r % 4}] * b4;`)}
    }
    workgroupBarrier();
  }
  let row = firstRow + local.y * ${tile.rows};
  let column = firstColumn + local.x * 4;
  ${times(tile.rows, (r) => times(4, (j) => `store(batch, chunk, row + ${r}, column + ${j}, sum${r}[${j}]);`, ' '))}`,
  }));
}

/** Chunks together. */
export const ADD_CHUNKS: Program = {
  key: 'chunks of a product',
  reads: { parts: 'f32', bias: 'f32' },
  writes: { c: 'f32', sums: 'f32' },
  numbers: {
    ...{ length: 'i32', rows: 'i32', all: 'i32', columns: 'i32', chunks: 'i32', biased: 'i32', cut: 'i32' },
  },
  size: [THREADS, 1],
  declarations: ENDING,
  body: `
  if (index >= u.length) { return; }
  var sum = 0.0;
  for (var chunk = 0; chunk < u.chunks; chunk++) { sum += parts[chunk * u.length + index]; }
  let column = index % u.columns;
  let row = index / u.columns % u.all;
  let batch = index / (u.columns * u.all);
  if (row < u.rows) { c[(batch * u.rows + row) * u.columns + column] = ended(sum, column); }
  else { sums[column] = sum; }`,
};
