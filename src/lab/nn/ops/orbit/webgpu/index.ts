/**
 * The orbit layer on WebGPU by Fourier over the group (../plan.ts), three programs each way:
 *
 *   weights → components; products in chunks; chunks together, back to responses, their largest, bias and ReLU
 *   gradient of the responses (shared evenly among ties) and of the bias; of the weights; of the maps
 *
 * Loaded with the engine.
 */
import type * as tf from '../../../../runtime/tf';
import { COLUMN_NUMBERS, DOWN, OWN_COLUMN, planColumns } from '../../../../runtime/webgpu/columns';
import { KEEPING_NAN } from '../../../../runtime/webgpu/notNumbers';
import {
  flatGroups,
  keptProgram,
  launch,
  launchOne,
  type Program,
  registerProgram,
  release,
  THREADS,
  type WebGPUBackend,
} from '../../../../runtime/webgpu/program';
import { GROUPS, type GroupName } from '../../../../symmetry/group';
import {
  ORBIT_HIDDEN,
  ORBIT_MAP_GRADIENT,
  ORBIT_RESPONSE_GRADIENT,
  ORBIT_WEIGHT_GRADIENT,
  ORBIT_WEIGHTS,
} from '../names';
import type { OrbitShape } from '../plan';
import { ELEMENTS, type Elements, eachOf, valuesFrom } from './elements';
import { type ProductKind, productProgram, TILE } from './product';
import { orbitTables } from './tables';

type Group = Exclude<GroupName, 'C1'>;
interface Attrs extends Omit<OrbitShape, 'group'> {
  readonly group: Group;
}
const shapeIn = (attrs: Readonly<Record<string, unknown>>): Attrs => attrs.shape as Attrs;

const weightsProgram = (elements: Elements): Program =>
  keptProgram(`orbit weights of ${elements.order}`, () => ({
    reads: { w: 'f32', table: 'i32', sharing: 'f32' },
    writes: { packed: 'Values' },
    numbers: { length: 'i32', fields: 'i32', hidden: 'i32' },
    size: [THREADS, 1],
    declarations: elements.functions,
    body: `
  if (index >= u.length) { return; }
  let orbit = index / (u.fields * u.hidden);
  let place = index % (u.fields * u.hidden);
  let own = ${valuesFrom(elements, (h) => `w[table[orbit * ${elements.order} + ${h}] * u.fields * u.hidden + place]`)};
  packed[index] = scaled(transform(own)) * (1 / sharing[orbit]);`,
  }));

const hiddenProgram = (elements: Elements): Program =>
  keptProgram(`orbit hidden of ${elements.order}`, () => ({
    reads: { parts: 'Values', bias: 'f32' },
    writes: { hidden: 'f32', responses: 'Values' },
    numbers: { length: 'i32', columns: 'i32', chunks: 'i32' },
    size: [THREADS, 1],
    declarations: `${KEEPING_NAN}${elements.functions}`,
    body: `
  if (index >= u.length) { return; }
  var sum = parts[index];
  for (var chunk = 1; chunk < u.chunks; chunk++) { sum += parts[chunk * u.length + index]; }
  let v = valuesOf(sum);
  responses[index] = v;
  var top = ${elements.order === 8 ? 'v[0][0]' : 'v[0]'};
  ${eachOf(elements, 'v', (number) => `top = larger(top, ${number});`)}
  hidden[index] = relu(top + bias[index % u.columns]);`,
  }));

/** In components; nothing where ReLU cut off. */
const responseGradientProgram = (elements: Elements): Program =>
  keptProgram(`orbit response gradient of ${elements.order}`, () => ({
    reads: { dy: 'f32', hidden: 'f32', responses: 'Values' },
    writes: { gradient: 'Values', dBias: 'f32' },
    numbers: COLUMN_NUMBERS,
    size: [THREADS, 1],
    declarations: `${DOWN}${elements.functions}`,
    body: `${OWN_COLUMN}
  var sum = 0.0;
  for (var row = first; row < end; row += u.parts) {
    let at = row * u.columns + column;
    let slope = select(0.0, dy[at], hidden[at] > 0.0);
    let v = responses[at];
    var top = ${elements.order === 8 ? 'v[0][0]' : 'v[0]'};
    ${eachOf(elements, 'v', (number) => `top = max(top, ${number});`)}
    var ties = 0.0;
    ${eachOf(elements, 'v', (number) => `ties += select(0.0, 1.0, ${number} == top);`)}
    let share = slope / max(ties, 1.0);
    gradient[at] = transform(Values(${eachOf(elements, 'v', (number) => `select(0.0, share, ${number} == top),`)}));
    sum += slope;
  }
  sum = down(thread, sum);
  if (thread < u.lanes && column < u.columns) { dBias[column] = sum; }`,
  }));

