/**
 * From free weights to the filter bank of one ordinary convolution, and back for the gradient.
 *
 * Free weights have shape [b, F_in, S_in, F_out]: b = k² values (`grid`) or d coefficients (`steerable`);
 * S_in = 1 for a lifting convolution (picture channels are scalars), |G| for a group convolution.
 * The bank has shape [k, k, F_in·S_in, F_out·|G|] with channel = field · |G| + g. Rules:
 *   lifting:  bank[·, f′, (f, g)]      = g · W[·, f′, f]
 *   group:    bank[·, (f′, h), (f, g)] = g · W[·, f′, g⁻¹h, f]
 * Both are one permutation per g of W's entries, so each free weight occurs exactly |G| times in the bank.
 */

import { Recent } from '../recent';
import { GROUPS, type GroupName } from './group';
import { turnSource } from './turn';

export interface FilterShape {
  readonly group: GroupName;
  readonly kernel: number;
  readonly fieldsIn: number;
  /** 1 (lifting) or |G| (group convolution). */
  readonly sizeIn: number;
  readonly fieldsOut: number;
  /** Kernel positions whose weights are stored, ascending, whole orbits of them; absent: all. */
  readonly positions?: readonly number[];
}

export interface ExpansionMap {
  /** For each entry of the bank, the grid weight it is a copy of. */
  readonly source: Int32Array;
  /** |G| rows of bank positions: row g lists where each grid weight went in orientation g. */
  readonly copies: Int32Array;
}

/** 64 MiB: the layers of some hundred of the shapes that the lab trains; every pruned width is another shape. */
const MOST_INTEGERS = 2 ** 24;
const latest = new Recent<string, ExpansionMap>(
  MOST_INTEGERS,
  ({ source, copies }) => source.length + copies.length,
);

/** The permutation maps between grid weights and the bank; the latest shapes are kept, for training asks at every step. */
export function expansionMap(shape: FilterShape): ExpansionMap {
  const key = `${shape.group}/${shape.kernel}/${shape.fieldsIn}x${shape.sizeIn}/${shape.fieldsOut}`;
  return latest.get(key, () => buildMap(shape));
}

function buildMap({ group: name, kernel, fieldsIn, sizeIn, fieldsOut }: FilterShape): ExpansionMap {
  const group = GROUPS[name];
  const positions = kernel * kernel;
  const free = positions * fieldsIn * sizeIn * fieldsOut;
  const source = new Int32Array(free * group.order);
  const copies = new Int32Array(free * group.order);
  const turned = group.elements.map((g) => turnSource(kernel, g));
  for (let p = 0; p < positions; p++) {
    for (let fin = 0; fin < fieldsIn; fin++) {
      for (let h = 0; h < sizeIn; h++) {
        for (let g = 0; g < group.order; g++) {
          const slice = sizeIn === 1 ? 0 : group.multiply[group.inverse[g]][h];
          for (let fout = 0; fout < fieldsOut; fout++) {
            const to = ((p * fieldsIn + fin) * sizeIn + h) * fieldsOut * group.order + fout * group.order + g;
            const from = ((turned[g][p] * fieldsIn + fin) * sizeIn + slice) * fieldsOut + fout;
            source[to] = from;
            copies[g * free + from] = to;
          }
        }
      }
    }
  }
  return { source, copies };
}

/** Stored grid weights → bank, on plain arrays of floats or integers. The bank's shape is [k, k, F_in·S_in, F_out·|G|]. */
export function expandGrid<T extends Float32Array | Int8Array>(stored: T, shape: FilterShape): T {
  const { source } = expansionMap(shape);
  const grid = spread(stored, shape);
  const bank = new (grid.constructor as new (length: number) => T)(source.length);
  for (let i = 0; i < source.length; i++) bank[i] = grid[source[i]];
  return bank;
}

/** Weights of the stored positions [b, …] → of all positions [k², …], zeros between. */
function spread<T extends Float32Array | Int8Array>(stored: T, { kernel, positions }: FilterShape): T {
  if (!positions) return stored;
  const rest = stored.length / positions.length;
  const grid = new (stored.constructor as new (length: number) => T)(kernel * kernel * rest);
  positions.forEach((position, row) => {
    grid.set(stored.subarray(row * rest, (row + 1) * rest), position * rest);
  });
  return grid;
}

/** Weights [positions, inputs, outputs], as the lab stores and expands them, as PyTorch lays them: [outputs, inputs, positions]. */
export function outputsFirst<T extends Float32Array | Int8Array>(
  weights: T,
  positions: number,
  inputs: number,
): T {
  const outputs = weights.length / positions / inputs;
  const out = weights.slice() as T;
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < positions; p++) out[at++] = weights[(p * inputs + i) * outputs + o];
    }
  }
  return out;
}

/** The way back, [outputs, inputs, positions] → [positions, inputs, outputs]: the axes change places once more. */
export const outputsLast = <T extends Float32Array | Int8Array>(
  weights: T,
  positions: number,
  inputs: number,
): T => outputsFirst(weights, weights.length / positions / inputs, inputs);
