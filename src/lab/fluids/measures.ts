/** How far a predicted velocity is from the solver's, and from having no divergence. Plain arrays. */
import { separated } from './action';
import { complexZeros, squareTransform } from './fft';
import { type Velocity, waveNumber } from './solver';

/** Root of the mean square difference of all components. */
export function rmse(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (predicted.length !== actual.length || actual.length === 0) throw new RangeError('Sizes differ.');
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += (predicted[i] - actual[i]) ** 2;
  return Math.sqrt(sum / actual.length);
}

/**
 * Root mean square of ∂u/∂x + ∂v/∂y over that of the vorticity, by Fourier derivatives on n × n places: 0 for a velocity
 * without sources, about 1 for noise. A velocity without any slope has none: 0.
 */
export function divergence({ u, v }: Velocity, n: number): number {
  const transform = squareTransform(n);
  const field = complexZeros(n * n);
  field.re.set(u);
  field.im.set(v);
  transform.forward(field);
  let [sources, turns] = [0, 0];
  for (let i = 0; i < n * n; i++) {
    // The transforms of u and v, out of that of u + iv.
    const mate = ((n - Math.floor(i / n)) % n) * n + ((n - (i % n)) % n);
    const [ur, ui] = [(field.re[i] + field.re[mate]) / 2, (field.im[i] - field.im[mate]) / 2];
    const [vr, vi] = [(field.im[i] + field.im[mate]) / 2, (field.re[mate] - field.re[i]) / 2];
    const [kx, ky] = [waveNumber(i % n, n), waveNumber(Math.floor(i / n), n)];
    // The finest waves have no slope on the grid.
    if (2 * kx === n || 2 * ky === n) continue;
    sources += (kx * ur + ky * vr) ** 2 + (kx * ui + ky * vi) ** 2;
    turns += (kx * vr - ky * ur) ** 2 + (kx * vi - ky * ui) ** 2;
  }
  return turns === 0 && sources === 0 ? 0 : Math.sqrt(sources / turns);
}

/** The mean divergence of frames, n × n × (u, v) one after the other. */
export function meanDivergence(frames: Float32Array, n: number): number {
  const perFrame = 2 * n * n;
  const count = frames.length / perFrame;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += divergence(separated(frames.subarray(i * perFrame, (i + 1) * perFrame)), n);
  }
  return sum / count;
}
