/** The positions of a kernel in a layer's products: where each lies, and where its weights are. Plain numbers. */
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';
import { blocksOf, TRANSFORMS } from './fourier';

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

export interface Sides {
  readonly forward: Positions;
  /** The input gradient: the adjoint bank W*_k(q) = W_{k⁻¹}(−k⁻¹q), fields exchanged. */
  readonly adjoint: Positions;
}

/** Bytes between two rows of a padded plane, and between two planes. */
export interface Steps {
  readonly row: number;
  readonly plane: number;
}

/** Both products of a layer, by Fourier over the group. */
export const sidesOf = (shape: FilterShape, steps: Steps): Sides =>
  shape.sizeIn === 1 ? liftingSides(shape, steps) : groupSides(shape, steps);

function groupSides(shape: FilterShape, { row, plane }: Steps): Sides {
  const { stored, moved, indexOf, opposite, each, bytesTo, step } = geometryOf(shape, row);
  const { inverse } = GROUPS[shape.group];
  const { sizeIn, fieldsOut } = shape;
  const all = (positions: readonly number[]) => ({
    positions: positions.length,
    offsets: each(positions, (p, h) => bytesTo(moved(h, p)) + h * plane),
    counts: new Int32Array(blocksOf(shape.group).length).fill(positions.length),
    factors: new Float32Array(positions.length).fill(1),
  });
  return {
    forward: {
      ...all(stored),
      table: each(stored, (p, k) => indexOf.get(moved(k, p))! * step + k * fieldsOut),
      ...{ stepIn: sizeIn * fieldsOut, stepOut: 1 },
    },
    adjoint: {
      ...all(stored.map(opposite)),
      table: each(stored, (_, k, i) => i * step + inverse[k] * fieldsOut),
      ...{ stepIn: 1, stepOut: sizeIn * fieldsOut },
    },
  };
}

/** A picture has one plane, which every element reads: of the positions that the group moves onto each other, one is enough. */
function liftingSides(shape: FilterShape, { row }: Steps): Sides {
  const { stored, moved, indexOf, opposite, each, bytesTo, step } = geometryOf(shape, row);
  const { group, fieldsOut } = shape;
  const orbits = orbitsOf(group, stored, moved);
  const firsts = orbits.map(({ first }) => first);
  return {
    forward: {
      positions: orbits.length,
      offsets: each(firsts, (p, h) => bytesTo(moved(h, p))),
      counts: countsOf(group, orbits),
      factors: Float32Array.from(orbits, ({ images }) => images.size / GROUPS[group].order),
      table: each(firsts, (p, k) => indexOf.get(moved(k, p))! * step),
      ...{ stepIn: fieldsOut, stepOut: 1 },
    },
    // To pictures written out, from n copies of each field: seldom, and never in training.
    adjoint: { ...writtenOut(shape, row, opposite), ...{ stepIn: 1, stepOut: fieldsOut } },
  };
}

/** A lifting layer as C1, with n copies of each output field: the filter turned by each element. */
export const writtenOutLifting = (shape: FilterShape, { row }: Steps): Positions =>
  writtenOut(shape, row, (p) => p);

function writtenOut(shape: FilterShape, row: number, at: (position: number) => number): Positions {
  const { stored, sources, indexOf, each, bytesTo, step } = geometryOf(shape, row);
  return {
    positions: stored.length,
    offsets: Int32Array.from(stored, (p) => bytesTo(at(p))),
    counts: Int32Array.of(stored.length),
    factors: new Float32Array(stored.length).fill(1),
    table: each(stored, (p, g) => indexOf.get(sources[g][p])! * step),
    ...{ stepIn: shape.fieldsOut, stepOut: 1 },
  };
}

function geometryOf(
  { group: name, kernel, sizeIn, fieldsIn, fieldsOut, positions }: FilterShape,
  row: number,
) {
  const group = GROUPS[name];
  const stored = positions ?? Array.from({ length: kernel * kernel }, (_, p) => p);
  const sources = group.elements.map((g) => turnSource(kernel, g));
  const padding = (kernel - 1) / 2;
  return {
    stored,
    sources,
    indexOf: new Map(stored.map((position, i) => [position, i])),
    /** g·p: the inverse's source. */
    moved: (g: number, p: number): number => sources[group.inverse[g]][p],
    opposite: (p: number): number => kernel * kernel - 1 - p,
    bytesTo: (p: number): number => (Math.floor(p / kernel) - padding) * row + 4 * ((p % kernel) - padding),
    /** Numbers between the weights of two stored positions. */
    step: fieldsIn * sizeIn * fieldsOut,
    /** A number for each position and element. */
    each: (of: readonly number[], value: (p: number, g: number, i: number) => number): Int32Array =>
      Int32Array.from(of.flatMap((p, i) => group.elements.map((_, g) => value(p, g, i)))),
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
