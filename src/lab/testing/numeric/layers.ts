/**
 * What follows a convolution in a trunk, and layers opened for inference, on the running engine: within 1e-5 of the range
 * of their definition in float64, gradients too, and equivariant under every element.
 */
import { expect, test } from 'vitest';
import { preferredForm } from '../../nn/maps/forms';
import type { BackendName } from '../../runtime/backend';
import * as tf from '../../runtime/tf';
import { GROUP_NAMES, GROUPS, type GroupName } from '../../symmetry/group';
import { forbidLeaks } from '../backends';
import { noise } from '../tiny';
import { largestOf, normed, orbitsOf, poolCells } from './definitions';
import { expandedLayer } from './expanded';
import { actOn, fromForm, inner, type MapShape, off, sizeOf, toForm } from './maps';

interface Case {
  readonly group: GroupName;
  readonly fields: number;
  readonly size: number;
  /** Few different values, of which many tie; no −0 among them. */
  readonly ties: boolean;
}

const SIZES = [4, 64, 10, 32, 6, 16, 24];
const FIELDS = [1, 3, 5, 7];

const TABLE: Case[] = GROUP_NAMES.flatMap((group, i) =>
  SIZES.map((size, j) => ({
    ...{ group, size, ties: (i + j) % 2 === 0 },
    fields: size > 24 ? FIELDS[(i + j) % 2] : FIELDS[(i + j) % 4],
  })),
);

const shapeOf = ({ group, fields, size }: Case): MapShape => [
  size > 24 ? 2 : 5,
  fields,
  GROUPS[group].order,
  size,
  size,
];

const numbersOf = ({ ties }: Case, count: number, seed: number): Float32Array =>
  noise(count, seed).map((value) => (ties ? Math.round(3 * value) / 3 + 0 : value));

/** The gradient that arrives: nothing where ReLU's own depends on the last bit. */
const awayFromZero = (dy: Float32Array, z: Float64Array): Float32Array =>
  dy.map((value, i) => (Math.abs(z[i]) < 1e-4 ? 0 : value));

const pooledShape = ([tiles, fields, order, height, width]: MapShape): MapShape => [
  tiles,
  fields,
  order,
  height / 2,
  width / 2,
];

function expectNear(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string): void {
  expect(off(ours, theirs), what).toBeLessThan(1e-5);
}

async function numbers(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data<'float32'>());
  tensor.dispose();
  return values;
}

async function maps(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await fromForm(preferredForm(), tensor);
  tensor.dispose();
  return values;
}

/** pool(ReLU(norm(x))) as it runs, and its gradients. */
async function normOf(
  of: Case,
  pool: boolean,
  x: Float32Array,
  dy: Float32Array,
  [scale, shift]: Float32Array[],
) {
  const form = preferredForm();
  const shape = shapeOf(of);
  const order = GROUPS[of.group].order;
  const run = (value: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor) => {
    const moments = form.moments(value, order);
    return form.normReluPool(value, gain as tf.Tensor1D, offset as tf.Tensor1D, moments, pool);
  };
  const [y, mean, variance, dx, dScale, dShift] = tf.tidy(() => {
    const inputs = [toForm(form, x, shape), tf.tensor1d(scale), tf.tensor1d(shift)];
    const moments = form.moments(inputs[0], order);
    const arriving = toForm(form, dy, pool ? pooledShape(shape) : shape);
    const loss = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => tf.sum(tf.mul(run(a, b, c), arriving));
    const [value, gain, offset] = inputs;
    return [run(value, gain, offset), moments.mean, moments.variance, ...tf.grads(loss)(inputs)];
  });
  return {
    ...{ y: await maps(y), dx: await maps(dx) },
    ...{ mean: await numbers(mean), variance: await numbers(variance) },
    ...{ dScale: await numbers(dScale), dShift: await numbers(dShift) },
  };
}

/** Scales of both signs, shifts that leave a part of every field below 0. */
const gains = (fields: number) => [
  noise(fields, 31).map((value) => value + Math.sign(value)),
  noise(fields, 32).map((value) => 0.5 * value),
];