registerProgram(ORBIT_WEIGHTS, (backend, { w }, attrs) => {
  const { group, fields, ...rest } = shapeIn(attrs);
  const { orbits, table, sharing } = orbitTables(backend, { group, fields, ...rest });
  const [, hidden] = w.shape;
  const length = orbits * fields * hidden;
  return launchOne(backend, weightsProgram(ELEMENTS[group]), {
    reads: { w, table, sharing },
    writes: { packed: [GROUPS[group].order * orbits * fields, hidden] },
    numbers: { length, fields, hidden },
    groups: flatGroups(length),
  });
});

/** How many workgroups keep a large GPU busy, and inner numbers below which a chunk is not worth one. */
const [WORKGROUPS, LEAST_DEPTH] = [256, 32];

interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly chunks?: number;
}

const tilesOf = ({ rows, columns }: Pick<Sizes, 'rows' | 'columns'>): number =>
  Math.ceil(rows / TILE) * Math.ceil(columns / TILE);

function multiply(
  backend: WebGPUBackend,
  kind: ProductKind,
  { group, size, fields }: Attrs,
  { chunks = 1, ...sizes }: Sizes,
  reads: Readonly<Record<string, tf.TensorInfo>>,
  shape: readonly number[],
): tf.TensorInfo {
  const tiles = tilesOf(sizes);
  const [across, down] = flatGroups(tiles, 1);
  return launchOne(backend, productProgram(ELEMENTS[group], kind), {
    reads,
    writes: { c: shape },
    numbers: {
      ...{ ...sizes, tiles, fields, positions: size ** 2, across: Math.ceil(sizes.columns / TILE) },
      depth: Math.ceil(sizes.inner / chunks),
    },
    groups: [across, down, chunks],
  });
}

/** → hidden values and responses. */
registerProgram(ORBIT_HIDDEN, (backend, { x, weights, bias }, attrs) => {
  const shape = shapeIn(attrs);
  const { order } = GROUPS[shape.group];
  const { orbits, table } = orbitTables(backend, shape);
  const [[rows], [, columns]] = [x.shape, weights.shape];
  const inner = orbits * shape.fields;
  const wanted = Math.ceil(WORKGROUPS / tilesOf({ rows, columns }));
  const chunks = Math.max(1, Math.min(wanted, Math.floor(inner / LEAST_DEPTH)));
  const sizes = { rows, columns, inner, chunks };
  const length = rows * columns;
  const made = [chunks * order * length];
  const parts = multiply(backend, 'value', shape, sizes, { a: x, b: weights, table }, made);
  const found = launch(backend, hiddenProgram(ELEMENTS[shape.group]), {
    reads: { parts, bias },
    writes: { hidden: [rows, columns], responses: [order, rows, columns] },
    numbers: { length, columns, chunks },
    groups: flatGroups(length),
  });
  release(backend, parts);
  return found;
});

registerProgram(ORBIT_RESPONSE_GRADIENT, (backend, { dy, hidden, responses }, attrs) => {
  const [rows, columns] = dy.shape;
  const { numbers, groups } = planColumns(rows, columns, 1);
  return launch(backend, responseGradientProgram(ELEMENTS[shapeIn(attrs).group]), {
    reads: { dy, hidden, responses },
    writes: { gradient: responses.shape, dBias: [columns] },
    ...{ numbers, groups },
  });
});

/** Maps as they came. */
registerProgram(ORBIT_WEIGHT_GRADIENT, (backend, { maps, gradient }, attrs) => {
  const shape = shapeIn(attrs);
  const { orbits, table } = orbitTables(backend, shape);
  const [, inner, columns] = gradient.shape;
  const sizes = { rows: orbits * shape.fields, columns, inner };
  const reads = { a: maps, b: gradient, table };
  return multiply(backend, 'weight', shape, sizes, reads, [shape.size ** 2 * shape.fields, columns]);
});

registerProgram(ORBIT_MAP_GRADIENT, (backend, { weights, gradient }, attrs) => {
  const shape = shapeIn(attrs);
  const { orbits, table, sharing } = orbitTables(backend, shape);
  const [, rows, inner] = gradient.shape;
  const sizes = { rows, columns: orbits * shape.fields, inner };
  const reads = { a: gradient, b: weights, sharing, table };
  return multiply(backend, 'map', shape, sizes, reads, [rows, shape.size ** 2 * shape.fields]);
});
