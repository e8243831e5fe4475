/** A layer's tables on the GPU: those of the latest shapes stay there, for training asks at every step. */
import { Recent } from '../../../../recent';
import type * as tf from '../../../../runtime/tf';
import { release, type WebGPUBackend } from '../../../../runtime/webgpu/program';
import type { FilterShape } from '../../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../../symmetry/group';
import { ENTRIES } from '../fourier';
import { type Positions, sidesOf, writtenOutLifting } from '../positions';

/** Width and height of the patch of pixels that a workgroup convolves: a plan's rows are padded to it. */
export const PATCH = 8;

/** One product of a layer: as which group it runs, between how many fields of it. */
export interface Product {
  readonly group: GroupName;
  readonly fieldsIn: number;
  readonly fieldsOut: number;
  /** How often a field of the weights occurs: a lifting layer runs as C1, with n copies of each output field. */
  readonly copiesIn: number;
  readonly copiesOut: number;
  /** Numbers between the weights of two fields. */
  readonly stepIn: number;
  readonly stepOut: number;
  /** [positions][n] numbers from a pixel to h·p in a padded patch. */
  readonly offsets: tf.TensorInfo;
  /** [positions][n] where weights begin. */
  readonly table: tf.TensorInfo;
}

/** By which sums of components a weight's gradient is found. */
export interface Collected {
  /** [positions][S_in][n] positions. */
  readonly positions: tf.TensorInfo;
  /** [S_in][n] factors. */
  readonly factors: tf.TensorInfo;
}

export interface Tables {
  readonly padding: number;
  readonly positions: number;
  readonly forward: Product;
  readonly adjoint: Product;
  readonly collected: Collected;
  /** [n][n] entries of the transformed weights by elements. */
  readonly entries: tf.TensorInfo;
  readonly bytes: number;
  release(): void;
}

const MOST_BYTES = 2 ** 24;
const tables = new WeakMap<WebGPUBackend, Recent<string, Tables>>();

export function tablesOf(backend: WebGPUBackend, shape: FilterShape): Tables {
  let latest = tables.get(backend);
  if (!latest) {
    latest = new Recent(
      MOST_BYTES,
      ({ bytes }) => bytes,
      (each) => each.release(),
    );
    tables.set(backend, latest);
  }
  const { group, kernel, fieldsIn, sizeIn, fieldsOut, positions } = shape;
  const key = [group, kernel, fieldsIn, sizeIn, fieldsOut, positions?.join('.')].join('/');
  return latest.get(key, () => place(backend, shape));
}

function place(backend: WebGPUBackend, shape: FilterShape): Tables {
  const { sizeIn, fieldsIn, fieldsOut } = shape;
  const padding = (shape.kernel - 1) / 2;
  // Planes a program finds itself.
  const steps = { row: 4 * (PATCH + 2 * padding), plane: 0 };
  const { forward: byFourier, adjoint } = sidesOf(shape, steps);
  const forward = sizeIn > 1 ? byFourier : writtenOutLifting(shape, steps);
  const group = sizeIn > 1 ? shape.group : 'C1';
  const copies = sizeIn > 1 ? 1 : GROUPS[shape.group].order;
  const made: tf.TensorInfo[] = [];
  const upload = (values: Int32Array | Float32Array) => {
    const dtype = values instanceof Int32Array ? 'int32' : 'float32';
    made.push(backend.makeTensorInfo([values.length], dtype, values));
    return made.at(-1)!;
  };
  const product = (
    { offsets, table, stepIn, stepOut }: Positions,
    fields: Pick<Product, 'fieldsIn' | 'fieldsOut' | 'copiesIn' | 'copiesOut'>,
  ): Product => ({
    ...{ group, stepIn, stepOut, ...fields },
    offsets: upload(offsets.map((bytes) => bytes / 4)),
    table: upload(table),
  });
  const { positions } = forward;
  const collected = collect(shape, forward);
  return {
    ...{ padding, positions },
    forward: product(forward, { fieldsIn, fieldsOut, copiesIn: 1, copiesOut: copies }),
    adjoint: product(adjoint, { fieldsIn: fieldsOut, fieldsOut: fieldsIn, copiesIn: copies, copiesOut: 1 }),
    collected: { positions: upload(collected.positions), factors: upload(collected.factors) },
    entries: upload(Float32Array.from(componentEntries(group).flat())),
    bytes: 4 * made.reduce((sum, { shape: [length] }) => sum + length, 0),
    release: () => release(backend, ...made),
  };
}

/**
 * The entries that a product multiplies by, one for each component: those of C4's second row are the first row's, turned
 * (components.ts).
 */
const componentEntries = (group: GroupName) => ENTRIES[group].slice(0, GROUPS[group].order);

/**
 * The table of weights, read backwards: a weight W_k(k·p) is read for one position p alone, and its gradient is
 * Σ_e E[e][k]·dŴ_e(p); a lifting layer's is the sum of its n copies, each at a position of its own.
 */
function collect(shape: FilterShape, { positions, table }: Positions) {
  const { order } = GROUPS[shape.group];
  const { sizeIn, fieldsIn, fieldsOut } = shape;
  const step = fieldsIn * sizeIn * fieldsOut;
  const from = new Int32Array(positions * sizeIn * order);
  const factors = new Float32Array(sizeIn * order);
  for (let p = 0; p < positions; p++) {
    for (let k = 0; k < order; k++) {
      const at = table[p * order + k];
      const [stored, slice] = [Math.floor(at / step), Math.floor((at % step) / fieldsOut)];
      if (sizeIn === 1) from[stored * order + k] = p;
      else from.fill(p, (stored * order + slice) * order, (stored * order + slice + 1) * order);
    }
  }
  const rows = componentEntries(shape.group);
  for (let k = 0; k < sizeIn; k++)
    for (let e = 0; e < order; e++) factors[k * order + e] = sizeIn === 1 ? 1 : rows[e][k];
  return { positions: from, factors };
}

/** Fields with their copies, under the group of the product. */
export const asItRuns = ({ group, fieldsIn, fieldsOut, copiesIn, copiesOut }: Product) => ({
  group,
  fieldsIn: fieldsIn * copiesIn,
  fieldsOut: fieldsOut * copiesOut,
});
