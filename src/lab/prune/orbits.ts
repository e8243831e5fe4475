/**
 * Pruning a layer's kernel by spatial orbits: positions that the group carries into each other go together, from all
 * filters of the layer, so the layer stays equivariant. Only grid filters have them (no mask of single orbits commutes
 * with the band limit), so a steerable network is put on the grid first, which costs parameters: 6 become 9 on 3×3.
 *
 * Without its outer ring a kernel really shrinks (5×5 → 3×3), with its multiply-adds. Any other orbit saves the stored
 * weights alone: the convolution still runs over the whole kernel.
 */
import { BadInput } from '../errors';
import type { ArchSpec, Block } from '../nn/arch';
import { gridFilters } from '../nn/folded';
import { blockLayouts } from '../nn/layout';
import { type Model, type Param, requireFloat } from '../nn/model';
import { uniform } from '../random';
import { GROUPS } from '../symmetry/group';
import { positionOrbits } from '../symmetry/turn';
import { requireBlocks } from './fields/prune';
import { take, zeroed } from './take';
import { bySaliency, keptCount } from './units';

export const ORBIT_METHODS = ['l2', 'l1', 'random'] as const;
/** By the root mean square or the mean size of an orbit's weights (orbits have one to eight positions), or seeded. */
export type OrbitMethod = (typeof ORBIT_METHODS)[number];

export interface OrbitChoice {
  /** From 1. */
  readonly block: number;
  /** A share of the orbits by saliency, or the whole outer ring. */
  readonly target: { readonly ratio: number; readonly method: OrbitMethod; readonly seed: number } | 'ring';
}

/** The same network with all k² values of its filters free: more parameters, the same function. */
export function onGrid(model: Model): Model {
  if (model.arch.filters === 'grid') return model;
  const params: Record<string, Param> = { ...model.params };
  for (const { index } of blockLayouts(model.arch)) {
    params[`conv${index}.weight`] = gridFilters(model.arch, model.params, index);
  }
  return { ...model, arch: { ...model.arch, filters: 'grid' }, params };
}

/** The kernel positions of each orbit of a block that still carries weights. */
export function orbitsOf({ group, blocks }: ArchSpec, block: number): number[][] {
  const { kernel, support } = blocks[block - 1];
  const orbits = positionOrbits(kernel, GROUPS[group].elements);
  return support ? support.map((orbit) => orbits[orbit]) : orbits;
}

/** Prunes one layer's kernel; a steerable network is put on the grid first. Throws `BadInput` where nothing can go. */
export function pruneOrbits(
  model: Model,
  { block, target }: OrbitChoice,
): { model: Model; kept: Uint32Array } {
  requireFloat(model);
  requireBlocks(model, [block]);
  const grid = onGrid(model);
  const orbits = orbitsOf(grid.arch, block);
  const kept =
    target === 'ring'
      ? withoutRing(grid.arch, block, orbits)
      : bySaliency(orbitSaliency(grid, block, target.method, target.seed))
          .slice(0, keptCount(orbits.length, target.ratio))
          .sort();
  return { model: extractOrbits(grid, block, kept), kept };
}

/** One value per orbit of `orbitsOf`. */
export function orbitSaliency(model: Model, block: number, method: OrbitMethod, seed: number): Float64Array {
  const orbits = orbitsOf(model.arch, block);
  const next = uniform(seed, 'random orbits', block);
  const { data } = model.params[`conv${block}.weight`];
  const stored = storedPositions(orbits);
  const rest = data.length / stored.length;
  return Float64Array.from(orbits, (positions) => {
    if (method === 'random') return next();
    let sum = 0;
    for (const position of positions) {
      const row = stored.indexOf(position);
      for (const weight of data.subarray(row * rest, (row + 1) * rest)) {
        sum += method === 'l2' ? weight * weight : Math.abs(weight);
      }
    }
    const mean = sum / (positions.length * rest);
    return method === 'l2' ? Math.sqrt(mean) : mean;
  });
}

/** The model with only the `kept` orbits (ascending indices into `orbitsOf`) of a layer, its kernel as small as it gets. */
export function extractOrbits(model: Model, block: number, kept: Uint32Array): Model {
  const name = `conv${block}.weight`;
  const orbits = orbitsOf(model.arch, block);
  const stored = storedPositions(orbits);
  const positions = storedPositions(Array.from(kept, (orbit) => orbits[orbit]));
  const rows = positions.map((position) => stored.indexOf(position));
  const blocks = model.arch.blocks.map((each, i) =>
    i + 1 === block ? shrunk(each, positions, model.arch) : each,
  );
  const params = { ...model.params, [name]: take(model.params[name], 0, rows) };
  return { ...model, arch: { ...model.arch, blocks }, params };
}

/** The model with the other orbits' weights set to zero, and nothing shrunk. */
export function maskOrbits(model: Model, block: number, kept: Uint32Array): Model {
  const name = `conv${block}.weight`;
  const orbits = orbitsOf(model.arch, block);
  const stored = storedPositions(orbits);
  const gone = orbits.flatMap((positions, i) =>
    kept.includes(i) ? [] : positions.map((position) => stored.indexOf(position)),
  );
  return { ...model, params: { ...model.params, [name]: zeroed(model.params[name], 0, gone) } };
}

const storedPositions = (orbits: readonly (readonly number[])[]): number[] =>
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
