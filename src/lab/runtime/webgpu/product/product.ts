/** Products of matrices on WebGPU (program.ts): which tiles, and how many chunks, keep a GPU busy. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flatGroups, launch, release, sizeOf, type WebGPUBackend } from '../program';
import {
  ADD_CHUNKS,
  CUTS,
  type Cut,
  columnsOf,
  LARGE,
  productProgram,
  rowsOf,
  SLICE,
  SMALL,
  type Source,
  type Tile,
} from './program';

/** A matrix on the GPU: numbers between rows, between columns, and between the matrices of a batch. */
export interface Matrix {
  readonly info: TensorInfo;
  readonly row: number;
  readonly column: number;
  readonly batch?: number;
}

/** The patches that a convolution with a centred, odd filter reads of maps [N, H, W, C]. */
export interface Patches {
  readonly info: TensorInfo;
  readonly kernel: number;
  readonly stride: number;
  /** Pixels × taps, or taps × pixels. */
  readonly as: 'rows' | 'columns';
}

export interface Ending {
  /** One number for each column. */
  readonly bias?: TensorInfo | undefined;
  readonly cut?: Cut;
}

export interface Product extends Ending {
  /** Rows, columns and inner numbers of a matrix. */
  readonly size: readonly [rows: number, columns: number, inner: number];
  readonly batches?: number;
  readonly a: Matrix | Patches;
  readonly b: Matrix;
  /** Of the value. */
  readonly shape: readonly number[];
  /** Numbers of A or of B count only where this has a number above 0 at the same place. */
  readonly gate?: { readonly of: 'a' | 'b'; readonly info: TensorInfo } | undefined;
}

/** How many workgroups keep a large GPU busy. Tests ask for many chunks of small products, and for large tiles. */
export const tuning = { workgroups: 256, leastDepth: 8 * SLICE };
const MOST_CHUNKS = 64;

/** C = A·B, maybe with an ending. */
export const product = (backend: WebGPUBackend, asked: Product): TensorInfo =>
  multiply(backend, asked, false)[0];

/** The same with the sums of B's columns. */
export const productAndSums = (backend: WebGPUBackend, asked: Product): TensorInfo[] =>
  multiply(backend, asked, true);

function multiply(backend: WebGPUBackend, asked: Product, withSums: boolean): TensorInfo[] {
  const { size, batches = 1, a, b, bias, cut = 'none', shape, gate } = asked;
  const [rows, columns, inner] = size;
  const all = withSums ? rows + 1 : rows;
  const { tile, tiles, chunks, depth } = planOf(all, columns, inner, batches);
  const length = batches * all * columns;
  const finished = { c: shape, sums: [withSums ? columns : 1] };
  const common = { rows, all, columns, chunks, biased: bias ? 1 : 0, cut: CUTS.indexOf(cut) };
  const [across, down] = flatGroups(tiles, 1);
  const first = launch(backend, productProgram(tile, sourceOf(a)), {
    // Where there is no bias or gate, something has to be bound in its place.
    reads: { a: a.info, b: b.info, bias: bias ?? b.info, gate: gate?.info ?? b.info },
    writes: chunks > 1 ? { c: [chunks * length], sums: [1] } : finished,
    numbers: {
      ...{ ...common, inner, tiles, batches, depth, across: Math.ceil(columns / columnsOf(tile)) },
      ...{ bRow: b.row, bColumn: b.column, bBatch: b.batch ?? 0 },
      gated: gate ? (gate.of === 'a' ? 1 : 2) : 0,
      ...('as' in a ? patchNumbers(a) : { ...matrixNumbers(a), ones: withSums ? 1 : 0 }),
    },
    groups: [across, down, batches * chunks],
  });
  const found = chunks > 1 ? addAll(backend, first, finished, { ...common, length }, bias) : first;
  if (withSums) return found;
  release(backend, found[1]);
  return [found[0]];
}

