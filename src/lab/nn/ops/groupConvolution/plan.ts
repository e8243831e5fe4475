/** The tables by which a kernel finds pixels and weights, for a layer's shape: plain numbers. */
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';

/** Where the pixels of a tile lie, in planes with and without a border of zeros. */
export interface Geometry {
  /** Pixels of a padded row: a whole number of vectors, and the border on both sides. */
  readonly stride: number;
  /** Vectors of four pixels: bytes in a padded plane, bytes in a plane, how many of them count. An even number of vectors. */
  readonly vectors: Int32Array;
}

export interface Positions {
  /** [positions][n]: bytes from a pixel to h·p in a padded plane. */
  readonly offsets: Int32Array;
}

/** How weights are found: floats from the first for [position][element], and between two fields. */
export interface WeightTable {
  readonly table: Int32Array;
  readonly stepIn: number;
  readonly stepOut: number;
}

export interface Plan extends Geometry {
  readonly padding: number;
  readonly positions: number;
  readonly forward: Positions & WeightTable;
  /** The input gradient: the adjoint bank W*_k(q) = W_{k⁻¹}(−k⁻¹q), fields exchanged. */
  readonly adjoint: Positions & WeightTable;
}

/** The plan of a layer on maps of height × width. */
export function makePlan(shape: FilterShape, height: number, width: number): Plan {
  const { group: name, kernel, sizeIn, fieldsIn, fieldsOut } = shape;
  const group = GROUPS[name];
  const padding = (kernel - 1) / 2;
  const stride = Math.ceil(width / 4) * 4 + 2 * padding;
  const stored = shape.positions ?? Array.from({ length: kernel * kernel }, (_, p) => p);
  const indexOf = new Map(stored.map((position, i) => [position, i]));
  const sources = group.elements.map((g) => turnSource(kernel, g));
  /** g·p: the inverse's source. */
  const moved = (g: number, p: number) => sources[group.inverse[g]][p];
  const bytesTo = (p: number) => 4 * ((Math.floor(p / kernel) - padding) * stride + (p % kernel) - padding);
  const opposite = (p: number) => kernel * kernel - 1 - p;
  const step = fieldsIn * sizeIn * fieldsOut;
  const isLifting = sizeIn === 1;
  // A lifting layer runs as C1 with its filters expanded: one row of the table for each copy.
  const elements = isLifting ? [0] : group.elements.map((_, g) => g);
  const table = (weightAt: (p: number, i: number, k: number) => number) =>
    Int32Array.from(stored.flatMap((p, i) => group.elements.map((_, k) => weightAt(p, i, k))));
  const offsets = (positionOf: (p: number) => number) =>
    Int32Array.from(stored.flatMap((p) => elements.map((h) => bytesTo(moved(h, positionOf(p))))));
  return {
    stride,
    vectors: vectorsOf(height, width, padding, stride),
    padding,
    positions: stored.length,
    forward: {
      offsets: offsets((p) => p),
      table: isLifting
        ? table((p, _, g) => indexOf.get(sources[g][p])! * step)
        : table((p, _, k) => indexOf.get(moved(k, p))! * step + k * fieldsOut),
      stepIn: sizeIn * fieldsOut,
      stepOut: 1,
    },
    adjoint: {
      offsets: offsets(opposite),
      table: isLifting
        ? table((p, _, g) => indexOf.get(sources[g][p])! * step)
        : table((_, i, k) => i * step + group.inverse[k] * fieldsOut),
      stepIn: 1,
      stepOut: sizeIn * fieldsOut,
    },
  };
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
