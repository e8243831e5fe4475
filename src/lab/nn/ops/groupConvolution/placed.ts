/** Plans whose tables lie in the kernels' memory: those of the latest shapes stay there, for training asks at every step. */
import { Recent } from '../../../recent';
import type { Kernels } from '../../../runtime/kernels/engine';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { ENTRIES } from './fourier';
import { makePlan, type Plan } from './plan';

/** One product of a layer: as which group it runs, between how many fields of it, and where its tables lie. */
export interface Job {
  readonly group: GroupName;
  readonly fieldsIn: number;
  readonly fieldsOut: number;
  /** How often a field occurs: a lifting layer runs as C1, with n copies of each output field. */
  readonly copiesIn: number;
  readonly copiesOut: number;
  readonly stepIn: number;
  readonly stepOut: number;
  /** Addresses. */
  readonly offsets: number;
  readonly table: number;
  readonly matrix: number;
}

export interface PlacedPlan extends Pick<Plan, 'stride' | 'padding' | 'positions'> {
  readonly vectors: number;
  readonly vectorTable: number;
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
  return latest.get(key, () => place(kernels, shape, makePlan(shape, height, width)));
}

function place(kernels: Kernels, shape: FilterShape, plan: Plan): PlacedPlan {
  const { sizeIn, fieldsIn, fieldsOut } = shape;
  const group = sizeIn > 1 ? shape.group : 'C1';
  const copies = sizeIn > 1 ? 1 : GROUPS[shape.group].order;
  const entries = ENTRIES[group].flat();
  const matrix = kernels.heap.allocate(4 * entries.length);
  kernels.floats(matrix, entries.length).set(entries);
  const blocks = [matrix];
  const table = (values: Int32Array) => {
    blocks.push(kernels.table(values));
    return blocks.at(-1)!;
  };
  const job = (
    { offsets, table: weights, stepIn, stepOut }: Plan['forward'],
    fields: Pick<Job, 'fieldsIn' | 'fieldsOut' | 'copiesIn' | 'copiesOut'>,
  ): Job => ({
    ...{ group, matrix, stepIn, stepOut, ...fields },
    offsets: table(offsets),
    table: table(weights),
  });
  const { vectors, stride, padding, positions, forward, adjoint } = plan;
  return {
    ...{ stride, padding, positions },
    vectors: vectors.length / 3,
    vectorTable: table(vectors),
    forward: job(forward, { fieldsIn, fieldsOut, copiesIn: 1, copiesOut: copies }),
    adjoint: job(adjoint, { fieldsIn: fieldsOut, fieldsOut: fieldsIn, copiesIn: copies, copiesOut: 1 }),
    bytes: 4 * [vectors, forward, adjoint].reduce((sum, each) => sum + lengthOf(each), entries.length),
    release: () => {
      for (const block of blocks) kernels.heap.release(block);
    },
  };
}

function lengthOf(tables: Int32Array | Plan['forward']): number {
  return tables instanceof Int32Array ? tables.length : tables.offsets.length + tables.table.length;
}
