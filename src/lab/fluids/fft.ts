/**
 * The discrete Fourier transform of square fields of complex numbers, in place, in double precision:
 *   F[k] = Σ f[j]·e^(−2πi jk/n)      back: f[j] = 1/n² Σ F[k]·e^(+2πi jk/n)
 * By powers of two (Cooley–Tukey), rows first, then columns. Angles come from the lab's own cos and sin, so that every
 * engine computes the same bits.
 */
import { cos, sin } from '../elementary';

/** Complex numbers on n × n places, row by row. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complexZeros = (count: number): Complex => ({
  re: new Float64Array(count),
  im: new Float64Array(count),
});

export interface SquareTransform {
  readonly n: number;
  forward(field: Complex): void;
  backward(field: Complex): void;
}

/** The transform of n × n fields. Throws `RangeError` unless n is a power of two from 2 to 2¹⁵. */
export function squareTransform(n: number): SquareTransform {
  if (n < 2 || n > 2 ** 15 || (n & (n - 1)) !== 0)
    throw new RangeError(`${n} is no power of two from 2 to 2¹⁵.`);
  const reversed = reversedBits(n);
  const cosines = Float64Array.from({ length: n / 2 }, (_, k) => cos((2 * Math.PI * k) / n));
  const sines = Float64Array.from({ length: n / 2 }, (_, k) => sin((2 * Math.PI * k) / n));

  /** One line of n numbers, `stride` apart; sign −1 is forward. */
  const line = ({ re, im }: Complex, start: number, stride: number, sign: number): void => {
    for (let i = 0; i < n; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      const [a, b] = [start + i * stride, start + j * stride];
      [re[a], re[b]] = [re[b], re[a]];
      [im[a], im[b]] = [im[b], im[a]];
    }
    for (let half = 1; half < n; half *= 2) {
      const step = n / (2 * half);
      for (let k = 0; k < half; k++) {
        const [c, s] = [cosines[k * step], sign * sines[k * step]];
        for (let i = k; i < n; i += 2 * half) {
          const a = start + i * stride;
          const b = a + half * stride;
          const x = re[b] * c - im[b] * s;
          const y = re[b] * s + im[b] * c;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  };
  const both = (field: Complex, sign: number): void => {
    for (let i = 0; i < n; i++) line(field, i * n, 1, sign);
    for (let i = 0; i < n; i++) line(field, i, n, sign);
  };
  return {
    n,
    forward: (field) => both(field, -1),
    backward: (field) => {
      both(field, 1);
      const scale = 1 / (n * n);
      for (let i = 0; i < n * n; i++) {
        field.re[i] *= scale;
        field.im[i] *= scale;
      }
    },
  };
}

function reversedBits(n: number): Uint32Array {
  const reversed = new Uint32Array(n);
  for (let i = 1; i < n; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? n >> 1 : 0);
  return reversed;
}