async function expectNorm(of: Case, pool: boolean): Promise<void> {
  const shape = shapeOf(of);
  const x = numbersOf(of, sizeOf(shape), 33);
  const [scale, shift] = gains(of.fields);
  const given = noise(x.length / (pool ? 4 : 1), 34);
  const dy = awayFromZero(given, normed(x, shape, scale, shift, pool, given).z);
  const expected = normed(x, shape, scale, shift, pool, dy);
  const found = await normOf(of, pool, x, dy, [scale, shift]);
  for (const key of ['mean', 'variance', 'y', 'dx', 'dScale', 'dShift'] as const)
    expectNear(found[key], expected[key], key);
  expectDifferences(of, pool, x, [scale, shift], dy, found);

  for (let g = 1; g < GROUPS[of.group].order; g++) {
    const turned = await normOf(of, pool, actOn(x, shape, of.group, g), dy, [scale, shift]);
    const expectedY = actOn(found.y, pool ? pooledShape(shape) : shape, of.group, g);
    expectNear(turned.y, expectedY, `element ${g}`);
  }
}

/** Along a direction of every input at once, by the definition: over a step so small that nothing crosses a kink. */
function expectDifferences(
  of: Case,
  pool: boolean,
  x: Float32Array,
  [scale, shift]: Float32Array[],
  dy: Float32Array,
  found: Awaited<ReturnType<typeof normOf>>,
): void {
  // Ties part when moved.
  if (of.ties || dy.length > 20_000) return;
  const shape = shapeOf(of);
  const [u, v, w] = [x, scale, shift].map(({ length }, i) => noise(length, 35 + i));
  const step = 1e-6;
  const lossAt = (t: number) => {
    const moved = [x, scale, shift].map((from, i) =>
      Float64Array.from(from, (a, at) => a + t * [u, v, w][i][at]),
    );
    return inner(normed(moved[0], shape, moved[1], moved[2], pool, dy).y, dy);
  };
  const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
  const claimed = inner(found.dx, u) + inner(found.dScale, v) + inner(found.dShift, w);
  expect(Math.abs(slope - claimed), 'differences').toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
}

async function expectMean(of: Case): Promise<void> {
  const form = preferredForm();
  const shape = shapeOf(of);
  const order = GROUPS[of.group].order;
  const x = noise(sizeOf(shape), 45);
  const groups = orbitsOf(shape);
  const dy = noise(groups.length, 46);
  const [y, dx] = tf.tidy(() => {
    const value = toForm(form, x, shape);
    const arriving = tf.tensor(dy, [shape[0], shape[3], shape[4], shape[1]]);
    return [
      form.groupMean(value, order),
      tf.grad((each) => tf.sum(tf.mul(form.groupMean(each, order), arriving)))(value),
    ];
  });
  const expected = new Float64Array(x.length);
  groups.forEach((orbit, i) => {
    for (const at of orbit) expected[at] += dy[i] / order;
  });
  const means = groups.map((orbit) => orbit.reduce((sum, at) => sum + x[at], 0) / order);
  expectNear(await numbers(y), means, 'mean');
  expectNear(await maps(dx), expected, 'gradient of the mean');
}

async function expectPooling(of: Case, kind: 'group' | 'cells'): Promise<void> {
  const form = preferredForm();
  const shape = shapeOf(of);
  const order = GROUPS[of.group].order;
  const x = numbersOf(of, sizeOf(shape), 41);
  const groups = kind === 'group' ? orbitsOf(shape) : poolCells(shape);
  const dy = noise(groups.length, 42);
  const expected = largestOf(x, groups, dy);
  const run = (value: tf.Tensor) => (kind === 'group' ? form.groupPool(value, order) : form.maxPool(value));
  const pooledTiles = [shape[0], shape[3], shape[4], shape[1]];
  const [y, dx] = tf.tidy(() => {
    const value = toForm(form, x, shape);
    const arriving = kind === 'group' ? tf.tensor(dy, pooledTiles) : toForm(form, dy, pooledShape(shape));
    return [run(value), tf.grad((each) => tf.sum(tf.mul(run(each), arriving)))(value)];
  });
  // Nothing is computed but a choice.
  expect(await (kind === 'group' ? numbers(y) : maps(y))).toEqual(Float32Array.from(expected.y));
  expectNear(await maps(dx), expected.dx, 'gradient');
}

