/**
 * A hidden layer that applies each neuron's pattern to a map in every orientation and keeps the largest response, by
 * Fourier over the group.
 *
 * The map x and the pattern w have a number at every position (for each field). In orientation g the response is
 *   r[g] = Σ_p x[g⁻¹p]·w[p]
 * Positions fall into orbits {h·p : h ∈ G}. With v[k] = x[k·p] and u[h] = w[h·p] for one p of each orbit, where |S| elements
 * stand at every position of it, r[g⁻¹] = Σ_p Σ_k v[k]·u[g⁻¹k]/|S|: a correlation over the group, as group convolution is
 * (../groupConvolution/fourier.ts). So the layer takes 2 of 4 (C2), 6 of 16 (C4), 12 of 64 (D4) of the multiplications, and
 * the largest over g⁻¹ is that over g. On even sizes all orbits of the turns are free, |S| = 1; on the diagonals of D4 it is
 * 2, in the middle of an odd size |G|.
 */
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { positionOrbits, turnSource } from '../../../symmetry/turn';

export interface OrbitShape {
  readonly group: GroupName;
  /** Height = width of the map. */
  readonly size: number;
  readonly fields: number;
}

export interface OrbitPlan {
  /** [orbits][n]: the positions h·p. */
  readonly positions: Int32Array;
  /** |S| of every orbit. */
  readonly sharing: readonly number[];
}

export function makeOrbitPlan({ group: name, size }: OrbitShape): OrbitPlan {
  const { elements, inverse, order } = GROUPS[name];
  const sources = elements.map((g) => turnSource(size, g));
  const orbits = positionOrbits(size, elements);
  return {
    // h·p: the inverse's source.
    positions: Int32Array.from(orbits.flatMap(([p]) => elements.map((_, h) => sources[inverse[h]][p]))),
    sharing: orbits.map(({ length }) => order / length),
  };
}
