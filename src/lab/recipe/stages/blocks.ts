/** Pruning inside the blocks of a transformer. */
import { latencies } from '../../evaluate/latency';
import { requireBlocks } from '../../families/units';
import { pruneOn } from '../../prune/blocks/prune';
import { unitsOf } from '../../prune/blocks/units';
import { accuracyOn } from '../../prune/tuning/whole';
import { secondsSince } from '../../runtime/stopwatch';
import type { DoStep } from '../run';
import type { StepOf } from '../step';
import { turnsOf } from './turns';

export const pruneBlocks: DoStep<StepOf<'prune-blocks'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { units, ratio, ranking, method, compensation } = planned.step;
  const { dataset } = run;
  const whole = requireBlocks(input);
  const choice = { unit: units, ratio, ranking, method, compensation, seed: planned.seed };
  const { model, kept, floored } = yield* pruneOn(whole, choice, dataset, splits.train);
  const baseline = yield* accuracyOn(whole, dataset, splits.val);
  const [before, after] = await latencies([whole.arch, model.arch]);
  const figures = {
    ...(yield* turnsOf(run, splits, model)),
    seconds: secondsSince(began),
    ...{ units, method, compensation, ratio, ranking, baseline },
    counts: unitsOf(whole.arch, units).map(({ count }) => count),
    kept: kept.map((each) => Array.from(each)),
    /** Blocks, from 0, that keep their best unit though it ranks among those that go. */
    floored,
    /** Seconds per tile of a forward pass here, measured in turn. */
    latency: { before, after },
  };
  return { figures, model };
};
