/** A velocity on the grid, wave by wave. Both components travel through one transform, as u + iv. */
import { complexZeros, squareTransform } from './fft';
import { type Velocity, waveNumber } from './solver';

/** The Fourier coefficients of u and v at a wave (kx, ky); `at` is its place among n × n. */
export interface Wave {
  readonly at: number;
  readonly kx: number;
  readonly ky: number;
  readonly u: readonly [re: number, im: number];
  readonly v: readonly [re: number, im: number];
}

/** Every wave that has a slope on n × n places: the finest have none. */
export function* wavesOf({ u, v }: Velocity, n: number): Generator<Wave> {
  const both = complexZeros(n * n);
  both.re.set(u);
  both.im.set(v);
  squareTransform(n).forward(both);
  const { re, im } = both;
  for (let at = 0; at < n * n; at++) {
    const [kx, ky] = [waveNumber(at % n, n), waveNumber(Math.floor(at / n), n)];
    if (2 * kx === n || 2 * ky === n) continue;
    const mate = ((n - Math.floor(at / n)) % n) * n + ((n - (at % n)) % n);
    yield {
      ...{ at, kx, ky },
      u: [(re[at] + re[mate]) / 2, (im[at] - im[mate]) / 2],
      v: [(im[at] + im[mate]) / 2, (re[mate] - re[at]) / 2],
    };
  }
}
