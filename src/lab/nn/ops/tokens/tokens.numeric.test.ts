/**
 * What tokens go through, on every engine, against its definition in float64; gradients against the loops, which the plain
 * engine runs and PyTorch judges (families/vit/torch.test.ts).
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erf } from '../../../errorFunction';
import type { HostKernel, KernelAttrs } from '../../../runtime/hostKernel';
import * as tf from '../../../runtime/tf';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../../testing/backends';
import { cases } from '../../../testing/properties';
import { noise } from '../../../testing/tiny';
import { expandFilters } from '../expand';
import { perChannel } from '../fieldNorm';
import { attend, attentionGradientKernel, attentionKernel } from './attention';
import { fieldLinear, fieldWeights } from './fieldLinear';
import { gelu, geluGradientKernel } from './gelu';
import './kernels';
import { linear } from '../linear/linear';
import { layerNorm, layerNormGradientKernel, layerNormKernel } from './layerNorm';
import { enterTokens, firstTokens, tokenMaps } from './rows';

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function looped(
  kernel: HostKernel,
  inputs: [Float32Array, number[]][],
  attrs: KernelAttrs = {},
): Float32Array[] {
  const shapes = inputs.map(([, shape]) => shape);
  const outputs = kernel.shapes(shapes, attrs).map((shape) => new Float32Array(sizeOf(shape)));
  kernel.compute(
    inputs.map(([data]) => data),
    outputs,
    attrs,
    shapes,
  );
  return outputs;
}

/** The value, and the gradients of Σ dy·f. */
async function both(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: [Float32Array, number[]][],
  dy: Float32Array,
): Promise<Float32Array[]> {
  const found = tf.tidy(() => {
    const tensors = inputs.map(([data, shape]) => tf.tensor(data, shape));
    const value = f(...tensors);
    const loss = (...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), tf.tensor(dy, value.shape))) as tf.Scalar;
    return [value, ...tf.grads(loss)(tensors)];
  });
  const values = await Promise.all(found.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(found);
  return values;
}

function expectNear(found: Float32Array, expected: ArrayLike<number>, tolerance = 2e-6): void {
  expect(found).toHaveLength(expected.length);
  const size = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * size);
  });
}

