/** Running statistics of a norm in one pass, rounded as the operations round that it takes the place of. */
import { type HostKernel, registerHostKernel } from '../runtime/hostKernel';

const { fround } = Math;

/** Running mean and variance, and those of a batch → the new ones. `unbiased`: the factor that makes the batch's variance so. */
export const runningKernel: HostKernel = {
  name: 'OrbitRunningStatisticsLoop',
  shapes: ([mean, variance]) => [[...mean], [...variance]],
  compute: ([oldMean, oldVariance, mean, variance], [newMean, newVariance], { momentum, unbiased }) => {
    const [kept, moved, factor] = [1 - Number(momentum), momentum, unbiased].map((each) =>
      fround(Number(each)),
    );
    for (let i = 0; i < mean.length; i++) {
      newMean[i] = fround(oldMean[i] * kept) + fround(mean[i] * moved);
      newVariance[i] = fround(oldVariance[i] * kept) + fround(fround(variance[i] * factor) * moved);
    }
  },
};

registerHostKernel(runningKernel);
