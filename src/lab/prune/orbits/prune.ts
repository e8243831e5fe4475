/**
 * Pruning a layer's kernel by spatial orbits: positions that the group carries into each other go together, from all
 * filters of the layer, so the layer stays equivariant. Only grid filters have them (no mask of single orbits commutes
 * with the band limit), so a steerable network is put on the grid first, which costs parameters: 6 become 9 on 3×3.
 *
 * Without its outer ring a kernel really shrinks (5×5 → 3×3), with its multiply-adds. Any other orbit saves the stored
 * weights alone: the convolution still runs over the whole kernel.
 */

import { gridFilters } from '../../families/gcnn/folded';
import { blockLayouts } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { type Param, requireFloat } from '../../nn/model';
import { uniform } from '../../random';
import { requireBlocks } from '../fields/choice';
import { takeEntries, zeroEntries } from '../units/take';
import {
  keptOrbits,
  type OrbitChoice,
  type OrbitMethod,
  orbitsOf,
  storedPositions,
  withOrbits,
} from './choice';

/** The same network with all k² values of its filters free: more parameters, the same function. */
export function expandToGrid(model: GcnnModel): GcnnModel {
  if (model.arch.filters === 'grid') return model;
  const params: Record<string, Param> = { ...model.params };
  for (const { index } of blockLayouts(model.arch)) {
    params[`conv${index}.weight`] = gridFilters(model.arch, model.params, index);
  }
  return { ...model, arch: { ...model.arch, filters: 'grid' }, params };
}

/** Prunes one layer's kernel; a steerable network is put on the grid first. Throws `BadInput` where nothing can go. */
export function pruneOrbits(model: GcnnModel, choice: OrbitChoice): { model: GcnnModel; kept: Uint32Array } {
  const { block } = choice;
  requireFloat(model);
  requireBlocks(model, [block]);
  const grid = expandToGrid(model);
  const kept = keptOrbits(grid.arch, choice, ({ method, seed }) => orbitSaliency(grid, block, method, seed));
  return { model: extractOrbits(grid, block, kept), kept };
}

/** Prunes the kernels of some layers (counted from 1), of all unless told, one after the other; `kept` in their order. */
export function pruneOrbitsOf(
  model: GcnnModel,
  target: OrbitChoice['target'],
  blocks: readonly number[] = model.arch.blocks.map((_, i) => i + 1),
): { model: GcnnModel; kept: number[][] } {
  const kept: number[][] = [];
  let smaller = model;
  for (const block of blocks) {
    const pruned = pruneOrbits(smaller, { block, target });
    smaller = pruned.model;
    kept.push(Array.from(pruned.kept));
  }
  return { model: smaller, kept };
}

/** One value per orbit of `orbitsOf`. */
export function orbitSaliency(
  model: GcnnModel,
  block: number,
  method: OrbitMethod,
  seed: number,
): Float64Array {
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
export function extractOrbits(model: GcnnModel, block: number, kept: Uint32Array): GcnnModel {
  const name = `conv${block}.weight`;
  const orbits = orbitsOf(model.arch, block);
  const stored = storedPositions(orbits);
  const positions = storedPositions(Array.from(kept, (orbit) => orbits[orbit]));
  const rows = positions.map((position) => stored.indexOf(position));
  const params = { ...model.params, [name]: takeEntries(model.params[name], 0, rows) };
  return { ...model, arch: withOrbits(model.arch, block, kept), params };
}

/** The model with the other orbits' weights set to zero, and nothing shrunk. */
export function maskOrbits(model: GcnnModel, block: number, kept: Uint32Array): GcnnModel {
  const name = `conv${block}.weight`;
  const orbits = orbitsOf(model.arch, block);
  const stored = storedPositions(orbits);
  const gone = orbits.flatMap((positions, i) =>
    kept.includes(i) ? [] : positions.map((position) => stored.indexOf(position)),
  );
  return { ...model, params: { ...model.params, [name]: zeroEntries(model.params[name], 0, gone) } };
}
