/**
 * What every convolution has to be, on the running engine: within 1e-5 of the range of the expanded one in float64, its
 * gradients its adjoints, linear, and equivariant under every element. A table covers every group, kernel, form of weights
 * and size; a property draws what the table leaves out.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { preferredForm } from '../../nn/maps/forms';
import { gridWeights } from '../../nn/ops/expand';
import type { BackendName } from '../../runtime/backend';
import * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import { GROUP_NAMES, GROUPS } from '../../symmetry/group';
import { positionOrbits } from '../../symmetry/turn';
import { forbidLeaks } from '../backends';
import { cases, THOROUGH } from '../properties';
import { noise } from '../tiny';
import { expandedLayer, type Filters, storedCount } from './expanded';
import { actOn, fromForm, inner, type MapShape, norm, off, sizeOf, toForm } from './maps';

interface Case {
  readonly shape: FilterShape;
  readonly filters: Filters;
  readonly size: number;
  readonly tiles: number;
}

const KERNELS = [1, 3, 5, 7] as const;
const SIZES = [4, 64, 7, 24, 12, 48, 5, 32, 16, 9, 20];
/** Odd counts of fields, small where maps are large: the reference takes its time. */
const FIELDS = {
  small: [
    [3, 5],
    [5, 3],
    [1, 7],
    [9, 1],
    [5, 5],
  ],
  middle: [
    [1, 3],
    [3, 1],
    [3, 3],
  ],
  large: [
    [1, 1],
    [1, 3],
    [3, 1],
  ],
} as const;

/** Every group × kernel × lifting or not × form of weights; sizes and fields go round. */
function coveringTable(): Case[] {
  const table: Case[] = [];
  for (const group of GROUP_NAMES)
    for (const kernel of KERNELS)
      for (const lifting of [true, false])
        for (const filters of ['grid', 'steerable'] as const) {
          const i = table.length;
          const size = SIZES[i % SIZES.length];
          const fields = FIELDS[size <= 9 ? 'small' : size <= 24 ? 'middle' : 'large'];
          const [fieldsIn, fieldsOut] = fields[i % fields.length];
          const sizeIn = lifting ? 1 : GROUPS[group].order;
          const shape = { group, kernel, fieldsIn, sizeIn, fieldsOut };
          table.push({ shape, filters, size, tiles: size > 32 ? 1 : size > 9 ? 2 : 5 });
        }
  return table;
}

const drawn: fc.Arbitrary<Case> = fc
  .record({
    group: fc.constantFrom(...GROUP_NAMES),
    kernel: fc.constantFrom(...KERNELS),
    lifting: fc.boolean(),
    support: fc.constantFrom('steerable', 'whole', 'part'),
    fieldsIn: fc.integer({ min: 1, max: 7 }),
    fieldsOut: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 13 }),
    tiles: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ group, kernel, lifting, support, fieldsIn, fieldsOut, size, tiles }) => {
    const { order, elements } = GROUPS[group];
    const kept = positionOrbits(kernel, elements).filter((_, i) => i % 2 === 0);
    const shape = {
      ...{ group, kernel, fieldsIn, sizeIn: lifting ? 1 : order, fieldsOut },
      ...(support === 'part' && { positions: kept.flat().sort((a, b) => a - b) }),
    };
    return { shape, filters: support === 'steerable' ? 'steerable' : 'grid', size, tiles };
  });

const titleOf = ({ shape, filters, size }: Case): string => {
  const { group, kernel, fieldsIn, sizeIn, fieldsOut } = shape;
  const kind = sizeIn === 1 ? 'lifting' : 'group';
  return `${group} ${kernel}×${kernel} ${kind}, ${filters}, ${fieldsIn} → ${fieldsOut} fields, ${size}×${size}`;
};

/** One layer with numbers of its own. */
class Bench {
  readonly form = preferredForm();
  readonly xShape: MapShape;
  readonly yShape: MapShape;
  readonly wShape: readonly number[];
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly dy: Float32Array;

  constructor(
    readonly of: Case,
    seed: number,
  ) {
    const { shape, filters, size, tiles } = of;
    this.xShape = [tiles, shape.fieldsIn, shape.sizeIn, size, size];
    this.yShape = [tiles, shape.fieldsOut, GROUPS[shape.group].order, size, size];
    this.wShape = [storedCount(shape, filters), shape.fieldsIn, shape.sizeIn, shape.fieldsOut];
    [this.x, this.w, this.dy] = [this.xShape, this.wShape, this.yShape].map((each, i) =>
      noise(sizeOf(each), seed + i),
    );
  }

  private layer(constant?: 'input') {
    const { shape, filters } = this.of;
    return (maps: tf.Tensor, free: tf.Tensor) =>
      this.form.convolve(maps, gridWeights(free, shape.kernel, filters), shape, constant);
  }

  private tensors(x: Float32Array, w: Float32Array) {
    return [toForm(this.form, x, this.xShape), tf.tensor(w, [...this.wShape])] as const;
  }

  async value(x = this.x, w = this.w): Promise<Float32Array> {
    const y = tf.tidy(() => this.layer()(...this.tensors(x, w)));
    return this.read(y);
  }

