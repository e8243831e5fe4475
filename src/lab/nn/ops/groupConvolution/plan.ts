/** The tables by which a kernel finds pixels and weights, for a layer's shape: plain numbers. */
import type { FilterShape } from '../../../symmetry/filters';
import { type Positions, sidesOf } from './positions';

/** Where the pixels of a tile lie, in planes with and without a border of zeros. */
export interface Geometry {
  /** Pixels of a padded row: a whole number of vectors, and the border on both sides. */
  readonly stride: number;
  /** Vectors of four pixels: bytes in a padded plane, bytes in a plane, how many of them count. An even number of vectors. */
  readonly vectors: Int32Array;
  /**
   * The same where the largest of each 2×2 cell is written: in fours, two vectors above two; the upper ones have the bytes
   * in a plane of cells, and how many cells count. Null where maps have no whole cells.
   */
  readonly cells: Int32Array | null;
}

export interface Plan extends Geometry {
  readonly padding: number;
  readonly forward: Positions;
  /** The input gradient: the adjoint bank W*_k(q) = W_{k⁻¹}(−k⁻¹q), fields exchanged. */
  readonly adjoint: Positions;
}

/** The plan of a layer on maps of height × width. */
export function makePlan(shape: FilterShape, height: number, width: number): Plan {
  const padding = (shape.kernel - 1) / 2;
  const stride = Math.ceil(width / 4) * 4 + 2 * padding;
  const sides = sidesOf(shape, { row: 4 * stride, plane: 4 * (height + 2 * padding) * stride });
  return { stride, ...pixelsOf(height, width, padding, stride), padding, ...sides };
}

function pixelsOf(height: number, width: number, padding: number, stride: number) {
  const hasCells = height % 2 === 0 && width % 2 === 0;
  return {
    vectors: vectorsOf(height, width, padding, stride),
    cells: hasCells ? cellsOf(height, width, padding, stride) : null,
  };
}

function cellsOf(height: number, width: number, padding: number, stride: number): Int32Array {
  const entries: number[] = [];
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 8) {
      for (const row of [y, y + 1]) {
        for (const column of [x, x + 4]) {
          // Past a row's end nothing counts, and what is read is another vector's.
          const from = column < width ? column : x;
          const cells = Math.max(0, Math.min(4, width - column)) / 2;
          entries.push(4 * ((row + padding) * stride + padding + from), y * width + 2 * from, cells);
        }
      }
    }
  }
  return Int32Array.from(entries);
}

function vectorsOf(height: number, width: number, padding: number, stride: number): Int32Array {
  const entries: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += 4) {
      entries.push(4 * ((y + padding) * stride + padding + x), 4 * (y * width + x), Math.min(4, width - x));
    }
  }
  // The second half of an odd last pair counts for nothing.
  if ((entries.length / 3) % 2 === 1) entries.push(entries.at(-3)!, entries.at(-2)!, 0);
  return Int32Array.from(entries);
}
