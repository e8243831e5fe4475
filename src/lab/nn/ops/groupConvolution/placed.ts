/** Plans whose tables lie in the kernels' memory: those of the latest shapes stay there, for training asks at every step. */
import { Recent } from '../../../recent';
import type { Kernels } from '../../../runtime/kernels/engine';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { blocksOf, ENTRIES } from './fourier';
import { makePlan, type Plan } from './plan';
import type { Positions } from './positions';

/** One product of a layer: as which group it runs, between how many fields of it, and where its tables lie. */
export interface Job {
  readonly group: GroupName;
  readonly fieldsIn: number;
  readonly fieldsOut: number;
  /** How often an input field occurs: the gradient of a lifting layer's pictures runs as C1, with n copies of each. */
  readonly copiesIn: number;
  /** Planes of a field as it is read. */
  readonly planesIn: number;
  readonly positions: number;
  /** What the products are of: numbers of the packed weights. */
  readonly packedLength: number;
  readonly stepIn: number;
  readonly stepOut: number;
  /** Addresses. */
  readonly offsets: number;
  readonly counts: number;
  readonly factors: number;
  readonly table: number;
  readonly matrix: number;
}

export interface Vectors {
  readonly count: number;
  /** Address. */
  readonly table: number;
}

export interface PlacedPlan extends Pick<Plan, 'stride' | 'padding'> {
  /** Positions of the stored filter. */
  readonly positions: number;
  readonly pixels: Vectors;
  /** Where each 2×2 cell's largest is written. */
  readonly cells: Vectors | null;
  readonly forward: Job;
  readonly adjoint: Job;
  readonly bytes: number;
  release(): void;
}

const MOST_BYTES = 2 ** 24;
const plans = new WeakMap<Kernels, Recent<string, PlacedPlan>>();

/** The plan of a layer on maps of height × width. */
export function planOf(kernels: Kernels, shape: FilterShape, height: number, width: number): PlacedPlan {
  let latest = plans.get(kernels);
  if (!latest) {
    latest = new Recent(
      MOST_BYTES,
      ({ bytes }) => bytes,
      (plan) => plan.release(),
    );
    plans.set(kernels, latest);
  }
  const { group, kernel, fieldsIn, sizeIn, fieldsOut, positions } = shape;
  const key = [group, kernel, fieldsIn, sizeIn, fieldsOut, positions?.join('.'), height, width].join('/');
  return latest.get(key, () => placePlan(kernels, shape, makePlan(shape, height, width)));
}

function placePlan(kernels: Kernels, shape: FilterShape, plan: Plan): PlacedPlan {
  const { sizeIn, fieldsIn, fieldsOut, group } = shape;
  const { order } = GROUPS[group];
  const isLifting = sizeIn === 1;
  const blocks: number[] = [];
  let bytes = 0;
  const keep = (values: Int32Array | Float32Array) => {
    blocks.push(kernels.table(new Int32Array(values.buffer)));
    bytes += 4 * values.length;
    return blocks.at(-1)!;
  };
  const job = (
    name: GroupName,
    side: Positions,
    fields: Pick<Job, 'fieldsIn' | 'fieldsOut' | 'copiesIn' | 'planesIn'>,
  ): Job => ({
    ...{ group: name, ...fields, positions: side.positions, stepIn: side.stepIn, stepOut: side.stepOut },
    packedLength: lengthOf(name, side) * fields.fieldsIn * fields.copiesIn * fields.fieldsOut,
    offsets: keep(side.offsets),
    counts: keep(side.counts),
    factors: keep(side.factors),
    table: keep(side.table),
    matrix: keep(Float32Array.from(ENTRIES[name].flat())),
  });
  const { vectors, cells, stride, padding, forward, adjoint } = plan;
  const place = (entries: Int32Array): Vectors => ({ count: entries.length / 3, table: keep(entries) });
  const back = { fieldsIn: fieldsOut, fieldsOut: fieldsIn };
  return {
    ...{ stride, padding, positions: shape.positions?.length ?? shape.kernel ** 2 },
    pixels: place(vectors),
    cells: cells && place(cells),
    forward: job(group, forward, { fieldsIn, fieldsOut, copiesIn: 1, planesIn: sizeIn }),
    adjoint: isLifting
      ? job('C1', adjoint, { ...back, copiesIn: order, planesIn: 1 })
      : job(group, adjoint, { ...back, copiesIn: 1, planesIn: order }),
    bytes,
    release: () => {
      for (const block of blocks) kernels.heap.release(block);
    },
  };
}

/** Numbers that a pair of fields has in all products: in each block, the positions that count there. */
function lengthOf(group: GroupName, { counts }: Positions): number {
  return blocksOf(group).reduce((sum, block, b) => sum + (block.length > 1 ? 4 : 1) * counts[b], 0);
}
