/** The tables by which a kernel finds pixels and weights, for a layer's shape: plain numbers. */
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';
import { blocksOf, TRANSFORMS } from './fourier';

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

/** Where a product's positions lie, and how their weights are found. */
export interface Positions {
  /** How many; a lifting layer has one for each orbit of positions, which every element moves within one plane. */
  readonly positions: number;
  /** [positions][n]: bytes from a pixel of a field's first padded plane to h·p in element h's. */
  readonly offsets: Int32Array;
  /** For each block of the products, how many positions, from the first, have a component there that is not zero. */
  readonly counts: Int32Array;
  /** [positions]: what its weights are multiplied by, one over the number of elements that leave the position alone. */
  readonly factors: Float32Array;
  /** [positions][n]: floats from a field pair's first weight to the one that belongs to an element. */
  readonly table: Int32Array;
  /** Floats between the weights of two input fields, and of two output fields. */
  readonly stepIn: number;
  readonly stepOut: number;
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
  const sides = sidesOf(shape, stride, 4 * (height + 2 * padding) * stride);
  return { stride, ...pixelsOf(height, width, padding, stride), padding, ...sides };
}

/** Both products of a layer, on padded planes of so many bytes with rows of `stride` pixels. */
function sidesOf(
  { group: name, kernel, sizeIn, fieldsIn, fieldsOut, positions: kept }: FilterShape,
  stride: number,
  plane: number,
): Pick<Plan, 'forward' | 'adjoint'> {
  const group = GROUPS[name];
  const stored = kept ?? Array.from({ length: kernel * kernel }, (_, p) => p);
  const indexOf = new Map(stored.map((position, i) => [position, i]));
  const sources = group.elements.map((g) => turnSource(kernel, g));
  /** g·p: the inverse's source. */
  const moved = (g: number, p: number) => sources[group.inverse[g]][p];
  const padding = (kernel - 1) / 2;
  const bytesTo = (p: number) => 4 * ((Math.floor(p / kernel) - padding) * stride + (p % kernel) - padding);
  const opposite = (p: number) => kernel * kernel - 1 - p;
  const step = fieldsIn * sizeIn * fieldsOut;
  const elements = group.elements.map((_, g) => g);
  const each = (of: readonly number[], value: (p: number, g: number, i: number) => number) =>
    Int32Array.from(of.flatMap((p, i) => elements.map((g) => value(p, g, i))));
  const forwardSteps = { stepIn: sizeIn * fieldsOut, stepOut: 1 };
  const adjointSteps = { stepIn: 1, stepOut: sizeIn * fieldsOut };
  if (sizeIn > 1) {
    const all = (positions: readonly number[]) => ({
      positions: positions.length,
      offsets: each(positions, (p, h) => bytesTo(moved(h, p)) + h * plane),
      counts: new Int32Array(blocksOf(name).length).fill(positions.length),
      factors: new Float32Array(positions.length).fill(1),
    });
    return {
      forward: {
        ...all(stored),
        table: each(stored, (p, k) => indexOf.get(moved(k, p))! * step + k * fieldsOut),
        ...forwardSteps,
      },
      adjoint: {
        ...all(stored.map(opposite)),
        table: each(stored, (_, k, i) => i * step + group.inverse[k] * fieldsOut),
        ...adjointSteps,
      },
    };
  }
  const orbits = orbitsOf(name, stored, moved);
  const firsts = orbits.map(({ first }) => first);
  return {
    forward: {
      positions: orbits.length,
      offsets: each(firsts, (p, h) => bytesTo(moved(h, p))),
      counts: countsOf(name, orbits),
      factors: Float32Array.from(orbits, ({ images }) => images.size / group.order),
      table: each(firsts, (p, k) => indexOf.get(moved(k, p))! * step),
      ...forwardSteps,
    },
    // To pictures as C1, from n copies of each field: seldom, and never in training.
    adjoint: {
      positions: stored.length,
      offsets: Int32Array.from(stored, (p) => bytesTo(opposite(p))),
      counts: Int32Array.of(stored.length),
      factors: new Float32Array(stored.length).fill(1),
      table: each(stored, (p, g) => indexOf.get(sources[g][p])! * step),
      ...adjointSteps,
    },
  };
}

/** Positions that the group moves onto each other: one of them, and for each the elements that move it there. */
interface Orbit {
  readonly first: number;
  readonly images: ReadonlyMap<number, readonly number[]>;
}

/** The orbits of the stored positions, those with components in most blocks first. */
function orbitsOf(
  name: GroupName,
  stored: readonly number[],
  moved: (g: number, p: number) => number,
): Orbit[] {
  const seen = new Set<number>();
  const orbits: Orbit[] = [];
  for (const first of stored) {
    if (seen.has(first)) continue;
    const images = new Map<number, number[]>();
    for (const [g] of GROUPS[name].elements.entries()) {
      const image = moved(g, first);
      images.set(image, [...(images.get(image) ?? []), g]);
      seen.add(image);
    }
    orbits.push({ first, images });
  }
  const reach = (orbit: Orbit) => blocksOf(name).filter((block) => isIn(name, block, orbit)).length;
  return orbits.sort((a, b) => reach(b) - reach(a));
}

function countsOf(name: GroupName, orbits: readonly Orbit[]): Int32Array {
  return Int32Array.from(
    blocksOf(name),
    (block) => 1 + orbits.findLastIndex((orbit) => isIn(name, block, orbit)),
  );
}

/** Whether any picture has a component in the block at the orbit: elements that move a position alike are added. */
function isIn(name: GroupName, block: readonly number[], { images }: Orbit): boolean {
  return block.some((i) =>
    [...images.values()].some((same) => same.reduce((sum, g) => sum + TRANSFORMS[name][i][g], 0) !== 0),
  );
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