function addAll(
  backend: WebGPUBackend,
  parts: TensorInfo[],
  writes: Readonly<Record<'c' | 'sums', readonly number[]>>,
  numbers: Readonly<Record<string, number>>,
  bias?: TensorInfo,
): TensorInfo[] {
  const found = launch(backend, ADD_CHUNKS, {
    reads: { parts: parts[0], bias: bias ?? parts[0] },
    writes,
    numbers,
    groups: flatGroups(numbers.length),
  });
  release(backend, ...parts);
  return found;
}

/** Chunks [chunks][…] of numbers, which are let go, added up in order. */
export function addChunks(
  backend: WebGPUBackend,
  parts: TensorInfo,
  chunks: number,
  shape: readonly number[],
): TensorInfo {
  const length = sizeOf(shape);
  const numbers = { length, rows: 1, all: 1, columns: length, chunks, biased: 0, cut: 0 };
  const [whole, nothing] = addAll(backend, [parts], { c: shape, sums: [1] }, numbers);
  release(backend, nothing);
  return whole;
}

/** Chunks [chunks][2][width], which are let go, added up in order: the first numbers of the pairs, and the second. */
export const addChunkPairs = (
  backend: WebGPUBackend,
  parts: TensorInfo,
  chunks: number,
  width: number,
): TensorInfo[] =>
  addAll(
    backend,
    [parts],
    { c: [width], sums: [width] },
    { ...{ length: 2 * width, rows: 1, all: 2, columns: width, chunks }, biased: 0, cut: 0 },
  );

interface Plan {
  readonly tile: Tile;
  readonly tiles: number;
  readonly chunks: number;
  /** Inner numbers of a chunk. */
  readonly depth: number;
}

function planOf(rows: number, columns: number, inner: number, batches: number): Plan {
  const { workgroups, leastDepth } = tuning;
  const tilesOf = (tile: Tile) => Math.ceil(rows / rowsOf(tile)) * Math.ceil(columns / columnsOf(tile));
  const mostChunks = Math.max(1, Math.min(MOST_CHUNKS, Math.floor(inner / leastDepth)));
  const isFull = (tile: Tile) => rows > rowsOf(tile) / 2 && columns > columnsOf(tile) / 2;
  const isLarge = isFull(LARGE) && tilesOf(LARGE) * batches * mostChunks >= workgroups;
  const tile = isLarge ? LARGE : SMALL;
  const tiles = tilesOf(tile);
  const wanted = Math.min(mostChunks, Math.ceil(workgroups / (tiles * batches)));
  const depth = Math.ceil(Math.ceil(inner / wanted) / SLICE) * SLICE;
  return { tile, tiles, depth, chunks: Math.ceil(inner / depth) };
}

const sourceOf = (a: Matrix | Patches): Source =>
  'as' in a ? (a.as === 'rows' ? 'patches' : 'patches as columns') : 'matrix';

const matrixNumbers = ({ row, column, batch = 0 }: Matrix) => ({
  ...{ aRow: row, aColumn: column, aBatch: batch, aInner: column === 1 ? 1 : 0 },
});

function patchNumbers({ info, kernel, stride, as }: Patches) {
  const [, height, width, channels] = info.shape;
  return {
    ...{ channels, height, width, kernel, stride, aInner: as === 'rows' ? 1 : 0 },
    ...{ outHeight: Math.ceil(height / stride), outWidth: Math.ceil(width / stride) },
  };
}

/** The matrices that lie in the last two dimensions, or their transposes. */
export function matricesOf(info: TensorInfo, transposed = false) {
  const [rows, columns] = info.shape.slice(-2);
  const batches = sizeOf(info.shape.slice(0, -2));
  const batch = batches === 1 ? 0 : rows * columns;
  return transposed
    ? { batches, rows: columns, columns: rows, matrix: { info, row: 1, column: columns, batch } }
    : { batches, rows, columns, matrix: { info, row: columns, column: 1, batch } };
}
