/** Weights as the products read them, transformed once for all pixels; and their gradient from the products' sums. */
import type * as tf from '../../../../runtime/tf';
import {
  flatGroups,
  keptProgram,
  launchOne,
  type Program,
  THREADS,
  type WebGPUBackend,
} from '../../../../runtime/webgpu/program';
import type { FilterShape } from '../../../../symmetry/filters';
import { GROUPS } from '../../../../symmetry/group';
import { roundedFields } from './components';
import { asItRuns, type Product, type Tables } from './tables';

const PACK: Program = {
  key: 'pack weights',
  reads: { w: 'f32', table: 'i32', entries: 'f32' },
  writes: { packed: 'f32' },
  numbers: {
    ...{ length: 'i32', order: 'i32', rows: 'i32', fieldsIn: 'i32', fieldsOut: 'i32', rounded: 'i32' },
    ...{ copiesIn: 'i32', copiesOut: 'i32', stepIn: 'i32', stepOut: 'i32' },
  },
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let component = index % u.order;
  let output = index / u.order % u.rounded;
  let input = index / (u.order * u.rounded) % u.fieldsIn;
  let position = index / (u.order * u.rounded * u.fieldsIn);
  var sum = 0.0;
  if (output < u.fieldsOut) {
    let row = position * u.rows + output % u.copiesOut + input % u.copiesIn;
    let first = input / u.copiesIn * u.stepIn + output / u.copiesOut * u.stepOut;
    for (var k = 0; k < u.order; k++) {
      sum += entries[component * u.order + k] * w[first + table[row + k]];
    }
  }
  packed[index] = sum;`,
};

/** [positions, F_in, S_in, F_out] → [positions][inputs][outputs, rounded][components], as one of the layer's products runs. */
export function packWeights(
  backend: WebGPUBackend,
  { positions, entries }: Tables,
  product: Product,
  w: tf.TensorInfo,
): tf.TensorInfo {
  const { group, fieldsIn, fieldsOut } = asItRuns(product);
  const { order } = GROUPS[group];
  const rounded = roundedFields(group, fieldsOut);
  const length = positions * fieldsIn * rounded * order;
  const { copiesIn, copiesOut, stepIn, stepOut, table } = product;
  const rows = Math.max(order, copiesIn * copiesOut);
  return launchOne(backend, PACK, {
    reads: { w, table, entries },
    writes: { packed: [length] },
    numbers: { length, order, rows, fieldsIn, fieldsOut, rounded, copiesIn, copiesOut, stepIn, stepOut },
    groups: flatGroups(length),
  });
}

/** Threads that add up one weight's sums. */
const ADDERS = 8;
const WEIGHTS = 32;

const collectProgram = (): Program =>
  keptProgram('collect filter gradient', () => ({
    reads: { sums: 'f32', positions: 'i32', factors: 'f32' },
    writes: { dw: 'f32' },
    numbers: {
      ...{ length: 'i32', order: 'i32', sizeIn: 'i32', fieldsIn: 'i32', fieldsOut: 'i32', row: 'i32' },
      ...{ chunks: 'i32', chunk: 'i32' },
    },
    size: [WEIGHTS, ADDERS],
    declarations: `var<workgroup> collected: array<f32, ${WEIGHTS * ADDERS}>;`,
    body: `
    let at = (group.y * groups.x + group.x) * ${WEIGHTS} + local.x;
    let output = at % u.fieldsOut;
    let slice = at / u.fieldsOut % u.sizeIn;
    let input = at / (u.fieldsOut * u.sizeIn) % u.fieldsIn;
    let stored = at / (u.fieldsOut * u.sizeIn * u.fieldsIn);
    var sum = 0.0;
    if (at < u.length) {
      for (var c = local.y; c < u.chunks; c += ${ADDERS}) {
        for (var j = 0; j < u.order; j++) {
          let position = positions[(stored * u.sizeIn + slice) * u.order + j];
          let origin = c * u.chunk + (position * u.fieldsIn + input) * u.row + output * u.order + j;
          sum += factors[slice * u.order + j] * sums[origin];
        }
      }
    }
    collected[thread] = sum;
    workgroupBarrier();
    if (local.y == 0 && at < u.length) {
      for (var other = 1; other < ${ADDERS}; other++) { sum += collected[other * ${WEIGHTS} + local.x]; }
      dw[at] = sum;
    }`,
  }));

/** The sums of every chunk, [chunks][positions][inputs][outputs, rounded][components], → the gradient of the stored weights. */
export function collectGradient(
  backend: WebGPUBackend,
  { positions, collected, forward }: Tables,
  { fieldsIn, sizeIn, fieldsOut, group }: FilterShape,
  sums: tf.TensorInfo,
  chunks: number,
): tf.TensorInfo {
  const { order } = GROUPS[group];
  const running = asItRuns(forward);
  const row = roundedFields(running.group, running.fieldsOut) * GROUPS[running.group].order;
  const shape = [positions, fieldsIn, sizeIn, fieldsOut];
  const length = positions * fieldsIn * sizeIn * fieldsOut;
  return launchOne(backend, collectProgram(), {
    reads: { sums, ...collected },
    writes: { dw: shape },
    numbers: {
      ...{ length, order, sizeIn, fieldsIn, fieldsOut, row, chunks },
      chunk: positions * fieldsIn * row,
    },
    groups: flatGroups(length, WEIGHTS),
  });
}
