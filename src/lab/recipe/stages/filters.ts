/** Pruning filters of a network from elsewhere. */
import { latencies } from '../../evaluate/latency';
import { bundlesOf } from '../../families/imported/channels';
import { requireFilters } from '../../families/units';
import { pruneFilters } from '../../prune/filters/prune';
import { accuracyOn } from '../../prune/tuning/whole';
import { secondsSince } from '../../runtime/stopwatch';
import type { DoStep } from '../run';
import type { StepOf } from '../step';
import { turnsOf } from './turns';

export const pruneFiltersStep: DoStep<StepOf<'prune-filters'>> = async function* ({
  run,
  planned,
  splits,
  input,
}) {
  const began = performance.now();
  const { ratio, method, compensation } = planned.step;
  const { dataset } = run;
  const whole = requireFilters(input);
  const choice = { ratio, method, compensation, seed: planned.seed };
  const { model, kept } = yield* pruneFilters(whole, dataset, splits.train, choice);
  const baseline = yield* accuracyOn(whole, dataset, splits.val);
  const [before, after] = await latencies([whole.arch, model.arch]);
  const figures = {
    ...(yield* turnsOf(run, splits, model)),
    seconds: secondsSince(began),
    ...{ method, compensation, ratio, baseline },
    /** Layers whose filters went together, and how many there were. */
    bundles: bundlesOf(whole.arch).map(({ makers, units }) => ({ layers: makers, units })),
    kept: kept.map((each) => Array.from(each)),
    /** Seconds per tile of a forward pass here, measured in turn. */
    latency: { before, after },
  };
  return { figures, model };
};
