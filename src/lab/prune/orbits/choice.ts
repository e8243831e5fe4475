/** One way to prune a kernel by orbits, and the architecture that is left: plain values, no engine. */
import { BadInput } from '../../errors';
import type { ArchSpec, Block } from '../../families/gcnn/arch';
import { GROUPS } from '../../symmetry/group';
import { positionOrbits } from '../../symmetry/turn';
import { bySaliency, keptCount } from '../units/units';

export const ORBIT_METHODS = ['l2', 'l1', 'random'] as const;
/** By the root mean square or the mean size of an orbit's weights (orbits have one to eight positions), or seeded. */
export type OrbitMethod = (typeof ORBIT_METHODS)[number];

export interface OrbitChoice {
  /** From 1. */
  readonly block: number;
  /** A share of the orbits by saliency, or the whole outer ring. */
  readonly target: { readonly ratio: number; readonly method: OrbitMethod; readonly seed: number } | 'ring';
}

/** The kernel positions of each orbit of a block that still carries weights. */
export function orbitsOf({ group, blocks }: ArchSpec, block: number): number[][] {
  const { kernel, support } = blocks[block - 1];
  const orbits = positionOrbits(kernel, GROUPS[group].elements);
  return support ? support.map((orbit) => orbits[orbit]) : orbits;
}

/** The orbits that stay of a layer on the grid, ascending. Throws `BadInput` where nothing can go. saliency: of each. */
export function keptOrbits(
  arch: ArchSpec,
  { block, target }: OrbitChoice,
  saliency: (target: Exclude<OrbitChoice['target'], 'ring'>) => ArrayLike<number>,
): Uint32Array {
  const orbits = orbitsOf(arch, block);
  if (target === 'ring') return withoutRing(arch, block, orbits);
  return bySaliency(saliency(target)).slice(0, keptCount(orbits.length, target.ratio)).sort();
}

/** The architecture with only the `kept` orbits of a layer, its kernel as small as it gets. */
export function withOrbits(arch: ArchSpec, block: number, kept: Uint32Array): ArchSpec {
  const orbits = orbitsOf(arch, block);
  const positions = storedPositions(Array.from(kept, (orbit) => orbits[orbit]));
  const blocks = arch.blocks.map((each, i) => (i + 1 === block ? shrunk(each, positions, arch) : each));
  return { ...arch, blocks };
}

export const storedPositions = (orbits: readonly (readonly number[])[]): number[] =>
  orbits.flat().sort((a, b) => a - b);

/** The block on the smallest kernel that holds the positions, with its support where that is not all of it. */
function shrunk({ support: _, ...block }: Block, positions: readonly number[], { group }: ArchSpec): Block {
  const { kernel } = block;
  const centre = (kernel - 1) / 2;
  const distance = (p: number) =>
    Math.max(Math.abs(Math.floor(p / kernel) - centre), Math.abs((p % kernel) - centre));
  const reach = Math.max(...positions.map(distance));
  const side = 2 * reach + 1;
  const inner = new Set(
    positions.map((p) => (Math.floor(p / kernel) - centre + reach) * side + (p % kernel) - centre + reach),
  );
  const support = positionOrbits(side, GROUPS[group].elements).flatMap(([first], i) =>
    inner.has(first) ? [i] : [],
  );
  const smaller = { ...block, kernel: side as Block['kernel'] };
  return inner.size === side ** 2 ? smaller : { ...smaller, support };
}

/** The orbits inside the outer ring. */
function withoutRing({ blocks }: ArchSpec, block: number, orbits: readonly number[][]): Uint32Array {
  const { kernel } = blocks[block - 1];
  const isInside = (p: number) =>
    [Math.floor(p / kernel), p % kernel].every((at) => at > 0 && at < kernel - 1);
  const kept = orbits.flatMap((positions, i) => (positions.every(isInside) ? [i] : []));
  if (kernel === 1 || kept.length === 0) {
    throw new BadInput(
      `Layer ${block} has no outer ring to remove: its kernel is ${kernel}×${kernel}${kernel > 1 ? ' and has no weight inside it' : ''}.`,
    );
  }
  return Uint32Array.from(kept);
}
