/** The integer product as it runs: the numbers of its definition on plain arrays, to the last bit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { integerProduct, MOST_INPUTS, openInt8Product } from '../../nn/ops/int8Product';
import { quantiseMatrix } from '../../nn/ops/levels';
import * as tf from '../../runtime/tf';
import { forbidLeaks } from '../backends';
import { cases } from '../properties';
import { noise } from '../tiny';

const drawn = fc.record({
  rows: fc.integer({ min: 1, max: 70 }),
  inputs: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 2100 })),
  outputs: fc.integer({ min: 1, max: 140 }),
  range: fc.constantFrom('batch' as const, 'tile' as const),
  /** What becomes of noise: as after ReLU, with both signs, nothing but zeros, all negative, huge. */
  kind: fc.constantFrom('relu', 'both', 'zeros', 'negative', 'huge'),
  seed: fc.nat(1000),
});

const shaped: Record<string, (value: number) => number> = {
  relu: (value) => Math.max(0, value),
  both: (value) => 3 * value,
  zeros: () => 0,
  negative: (value) => -Math.abs(value) - 0.01,
  huge: (value) => 1e30 * value,
};

async function products(
  x: Float32Array,
  rows: number,
  weight: { readonly shape: readonly number[]; readonly data: Int8Array },
  scale: number,
  range: 'batch' | 'tile',
): Promise<Float32Array> {
  const opened = openInt8Product(weight, scale, range);
  const out = tf.tidy(() => opened.product(tf.tensor2d(x, [rows, x.length / rows])));
  const values = Float32Array.from(await out.data<'float32'>());
  out.dispose();
  opened.dispose();
  return values;
}

/** The suite, for engines that have the integers' own arithmetic. */
export function integerSuite(numRuns = cases(60)): void {
  forbidLeaks();

  test('any shape: the integers of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ rows, inputs, outputs, range, kind, seed }) => {
        const { data, scale } = quantiseMatrix(noise(inputs * outputs, seed));
        const weight = { shape: [inputs, outputs], data };
        const x = noise(rows * inputs, seed + 1).map(shaped[kind]);
        const expected = integerProduct(x, weight, scale, range);
        expect(await products(x, rows, weight, scale, range)).toEqual(expected);
      }),
      { numRuns },
    );
  });

  test('halves go to the even level, and both ends of the range are reached', async () => {
    const x = Float32Array.from({ length: 2 * 256 }, (_, i) => (i % 256) / 2);
    const weight = { shape: [256, 1], data: Int8Array.from({ length: 256 }, (_, i) => (i % 255) - 127) };
    for (const range of ['batch', 'tile'] as const)
      expect(await products(x, 2, weight, 0.5, range)).toEqual(integerProduct(x, weight, 0.5, range));
  });

  test('rows of any range have the scales and zero points of the definition', async () => {
    const [INPUTS, SCALE] = [7, Math.fround(0.37)];
    const rows = fc.array(
      fc.oneof(
        // As many below 0 as above: the zero point is a half.
        fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }).map((size) => [-size, size]),
        fc.tuple(
          fc.float({ max: 0, noNaN: true, noDefaultInfinity: true }),
          fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }),
        ),
        fc.tuple(fc.float({ min: -2, max: 0, noNaN: true }), fc.float({ min: 0, max: 2, noNaN: true })),
      ),
      { minLength: 20, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (ranges) => {
        const x = Float32Array.from(
          ranges.flatMap(([low, high]) => {
            const between = Array.from({ length: INPUTS - 2 }, (_, i) => (i % 2 ? low : high) / (i + 1.5));
            return [low, high, ...between];
          }),
        );
        // One output tells what became of the range's ends, the others of what lies between.
        const weight = {
          shape: [INPUTS, 2],
          data: Int8Array.from({ length: 2 * INPUTS }, (_, i) => 5 * i - 31),
        };
        const expected = integerProduct(x, weight, SCALE, 'tile');
        expect(await products(x, ranges.length, weight, SCALE, 'tile')).toEqual(expected);
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });

  test('the most inputs that are allowed do not overflow', async () => {
    const weight = { shape: [MOST_INPUTS, 1], data: new Int8Array(MOST_INPUTS).fill(-128) };
    const x = new Float32Array(MOST_INPUTS).fill(127);
    const [sum] = await products(x, 1, weight, 1, 'batch');
    expect(sum).toBe(Math.fround(-128 * 127 * MOST_INPUTS));
  });

  test('what is no number gives none, as by the definition', async () => {
    const x = noise(3 * 10, 1);
    x[17] = Number.NaN;
    const { data, scale } = quantiseMatrix(noise(10 * 4, 2));
    const weight = { shape: [10, 4], data };
    for (const range of ['batch', 'tile'] as const) {
      const found = await products(x, 3, weight, scale, range);
      expect(found).toEqual(integerProduct(x, weight, scale, range));
      expect(found.slice(4, 8).every(Number.isNaN)).toBe(true);
    }
  });
}
