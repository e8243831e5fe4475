/** Running statistics of a norm on WebGPU: both in one program. */
import { flatGroups, launch, type Program, registerProgram, THREADS } from '../../runtime/webgpu/program';
import { RUNNING_STATISTICS } from '../names';

const PROGRAM: Program = {
  key: 'running statistics',
  reads: { oldMean: 'f32', oldVariance: 'f32', mean: 'f32', variance: 'f32' },
  writes: { newMean: 'f32', newVariance: 'f32' },
  numbers: { length: 'i32', momentum: 'f32', unbiased: 'f32' },
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  newMean[index] = oldMean[index] * (1 - u.momentum) + mean[index] * u.momentum;
  newVariance[index] = oldVariance[index] * (1 - u.momentum) + variance[index] * u.unbiased * u.momentum;`,
};

/** → mean and variance. `unbiased`: the factor that makes the batch's variance so. */
registerProgram(RUNNING_STATISTICS, (backend, inputs, { momentum, unbiased }) => {
  const { oldMean, oldVariance, mean, variance } = inputs;
  const [length] = oldMean.shape;
  return launch(backend, PROGRAM, {
    reads: { oldMean, oldVariance, mean, variance },
    writes: { newMean: [length], newVariance: [length] },
    numbers: { length, momentum: Number(momentum), unbiased: Number(unbiased) },
    groups: flatGroups(length),
  });
});