describeOnBackends('tokens', (backend) => {
  forbidLeaks();
  const numRuns = backend === 'webgpu' ? 1 : 12;
  const stretched = (count: number, seed: number, by: number) =>
    noise(count, seed).map((value) => by * value);

  test('GELU is x·Φ(x), and its slope what the loops say', async () => {
    for (const length of backend === 'webgpu' ? [70] : [1, 7, 70, 16385]) {
      const [x, dy] = [stretched(length, 1, 8), noise(length, 2)];
      x.set([0, -0, 30, -30, 90, -90].slice(0, length));
      const [value, slope] = await both(gelu, [[x, [length]]], dy);
      expectNear(
        value,
        Array.from(x, (each) => (each * (1 + erf(each * Math.SQRT1_2))) / 2),
        4e-7,
      );
      expectNear(
        slope,
        looped(geluGradientKernel, [
          [x, [length]],
          [dy, [length]],
        ])[0],
      );
    }
  });

  test('attention is softmax(q·kᵀ/√d)·v of every head by itself', async () => {
    const shapes = fc.record({
      tiles: fc.integer({ min: 1, max: 3 }),
      tokens: fc.integer({ min: 1, max: 21 }),
      heads: fc.integer({ min: 1, max: 3 }),
      depth: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(32)),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ tiles, tokens, heads, depth }) => {
        const shape: [number, number] = [tiles * tokens, 3 * heads * depth];
        const qkv = stretched(sizeOf(shape), 3, 3);
        const dy = noise(sizeOf(shape) / 3, 4);
        const attrs = { tokens, heads };
        const [value, slope] = await both((x) => attend(x as tf.Tensor2D, attrs), [[qkv, shape]], dy);
        expectNear(value, attended(qkv, { tiles, tokens, heads, depth }));
        const [out, weights] = looped(attentionKernel, [[qkv, shape]], attrs);
        expectNear(value, out);
        const given: [Float32Array, number[]][] = [
          [qkv, shape],
          [weights, [tiles * heads, tokens, tokens]],
          [dy, [tiles * tokens, heads * depth]],
        ];
        expectNear(slope, looped(attentionGradientKernel, given, attrs)[0], 1e-5);
      }),
      { numRuns },
    );
  });

  test.runIf(backend === 'wasm')('a map in fields is the map written out, gradients too', async () => {
    const shapes = fc.record({
      group: fc.constantFrom('C2', 'C4', 'D1', 'D4'),
      rows: fc.integer({ min: 1, max: 40 }),
      fieldsIn: fc.integer({ min: 1, max: 13 }),
      fieldsOut: fc.integer({ min: 1, max: 13 }),
      seed: fc.nat(99),
    }) as fc.Arbitrary<{ group: GroupName } & Record<'rows' | 'fieldsIn' | 'fieldsOut' | 'seed', number>>;
    await fc.assert(
      fc.asyncProperty(shapes, async ({ group, rows, fieldsIn, fieldsOut, seed }) => {
        const { order } = GROUPS[group];
        const given: [Float32Array, number[]][] = [
          [noise(rows * fieldsIn * order, seed), [rows, fieldsIn * order]],
          [noise(fieldsIn * order * fieldsOut, seed + 1), [fieldsIn, order, fieldsOut]],
          [noise(fieldsOut, seed + 2), [fieldsOut]],
        ];
        const dy = noise(rows * fieldsOut * order, seed + 3);
        const shape = { group, kernel: 1, fieldsIn, sizeIn: order, fieldsOut };
        const writtenOut = (...[x, w, b]: tf.Tensor[]) => {
          const matrix = tf.reshape(expandFilters(w, shape, 'grid'), [fieldsIn * order, fieldsOut * order]);
          return linear(x as tf.Tensor2D, matrix as tf.Tensor2D, perChannel(b as tf.Tensor1D, order));
        };
        const inFields = (...[x, w, b]: tf.Tensor[]) =>
          fieldLinear(x as tf.Tensor2D, w as tf.Tensor3D, b as tf.Tensor1D, group);
        const expected = await both(writtenOut, given, dy);
        const found = await both(inFields, given, dy);
        for (const [i, each] of found.entries()) expectNear(each, expected[i], 4e-6);
        const opened = tf.tidy(() => {
          const [x, w, b] = given.map(([data, shape]) => tf.tensor(data, shape));
          return fieldLinear(
            x as tf.Tensor2D,
            fieldWeights(w as tf.Tensor3D, group),
            b as tf.Tensor1D,
            group,
          );
        });
        expect(Float32Array.from(await opened.data())).toEqual(found[0]);
        opened.dispose();
      }),
      { numRuns: cases(60, 20) },
    );
  });

  test('what is no number makes its tile none, and no other', async () => {
    const qkv = noise(2 * 5 * 12, 3);
    qkv[3 * 12] = Number.NaN;
    const [value] = await both(
      (x) => attend(x as tf.Tensor2D, { tokens: 5, heads: 1 }),
      [[qkv, [10, 12]]],
      noise(40, 1),
    );
    expect(value.subarray(12, 16).every(Number.isNaN)).toBe(true);
    expect(value.subarray(20).every(Number.isFinite)).toBe(true);
  });

  test('layer norm is the definition, and its gradients what the loops say', async () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 40 }),
      width: fc.integer({ min: 2, max: 37 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, width }) => {
        const shape = [rows, width];
        const x = noise(rows * width, 5).map((value) => 3 * value + 2);
        const [scale, shift, dy] = [noise(width, 6), noise(width, 7), noise(rows * width, 8)];
        const given: [Float32Array, number[]][] = [
          [x, shape],
          [scale, [width]],
          [shift, [width]],
        ];
        const f = (...[a, b, c]: tf.Tensor[]) =>
          layerNorm(a as tf.Tensor2D, b as tf.Tensor1D, c as tf.Tensor1D);
        const [value, ...slopes] = await both(f, given, dy);
        expectNear(value, looped(layerNormKernel, given)[0], 4e-6);
        // Of two numbers that happen to be alike, what is left is rounding, divided by nearly nothing.
        if (width < 4) return;
        const expected = looped(layerNormGradientKernel, [given[0], given[1], [dy, shape]]);
        for (const [i, each] of expected.entries()) expectNear(slopes[i], each, 2e-5);
      }),
      { numRuns },
    );
  });

  test('a linear map, patches with their places, first tokens and the others have the gradients of their definitions', async () => {
    const [x, w, b] = [noise(6 * 5, 1), noise(5 * 3, 2), noise(3, 3)];
    const map: [Float32Array, number[]][] = [
      [x, [6, 5]],
      [w, [5, 3]],
      [b, [3]],
    ];
    const plain = (...[a, c, d]: tf.Tensor[]) => tf.add(tf.matMul(a as tf.Tensor2D, c as tf.Tensor2D), d);
    const own = (...[a, c, d]: tf.Tensor[]) => linear(a as tf.Tensor2D, c as tf.Tensor2D, d as tf.Tensor1D);
    const dy = noise(18, 4);
    const expected = await both(plain, map, dy);
    for (const [i, each] of (await both(own, map, dy)).entries()) expectNear(each, expected[i]);

    const tokens: [Float32Array, number[]][] = [
      [noise(2 * 4 * 3, 5), [8, 3]],
      [noise(12, 6), [4, 3]],
      [noise(3, 7), [3]],
    ];
    const entered = (...[a, c, d]: tf.Tensor[]) => {
      const placed = tf.add(tf.reshape(a, [2, 4, 3]), c);
      const first = tf.mul(tf.ones([2, 1, 1]), d);
      return tf.reshape(tf.concat([first, placed], 1), [10, 3]);
    };
    const slope = noise(30, 8);
    const all = await both(entered, tokens, slope);
    const found = await both(
      (...[a, c, d]) => enterTokens(a as tf.Tensor2D, c as tf.Tensor2D, d as tf.Tensor1D),
      tokens,
      slope,
    );
    for (const [i, each] of found.entries()) expectNear(each, all[i]);

    const rows: [Float32Array, number[]][] = [[noise(30, 9), [10, 3]]];
    const [value, gradient] = await both((a) => firstTokens(a as tf.Tensor2D, 5), rows, noise(6, 10));
    expect(value).toEqual(Float32Array.of(...rows[0][0].subarray(0, 3), ...rows[0][0].subarray(15, 18)));
    const zeros = new Float32Array(30);
    zeros.set(noise(6, 10).subarray(0, 3));
    zeros.set(noise(6, 10).subarray(3), 15);
    expect(gradient).toEqual(zeros);

    const [maps, back] = await both((a) => tokenMaps(a as tf.Tensor2D, 5), rows, noise(24, 10));
    expect(maps).toEqual(Float32Array.of(...rows[0][0].subarray(3, 15), ...rows[0][0].subarray(18)));
    const spread = new Float32Array(30);
    spread.set(noise(24, 10).subarray(0, 12), 3);
    spread.set(noise(24, 10).subarray(12), 18);
    expect(back).toEqual(spread);
  });
});

/** By the definition, in float64. */
function attended(
  qkv: Float32Array,
  { tiles, tokens, heads, depth }: Readonly<Record<'tiles' | 'tokens' | 'heads' | 'depth', number>>,
): Float64Array {
  const inner = heads * depth;
  const at = (tile: number, token: number, part: number, head: number, c: number) =>
    qkv[(tile * tokens + token) * 3 * inner + part * inner + head * depth + c];
  const out = new Float64Array(tiles * tokens * inner);
  for (let tile = 0; tile < tiles; tile++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < tokens; i++) {
        const scores = Array.from({ length: tokens }, (_, j) => {
          let sum = 0;
          for (let c = 0; c < depth; c++) sum += at(tile, i, 0, head, c) * at(tile, j, 1, head, c);
          return Math.exp(sum / Math.sqrt(depth));
        });
        const total = scores.reduce((a, b) => a + b);
        for (let c = 0; c < depth; c++) {
          const mixed = scores.reduce((sum, score, j) => sum + score * at(tile, j, 2, head, c), 0);
          out[(tile * tokens + i) * inner + head * depth + c] = mixed / total;
        }
      }
    }
  }
  return out;
}
