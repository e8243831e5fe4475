/**
 * The orbit head's hidden layer as it runs: within 1e-5 of the range of its definition in float64, gradients too, the same
 * for a map in every orientation.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openOrbit, orbitHidden } from '../../nn/ops/orbit/orbit';
import type { OrbitShape } from '../../nn/ops/orbit/plan';
import type { BackendName } from '../../runtime/backend';
import * as tf from '../../runtime/tf';
import { GROUP_NAMES, GROUPS } from '../../symmetry/group';
import { turnPictures, turnSource } from '../../symmetry/turn';
import { forbidLeaks } from '../backends';
import { cases } from '../properties';
import { noise } from '../tiny';
import { inner, norm, off } from './maps';

interface Case {
  readonly shape: OrbitShape;
  readonly hidden: number;
  readonly tiles: number;
  /** Maps of few different numbers, uniform where they are 0: orientations tie. */
  readonly ties: boolean;
}

const drawn: fc.Arbitrary<Case> = fc
  .record({
    group: fc.constantFrom(...GROUP_NAMES),
    size: fc.integer({ min: 1, max: 9 }),
    fields: fc.integer({ min: 1, max: 9 }),
    hidden: fc.integer({ min: 1, max: 21 }),
    tiles: fc.integer({ min: 1, max: 9 }),
    ties: fc.boolean(),
  })
  .map(({ group, size, fields, ...rest }) => ({ shape: { group, size, fields }, ...rest }));

/** Sizes of maps that the lab's designs have, with odd counts of everything else. */
const TABLE: Case[] = GROUP_NAMES.flatMap((group) =>
  [2, 4, 8, 16].map((size, i) => ({
    shape: { group, size, fields: [1, 3, 5, 7][i] },
    ...{ hidden: [9, 33, 7, 5][i], tiles: [5, 40, 3, 2][i], ties: false },
  })),
);

interface Numbers {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly bias: Float32Array;
  readonly dy: Float32Array;
}

function numbersOf({ shape: { size, fields }, hidden, tiles, ties }: Case, seed: number): Numbers {
  const inputs = size * size * fields;
  const uniform = noise(tiles * fields, seed + 4);
  const x = noise(tiles * inputs, seed);
  // Every second tile is the same everywhere.
  const tied = x.map((value, i) => {
    const tile = Math.floor(i / inputs);
    return tile % 2 === 0 ? uniform[tile * fields + (i % fields)] : Math.round(2 * value) / 2;
  });
  return {
    x: ties ? tied : x,
    w: noise(inputs * hidden, seed + 1),
    bias: noise(hidden, seed + 2),
    dy: noise(tiles * hidden, seed + 3),
  };
}

/** The definition. Responses closer than rounding can tell apart count as tied, and get no gradient in the comparison. */
function byDefinition({ shape: { group, size, fields }, hidden, tiles }: Case, given: Numbers) {
  const { elements } = GROUPS[group];
  const sources = elements.map((g) => turnSource(size, g));
  const inputs = size * size * fields;
  const { x, w, bias } = given;
  const y = new Float64Array(tiles * hidden);
  const dy = given.dy.slice();
  const [dx, dw, dBias] = [x, w, bias].map(({ length }) => new Float64Array(length));
  for (let t = 0; t < tiles; t++)
    for (let o = 0; o < hidden; o++) {
      const at = t * hidden + o;
      const place = (source: Uint32Array, p: number, f: number) => t * inputs + source[p] * fields + f;
      const responses = sources.map((source) => {
        let sum = 0;
        for (let p = 0; p < size * size; p++)
          for (let f = 0; f < fields; f++) sum += x[place(source, p, f)] * w[(p * fields + f) * hidden + o];
        return sum;
      });
      const largest = Math.max(...responses);
      const tied = responses.flatMap((value, g) => (largest - value < 1e-12 ? [g] : []));
      const close = responses.filter((value) => largest - value < 1e-4).length;
      const z = largest + bias[o];
      if (Math.abs(z) < 1e-4 || close > tied.length) dy[at] = 0;
      y[at] = Math.max(0, z);
      if (z <= 0) continue;
      dBias[o] += dy[at];
      for (const g of tied)
        for (let p = 0; p < size * size; p++)
          for (let f = 0; f < fields; f++) {
            const weight = (p * fields + f) * hidden + o;
            dx[place(sources[g], p, f)] += (dy[at] * w[weight]) / tied.length;
            dw[weight] += (dy[at] * x[place(sources[g], p, f)]) / tied.length;
          }
    }
  return { y, dy, dx, dw, dBias };
}

