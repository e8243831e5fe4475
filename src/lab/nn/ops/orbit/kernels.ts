/** The orbit layer on the lab's own kernels (kernels/orbitHead.ts): transforms, and products of matrices between them. */
import { Recent } from '../../../recent';
import { type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { type Kernels, OPERATIONS } from '../../../runtime/kernels/engine';
import { multiplyAt, type Strided } from '../../../runtime/kernels/matmul';
import { GROUPS } from '../../../symmetry/group';
import {
  ORBIT_HIDDEN,
  ORBIT_MAP_GRADIENT,
  ORBIT_RESPONSE_GRADIENT,
  ORBIT_WEIGHT_GRADIENT,
  ORBIT_WEIGHTS,
} from './names';
import { makeOrbitPlan, type OrbitShape } from './plan';

type Attrs = Readonly<Record<string, unknown>>;

/** Tables in the kernels' memory. */
interface Placed {
  readonly order: number;
  readonly orbits: number;
  readonly positions: number;
  /** Addresses: positions by orbit, one over the elements at each, and those. */
  readonly table: number;
  readonly parts: number;
  readonly sharing: number;
  release(): void;
}

/** A few sizes of maps are in use at a time. */
const MOST_PLANS = 16;
const plans = new WeakMap<Kernels, Recent<string, Placed>>();

function planOf(kernels: Kernels, attrs: Attrs): Placed & { readonly fields: number } {
  const shape = attrs.shape as OrbitShape;
  let latest = plans.get(kernels);
  if (!latest) {
    latest = new Recent(
      MOST_PLANS,
      () => 1,
      (plan) => plan.release(),
    );
    plans.set(kernels, latest);
  }
  const plan = latest.get(`${shape.group}/${shape.size}`, () => place(kernels, shape));
  return { ...plan, fields: shape.fields };
}

function place(kernels: Kernels, shape: OrbitShape): Placed {
  const { positions, sharing } = makeOrbitPlan(shape);
  const floats = (values: readonly number[]) => {
    const start = kernels.heap.allocate(4 * values.length);
    kernels.floats(start, values.length).set(values);
    return start;
  };
  const blocks = [kernels.table(positions), floats(sharing.map((each) => 1 / each)), floats(sharing)];
  const [table, parts, each] = blocks;
  return {
    ...{ order: GROUPS[shape.group].order, orbits: sharing.length, positions: shape.size ** 2 },
    ...{ table, parts, sharing: each },
    release: () => {
      for (const block of blocks) kernels.heap.release(block);
    },
  };
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly block: number;
  readonly tiles?: number;
  readonly factors?: number;
  readonly bias?: number;
  readonly hidden?: number;
  readonly dy?: number;
}

function run(
  { kernels }: KernelsBackend,
  operation: number,
  { order, orbits, positions, table }: Placed,
  { from, to, block, tiles = 0, factors = 0, bias = 0, hidden = 0, dy = 0 }: Step,
  chunks: number,
): void {
  const scratch = kernels.scratchFor(128);
  const words = [
    ...[from, to, table, factors, order, orbits, block, tiles, bias, hidden, dy],
    ...[scratch.start, scratch.bytesEach, positions],
  ];
  kernels.run(operation, words, chunks);
}

/**
 * The products of a layer, as kernels/orbitHead.ts lays their factors out: maps [rows, inner], weights [inner, hidden],
 * responses [rows, hidden]; offsets in floats. The last two products of D4 read the same maps.
 */
interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly maps: number;
  readonly weights: number;
  readonly responses: number;
  /** Of the gradient of the maps, where a product has one of its own. */
  readonly mapGradient: number;
}

function productsOf(order: number, tiles: number, inner: number, hidden: number): Product[] {
  const ones = order === 8 ? 4 : 2;
  const products: Product[] = Array.from({ length: ones }, (_, i) => ({
    ...{ rows: tiles, inner, maps: i * tiles * inner, mapGradient: i * tiles * inner },
    ...{ weights: i * inner * hidden, responses: i * tiles * hidden },
  }));
  const pairs = order === 2 ? 0 : order === 4 ? 1 : 2;
  for (let j = 0; j < pairs; j++) {
    products.push({
      ...{ rows: 2 * tiles, inner: 2 * inner, maps: ones * tiles * inner },
      mapGradient: (ones + 4 * j) * tiles * inner,
      weights: (ones + 2 * j) * inner * hidden,
      responses: (ones + 2 * j) * tiles * hidden,
    });
  }
  return products;
}

/** Floats of the components of maps; of their gradients, where D4 has the pair twice. */
const mapsLength = (order: number, tiles: number, inner: number): number =>
  (order === 2 ? 2 : order === 4 ? 6 : 8) * tiles * inner;
