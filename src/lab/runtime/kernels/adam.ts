/** One step of Adam for one parameter (kernels/adam.ts): as new tensors, for others may still hold the old ones. */
import { registerOwnKernel } from './backend';
import { OPERATIONS } from './engine';

export const ADAM = 'OrbitAdam';

/** Floats of a chunk (kernels/adam.ts). */
const CHUNK = 16384;

export interface AdamAttrs {
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  /** η / (1 − β₁^step). */
  readonly rate: number;
  /** 1 − β₂^step. */
  readonly correction2: number;
  /** What is left of a weight before its step. */
  readonly shrink: number;
}

/** → w, m, v. */
registerOwnKernel(ADAM, (backend, { w, gradient, m, v }, attrs) => {
  const { weightDecay, beta1, beta2, rate, correction2, shrink } = attrs as unknown as AdamAttrs;
  const { kernels } = backend;
  const length = w.shape.reduce((product, each) => product * each, 1);
  const outputs = [w, m, v].map(({ shape }) => backend.output(shape));
  const numbers = [weightDecay, beta1, 1 - beta1, beta2, 1 - beta2, rate, correction2];
  kernels.run(
    OPERATIONS.adam,
    [
      ...[w, gradient, m, v].map((info) => backend.address(info)),
      length,
      ...numbers.map((float) => ({ float })),
      ...outputs.map(({ address }) => address),
      { float: shrink },
    ],
    Math.ceil(length / CHUNK),
  );
  return outputs;
});
