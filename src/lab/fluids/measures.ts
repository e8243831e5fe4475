/** How far a predicted velocity is from the solver's, and from having no divergence. Plain arrays. */
import { separated } from './action';
import type { Velocity } from './solver';
import { wavesOf } from './waves';

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
export function divergence(velocity: Velocity, n: number): number {
  let [sources, turns] = [0, 0];
  for (const { kx, ky, u, v } of wavesOf(velocity, n)) {
    for (const part of [0, 1]) {
      sources += (kx * u[part] + ky * v[part]) ** 2;
      turns += (kx * v[part] - ky * u[part]) ** 2;
    }
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
