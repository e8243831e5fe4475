import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noise } from '../../testing/tiny';
import { integerProduct, MOST_INPUTS } from './int8Product';
import { HIGHEST_LEVEL, levelScale, quantiseMatrix, roundHalfEven, toLevels } from './levels';

const numbers = fc.float({ min: -1000, max: 1000, noNaN: true });
const seed = fc.integer({ min: 1, max: 1e6 });

test('halves go to the even neighbour', () => {
  const halves = [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5];
  expect(halves.map((x) => roundHalfEven(x) + 0)).toEqual([-4, -2, -2, 0, 0, 2, 2, 4]);
  fc.assert(
    fc.property(numbers, (x) => {
      const rounded = roundHalfEven(x);
      expect(Number.isInteger(rounded)).toBe(true);
      expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5);
    }),
  );
});

describe('weights', () => {
  test('are at most half a step away from their integers, and the largest is at its end of the range', () =>
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 50 }), (values) => {
        const weights = Float32Array.from(values);
        const { data, scale } = quantiseMatrix(weights);
        const largest = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
        weights.forEach((w, i) => {
          // 127.5 steps up, 127 is the highest: the largest positive weight may lose half a step, and rounding more.
          expect(Math.abs(w - scale * data[i])).toBeLessThanOrEqual(scale * (0.5 + 1e-4));
        });
        if (largest > 1e-3) expect(data.some((q) => Math.abs(q) >= 127)).toBe(true);
      }),
    ));

  test('of zero only are zero', () => {
    expect(quantiseMatrix(new Float32Array(3))).toEqual({ data: new Int8Array(3), scale: 2 ** -23 });
  });
});

describe('activations', () => {
  test('lie within half a step of their levels, zero exactly on one', () =>
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 50 }), (list) => {
        const values = Float32Array.from([...list, 0]);
        const level = levelScale(Math.min(...values), Math.max(...values));
        const levels = toLevels(values, level);
        const back = Array.from(levels, (l) => level.scale * (l - level.zeroPoint));
        expect(back.at(-1)).toBe(0);
        values.forEach((value, i) => {
          // At the ends a rounded zero point can cost another half.
          expect(Math.abs(value - back[i])).toBeLessThanOrEqual(level.scale * 1.001);
        });
        expect(Math.max(...levels)).toBeLessThanOrEqual(HIGHEST_LEVEL);
      }),
    ));

  test.each([
    ['all positive', 2, 254, { scale: 2, zeroPoint: 0 }],
    ['all negative', -254, -3, { scale: 2, zeroPoint: 127 }],
    ['both', -127, 127, { scale: 2, zeroPoint: 64 }],
    ['nothing but zeros', 0, 0, { scale: Math.fround(0.1), zeroPoint: 0 }],
    ['too small for the least scale', -1e-3, 1e-3, { scale: Math.fround(6.1e-5), zeroPoint: 64 }],
  ])('%s: PyTorch’s scale and zero point', (_, low, high, expected) => {
    expect(levelScale(low, high)).toEqual(expected);
  });
});

describe('the integer product', () => {
  const [rows, inputs, outputs] = [3, 40, 5];
  const weight = (n: number) => quantiseMatrix(noise(inputs * outputs, n));
  const product = (x: Float32Array, n: number, range: 'batch' | 'tile') => {
    const { data, scale } = weight(n);
    return integerProduct(x, { shape: [inputs, outputs], data }, scale, range);
  };

  test('comes near the product of floats', () =>
    fc.assert(
      fc.property(seed, fc.constantFrom('batch' as const, 'tile' as const), (n, range) => {
        const x = noise(rows * inputs, n);
        const w = noise(inputs * outputs, n + 1);
        product(x, n + 1, range).forEach((value, i) => {
          let exact = 0;
          for (let k = 0; k < inputs; k++)
            exact += x[Math.floor(i / outputs) * inputs + k] * w[k * outputs + (i % outputs)];
          // Each of 40 terms is off by at most half a step of each factor (1/63 and 1/127 of at most 1).
          expect(Math.abs(value - exact)).toBeLessThan(inputs * (1 / 63 + 1 / 127));
        });
      }),
    ));

  test('with a range per tile does not depend on the other tiles, with one per batch it does', () => {
    const x = noise(rows * inputs, 3);
    const alone = x.subarray(0, inputs);
    expect(product(x, 4, 'tile').subarray(0, outputs)).toEqual(product(alone, 4, 'tile'));
    expect(product(x, 4, 'batch').subarray(0, outputs)).not.toEqual(product(alone, 4, 'batch'));
  });

  test('does not overflow at the most inputs allowed', () => {
    const shape = [MOST_INPUTS, 1];
    const data = new Int8Array(MOST_INPUTS).fill(-128);
    const [sum] = integerProduct(new Float32Array(MOST_INPUTS).fill(127), { shape, data }, 1, 'batch');
    expect(sum).toBe(Math.fround(-128 * 127 * MOST_INPUTS));
  });
});