async function numbers(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data<'float32'>());
  tensor.dispose();
  return values;
}

class Bench {
  private readonly inputs: number;

  constructor(
    private readonly of: Case,
    private readonly given: Numbers,
  ) {
    const { size, fields } = of.shape;
    this.inputs = size * size * fields;
  }

  private tensors(x = this.given.x) {
    const { hidden, tiles } = this.of;
    return [
      tf.tensor2d(x, [tiles, this.inputs]),
      tf.tensor2d(this.given.w, [this.inputs, hidden]),
      tf.tensor1d(this.given.bias),
    ] as const;
  }

  value(x?: Float32Array): Promise<Float32Array> {
    return numbers(tf.tidy(() => orbitHidden(...this.tensors(x), this.of.shape)));
  }

  opened(): Promise<Float32Array> {
    const [x, w, bias] = this.tensors();
    const layer = openOrbit(w, bias, this.of.shape);
    const hidden = layer.hidden(x);
    layer.dispose();
    tf.dispose([x, w, bias]);
    return numbers(hidden);
  }

  async gradients(dy: Float32Array): Promise<Float32Array[]> {
    const { shape, hidden, tiles } = this.of;
    const gradients = tf.tidy(() => {
      const [x, w, bias] = this.tensors();
      const given = tf.tensor2d(dy, [tiles, hidden]);
      const all = tf.grads((a, b, c) =>
        tf.sum(tf.mul(orbitHidden(a as tf.Tensor2D, b as tf.Tensor2D, c as tf.Tensor1D, shape), given)),
      );
      const some = tf.grads((b, c) =>
        tf.sum(tf.mul(orbitHidden(x, b as tf.Tensor2D, c as tf.Tensor1D, shape, 'input'), given)),
      );
      return [...all([x, w, bias]), ...some([w, bias])];
    });
    return Promise.all(gradients.map(numbers));
  }
}

async function expectRight(of: Case, seed: number): Promise<void> {
  const given = numbersOf(of, seed);
  const bench = new Bench(of, given);
  const expected = byDefinition(of, given);
  const y = await bench.value();
  expect(off(y, expected.y), 'value').toBeLessThan(1e-5);
  expect(await bench.opened(), 'opened').toEqual(y);
  const [dx, dw, dBias, dwAlone, dBiasAlone] = await bench.gradients(expected.dy);
  expect(off(dx, expected.dx), 'input gradient').toBeLessThan(1e-5);
  expect(off(dw, expected.dw), 'weight gradient').toBeLessThan(1e-5);
  expect(off(dBias, expected.dBias), 'bias gradient').toBeLessThan(1e-5);
  expect([dwAlone, dBiasAlone]).toEqual([dw, dBias]);
  // Where an orientation wins and ReLU is open the layer is linear in the weights: ⟨y, dy⟩ = ⟨w, dw⟩ + ⟨b, db⟩.
  const difference = inner(y, expected.dy) - inner(given.w, dw) - inner(given.bias, dBias);
  expect(Math.abs(difference), 'adjoint').toBeLessThan(1e-5 * (norm(given.w) * norm(dw) + 1));
}

/** To the last bit on the lab's own kernels, whose transforms only change signs and places. */
async function expectInvariant(of: Case, seed: number, tolerance: number): Promise<void> {
  const given = numbersOf(of, seed);
  const bench = new Bench(of, given);
  const y = await bench.value();
  for (const g of GROUPS[of.shape.group].elements) {
    const turned = await bench.value(turnPictures(given.x, of.shape.size, of.shape.fields, g));
    if (tolerance === 0) expect(turned).toEqual(y);
    else expect(off(turned, y)).toBeLessThan(tolerance);
  }
}

/** The suite, for `describeOnBackends` and for hosts that choose the number of threads. */
export function orbitSuite(backend: BackendName): void {
  forbidLeaks();
  const isFast = backend === 'wasm';
  const tolerance = backend === 'webgpu' ? 1e-5 : 0;
  const table = TABLE.filter(({ shape }) => isFast || shape.size <= 4);

  test.each(
    table.map(
      (each) => [`${each.shape.group}, maps of ${each.shape.size}×${each.shape.size}`, each] as const,
    ),
  )('%s: value, gradients, every orientation', async (_, each) => {
    await expectRight(each, 71);
    await expectInvariant(each, 72, tolerance);
  });

  test('shapes drawn at random, with ties', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(1000), async (each, seed) => {
        await expectRight(each, seed);
        await expectInvariant(each, seed, tolerance);
      }),
      { numRuns: isFast ? cases(150) : cases(5, 2) },
    );
  });
}
