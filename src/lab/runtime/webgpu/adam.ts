/** One step of Adam for one parameter on WebGPU: one program, which reads and writes weights and both moments. */
import { ADAM, type AdamAttrs } from '../kernels/adam';
import { flatGroups, launch, type Program, registerProgram, sizeOf, THREADS } from './program';

const PROGRAM: Program = {
  key: 'adam',
  reads: { w: 'f32', gradient: 'f32', m: 'f32', v: 'f32' },
  writes: { newW: 'f32', newM: 'f32', newV: 'f32' },
  numbers: {
    ...{ length: 'i32', weightDecay: 'f32', beta1: 'f32', rest1: 'f32', beta2: 'f32', rest2: 'f32' },
    ...{ rate: 'f32', correction2: 'f32', shrink: 'f32' },
  },
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let weight = w[index];
  let g = gradient[index] + weight * u.weightDecay;
  let first = m[index] * u.beta1 + g * u.rest1;
  let second = v[index] * u.beta2 + g * g * u.rest2;
  newM[index] = first;
  newV[index] = second;
  newW[index] = weight * u.shrink - first * u.rate / (sqrt(second / u.correction2) + 1e-8);`,
};

/** → w, m, v. */
registerProgram(ADAM, (backend, { w, gradient, m, v }, attrs) => {
  const { weightDecay, beta1, beta2, rate, correction2, shrink } = attrs as unknown as AdamAttrs;
  const length = sizeOf(w.shape);
  return launch(backend, PROGRAM, {
    reads: { w, gradient, m, v },
    writes: { newW: w.shape, newM: m.shape, newV: v.shape },
    numbers: {
      ...{ length, weightDecay, beta1, beta2, rate, correction2 },
      ...{ rest1: 1 - beta1, rest2: 1 - beta2, shrink },
    },
    groups: flatGroups(length),
  });
});
