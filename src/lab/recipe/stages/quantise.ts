/** Rounding the network at hand to 8-bit integers. */
import { quantisationCheck } from '../../quantize/check';
import { quantiseModel } from '../../quantize/quantise';
import { secondsSince } from '../../runtime/stopwatch';
import type { DoStep } from '../run';
import type { StepOf } from '../step';

export const quantise: DoStep<StepOf<'quantise'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { layers, range } = planned.step;
  const model = quantiseModel(input, { layers, range });
  const { after, ...check } = yield* quantisationCheck(input, model, run.dataset, splits.val);
  return { figures: { ...after, seconds: secondsSince(began), layers, range, ...check }, model };
};