const mapGradientLength = (order: number, tiles: number, inner: number): number =>
  (order === 8 ? 12 : mapsLength(order, 1, 1)) * tiles * inner;

const rowMajor = (address: number, columns: number): Strided => ({ address, row: columns, column: 1 });
const transposed = (address: number, columns: number): Strided => ({ address, row: 1, column: columns });

registerOwnKernel(ORBIT_WEIGHTS, (backend, { w }, attrs) => {
  const plan = planOf(backend.kernels, attrs);
  const [, hidden] = w.shape;
  const packed = backend.output([plan.order * plan.orbits * plan.fields, hidden]);
  const step = { from: backend.address(w), to: packed.address, block: plan.fields * hidden };
  run(backend, OPERATIONS.orbitWeights, plan, { ...step, factors: plan.parts }, plan.orbits);
  return packed;
});

registerOwnKernel(ORBIT_HIDDEN, (backend, { x, weights, bias }, attrs) => {
  const plan = planOf(backend.kernels, attrs);
  const { order, orbits, fields } = plan;
  const [tiles] = x.shape;
  const [, hidden] = weights.shape;
  const inner = orbits * fields;
  const maps = backend.output([mapsLength(order, tiles, inner)]);
  const responses = backend.output([order, tiles, hidden]);
  const values = backend.output([tiles, hidden]);
  const step = { from: backend.address(x), to: maps.address, block: fields, tiles };
  run(backend, OPERATIONS.orbitMaps, plan, step, tiles);
  const packed = backend.address(weights);
  for (const each of productsOf(order, tiles, inner, hidden)) {
    multiplyAt(
      backend,
      [each.rows, hidden, each.inner],
      rowMajor(maps.address + 4 * each.maps, each.inner),
      rowMajor(packed + 4 * each.weights, hidden),
      responses.address + 4 * each.responses,
    );
  }
  const last = { from: responses.address, to: values.address, block: hidden, tiles };
  run(backend, OPERATIONS.orbitHidden, plan, { ...last, bias: backend.address(bias) }, tiles);
  return [values, responses, maps];
});

registerOwnKernel(ORBIT_RESPONSE_GRADIENT, (backend, { dy, hidden, responses }, attrs) => {
  const plan = planOf(backend.kernels, attrs);
  const [tiles, block] = dy.shape;
  const gradient = backend.output(responses.shape);
  const dBias = backend.output([block]);
  const step = { block, tiles, dy: backend.address(dy), hidden: backend.address(hidden) };
  const from = backend.address(responses);
  run(backend, OPERATIONS.orbitResponseGradient, plan, { ...step, from, to: gradient.address }, tiles);
  run(backend, OPERATIONS.orbitBiasGradient, plan, { ...step, from, to: dBias.address }, 1);
  return [gradient, dBias];
});

registerOwnKernel(ORBIT_WEIGHT_GRADIENT, (backend, { maps, gradient }, attrs) => {
  const plan = planOf(backend.kernels, attrs);
  const { order, orbits, fields, positions } = plan;
  const [, tiles, hidden] = gradient.shape;
  const inner = orbits * fields;
  const dw = backend.output([positions * fields, hidden]);
  const [from, by] = [backend.address(maps), backend.address(gradient)];
  const components = backend.kernels.heap.allocate(4 * order * inner * hidden);
  for (const each of productsOf(order, tiles, inner, hidden)) {
    multiplyAt(
      backend,
      [each.inner, hidden, each.rows],
      transposed(from + 4 * each.maps, each.inner),
      rowMajor(by + 4 * each.responses, hidden),
      components + 4 * each.weights,
    );
  }
  const step = { from: components, to: dw.address, block: fields * hidden };
  run(backend, OPERATIONS.orbitWeightGradient, plan, step, orbits);
  backend.kernels.heap.release(components);
  return dw;
});

registerOwnKernel(ORBIT_MAP_GRADIENT, (backend, { weights, gradient }, attrs) => {
  const plan = planOf(backend.kernels, attrs);
  const { order, orbits, fields, positions, sharing } = plan;
  const [, tiles, hidden] = gradient.shape;
  const inner = orbits * fields;
  const dx = backend.output([tiles, positions * fields]);
  const [packed, from] = [backend.address(weights), backend.address(gradient)];
  const components = backend.kernels.heap.allocate(4 * mapGradientLength(order, tiles, inner));
  for (const each of productsOf(order, tiles, inner, hidden)) {
    multiplyAt(
      backend,
      [each.rows, each.inner, hidden],
      rowMajor(from + 4 * each.responses, hidden),
      transposed(packed + 4 * each.weights, hidden),
      components + 4 * each.mapGradient,
    );
  }
  const step = { from: components, to: dx.address, block: fields, tiles, factors: sharing };
  run(backend, OPERATIONS.orbitMapGradient, plan, step, tiles);
  backend.kernels.heap.release(components);
  return dx;
});