  /** Of Σ dy·y: for the maps and the stored weights. */
  async gradients(): Promise<{ dx: Float32Array; dw: Float32Array }> {
    const loss = (maps: tf.Tensor, free: tf.Tensor) =>
      tf.sum(tf.mul(this.layer()(maps, free), toForm(this.form, this.dy, this.yShape)));
    const [dx, dw] = tf.tidy(() => tf.grads(loss)([...this.tensors(this.x, this.w)]));
    return { dx: await this.read(dx), dw: await this.numbers(dw) };
  }

  /** The same for the weights alone, where no gradient flows to the maps. */
  async weightGradient(): Promise<Float32Array> {
    return this.numbers(
      tf.tidy(() => {
        const [maps, w] = this.tensors(this.x, this.w);
        const dy = toForm(this.form, this.dy, this.yShape);
        return tf.grad((free) => tf.sum(tf.mul(this.layer('input')(maps, free), dy)))(w);
      }),
    );
  }

  private async numbers(tensor: tf.Tensor): Promise<Float32Array> {
    const values = Float32Array.from(await tensor.data<'float32'>());
    tensor.dispose();
    return values;
  }

  private async read(maps: tf.Tensor): Promise<Float32Array> {
    const values = await fromForm(this.form, maps);
    maps.dispose();
    return values;
  }
}

async function expectRight(of: Case, seed: number): Promise<void> {
  const bench = new Bench(of, seed);
  const { shape, filters, size, tiles } = of;
  const { x, w, dy } = bench;
  const y = await bench.value();
  const { dx, dw } = await bench.gradients();
  const expected = expandedLayer(shape, filters, [tiles, size, size], x, w, dy);
  expect(off(y, expected.y), 'value').toBeLessThan(1e-5);
  expect(off(dx, expected.dx), 'input gradient').toBeLessThan(1e-5);
  expect(off(dw, expected.dw), 'filter gradient').toBeLessThan(1e-5);
  expect(off(await bench.weightGradient(), expected.dw), 'filter gradient alone').toBeLessThan(1e-5);
  // ⟨Kx, dy⟩ = ⟨x, Kᵀdy⟩, and the same for the filters.
  const scale = norm(y) * norm(dy);
  expect(Math.abs(inner(y, dy) - inner(x, dx)), 'adjoint').toBeLessThanOrEqual(1e-6 * scale);
  expect(Math.abs(inner(y, dy) - inner(w, dw)), 'adjoint of the filters').toBeLessThanOrEqual(1e-6 * scale);
}

/** A layer is linear in maps and weights, so a difference over a whole step is exact up to rounding. */
async function expectDifferences(of: Case, seed: number): Promise<void> {
  const bench = new Bench(of, seed);
  const { x, w, dy } = bench;
  const { dx, dw } = await bench.gradients();
  const y = await bench.value();
  const base = inner(y, dy);
  const bumped = (values: Float32Array, at: number) =>
    values.map((value, i) => (i === at ? value + 1 : value));
  const tolerance = 1e-6 * norm(y) * norm(dy);
  for (const at of [0, Math.floor(x.length / 3), x.length - 1]) {
    const step = inner(await bench.value(bumped(x, at), w), dy) - base;
    expect(Math.abs(step - dx[at]), `input ${at}`).toBeLessThan(tolerance);
  }
  for (const at of [0, Math.floor(w.length / 3), w.length - 1]) {
    const step = inner(await bench.value(x, bumped(w, at)), dy) - base;
    expect(Math.abs(step - dw[at]), `weight ${at}`).toBeLessThan(tolerance);
  }
}

async function expectEquivariant(of: Case, seed: number): Promise<void> {
  const bench = new Bench(of, seed);
  const { group } = of.shape;
  const y = await bench.value();
  for (let g = 1; g < GROUPS[group].order; g++) {
    const turned = await bench.value(actOn(bench.x, bench.xShape, group, g));
    expect(off(turned, actOn(y, bench.yShape, group, g)), `element ${g}`).toBeLessThan(1e-5);
  }
}

/** The table for an engine: plain JavaScript and a GPU emulated on the CPU are many times slower than WASM. */
function tableFor(backend: BackendName): Case[] {
  if (backend === 'wasm') return coveringTable();
  if (backend === 'cpu' || THOROUGH) return coveringTable().filter(({ size }, i) => size <= 7 && i % 2 === 0);
  return GROUP_NAMES.map((group, i) => {
    const shape = { group, kernel: i === 0 ? 1 : 3, fieldsIn: 3, sizeIn: i % 2 ? 1 : GROUPS[group].order };
    // An emulated GPU compiles programs for each: every group, both kinds of layers, both forms of weights.
    return { shape: { ...shape, fieldsOut: 5 }, filters: i < 2 ? 'grid' : 'steerable', size: 5, tiles: 3 };
  });
}

/** The suite, for `describeOnBackends` and for hosts that choose the number of threads. */
export function convolutionSuite(backend: BackendName): void {
  forbidLeaks();
  test.each(tableFor(backend).map((each) => [titleOf(each), each] as const))(
    '%s: value, gradients, adjoints, differences, every element',
    async (_, each) => {
      await expectRight(each, 11);
      if (each.size <= 24) await expectDifferences(each, 12);
      await expectEquivariant(each, 13);
    },
  );

  test('shapes drawn at random, and parts of kernels', async () => {
    const runs = backend === 'wasm' ? cases(60) : cases(6, 2);
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(1000), async (each, seed) => {
        await expectRight(each, seed);
        await expectEquivariant(each, seed);
      }),
      { numRuns: runs },
    );
  });
}