/** A layer for inference, whose maps may not be square. */
async function expectOpened(
  of: Case,
  lifting: boolean,
  [height, width]: readonly [number, number],
): Promise<void> {
  const form = preferredForm();
  const { order } = GROUPS[of.group];
  const shape = {
    group: of.group,
    kernel: 3,
    fieldsIn: 3,
    sizeIn: lifting ? 1 : order,
    fieldsOut: of.fields,
  };
  const xShape: MapShape = [3, 3, shape.sizeIn, height, width];
  const yShape: MapShape = [3, of.fields, order, height, width];
  const [x, dy] = [noise(sizeOf(xShape), 51), noise(sizeOf(yShape), 52)];
  const [w, bias] = [noise(27 * shape.sizeIn * of.fields, 53), noise(of.fields, 54)];
  const size = [3, height, width] as const;
  const plain = expandedLayer(shape, 'grid', size, x, w, dy).y;
  const perField = order * height * width;
  const z = plain.map((value, at) => value + bias[Math.floor(at / perField) % of.fields]);
  const active = z.map((value) => Math.max(0, value));
  const arriving = awayFromZero(dy, z).map((value, i) => (z[i] > 0 ? value : 0));
  const { dx } = expandedLayer(shape, 'grid', size, x, w, arriving);

  const [weights, offsets] = [tf.tensor4d(w, [9, 3, shape.sizeIn, of.fields]), tf.tensor1d(bias)];
  const layer = form.openLayer(weights, offsets, shape);
  tf.dispose([weights, offsets]);
  const [run, pooled, respond, gradient] = tf.tidy(() => {
    const value = toForm(form, x, xShape);
    const given = toForm(form, awayFromZero(dy, z), yShape);
    const loss = (each: tf.Tensor) => tf.sum(tf.mul(layer.respond(each), given));
    return [layer.run(value, false), layer.run(value, true), layer.respond(value), tf.grad(loss)(value)];
  });
  layer.dispose();
  expectNear(await maps(run), active, 'run');
  expectNear(await maps(respond), active, 'respond');
  expectNear(await maps(gradient), dx, 'gradient');
  const cells = poolCells(yShape);
  expectNear(await maps(pooled), largestOf(active, cells, new Float64Array(cells.length)).y, 'pooled');
}

/** The suite, for `describeOnBackends` and for hosts that choose the number of threads. */
export function layerSuite(backend: BackendName): void {
  forbidLeaks();
  // Plain JavaScript and a GPU emulated on the CPU are many times slower.
  const isFast = backend === 'wasm';
  const table = TABLE.filter(({ size }, i) => isFast || (size <= 6 && i % 2 === 0));
  const titled = table.map((each) => {
    const { group, fields, size, ties } = each;
    return [`${group}, ${fields} fields, ${size}×${size}${ties ? ', with ties' : ''}`, each] as const;
  });

  test.each(titled)('%s: norm, ReLU and pooling, their gradients, every element', async (_, each) => {
    await expectNorm(each, false);
    await expectNorm(each, true);
  });

  test.each(titled)('%s: pooling of cells and over the group', async (_, each) => {
    await expectPooling(each, 'cells');
    await expectPooling(each, 'group');
    await expectMean(each);
  });

  test.each(titled.filter(([, { size }]) => size <= 16))('%s: layers for inference', async (_, each) => {
    for (const lifting of [true, false]) {
      await expectOpened(each, lifting, [each.size, each.size]);
      await expectOpened(each, lifting, [each.size, each.size + 6]);
    }
  });

  test('maps that leave the form are those that lie in it', async () => {
    const form = preferredForm();
    const shape: MapShape = [3, 5, 4, 6, 6];
    const values = noise(sizeOf(shape), 61);
    const left = await numbers(tf.tidy(() => form.leave(toForm(form, values, shape))));
    const [tiles, fields, order, size] = shape;
    const expected = new Float32Array(values.length);
    values.forEach((value, at) => {
      const [plane, p] = [Math.floor(at / size ** 2), at % size ** 2];
      const [t, channel] = [Math.floor(plane / (fields * order)), plane % (fields * order)];
      expected[(t * size ** 2 + p) * fields * order + channel] = value;
    });
    expect(left).toEqual(expected);
    const pictures = noise(tiles * 36 * 3, 62);
    const entered = tf.tidy(() => form.leave(form.enter(tf.tensor4d(pictures, [tiles, 6, 6, 3]))));
    expect(await numbers(entered)).toEqual(pictures);
  });
}
