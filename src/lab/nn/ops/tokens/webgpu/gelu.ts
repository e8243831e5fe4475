/** GELU and its slope on WebGPU (../gelu.ts): Φ from erf's approximation by Abramowitz and Stegun (7.1.26), 1.5·10⁻⁷ off. */
import {
  flatGroups,
  launch,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
} from '../../../../runtime/webgpu/program';
import { GELU, GELU_GRADIENT } from '../names';

const DISTRIBUTION = `
fn distribution(x: f32) -> f32 {
  let size = abs(x) * ${Math.SQRT1_2};
  let t = 1 / (1 + 0.3275911 * size);
  let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-size * size);
  return 0.5 * select(2 - tail, tail, x < 0);
}`;

const VALUE: Program = {
  key: 'gelu',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: { length: 'i32' },
  size: [THREADS, 1],
  declarations: DISTRIBUTION,
  body: `
  if (index >= u.length) { return; }
  y[index] = x[index] * distribution(x[index]);`,
};

const GRADIENT: Program = {
  key: 'gelu gradient',
  reads: { x: 'f32', dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: { length: 'i32' },
  size: [THREADS, 1],
  declarations: DISTRIBUTION,
  body: `
  if (index >= u.length) { return; }
  let value = x[index];
  dx[index] = dy[index] * (distribution(value) + value * 0.3989422804014327 * exp(-0.5 * value * value));`,
};

registerProgram(GELU, (backend, { input0: x }) => {
  const length = sizeOf(x.shape);
  return launch(backend, VALUE, {
    ...{ reads: { x }, writes: { y: x.shape }, numbers: { length }, groups: flatGroups(length) },
  });
});

registerProgram(GELU_GRADIENT, (backend, { input0: x, input1: dy }) => {
  const length = sizeOf(x.shape);
  return launch(backend, GRADIENT, {
    ...{ reads: { x, dy }, writes: { dx: x.shape }, numbers: { length }, groups: flatGroups(length) },
  });
});
