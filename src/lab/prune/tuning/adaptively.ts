/** Adaptive fine-tuning of a pruned network of whatever family: run where too much was lost, and never to something worse. */
import type { GcnnModel } from '../../families/gcnn/model';
import { traineeOf } from '../../families/networks';
import type { Model } from '../../nn/model';
import type { FitCheckpoint } from '../../stage/checkpoint';
import type { Stage } from '../../stage/events';
import type { EpochRecord } from '../../stage/history';
import { finetunePlan, isTriggered } from '../../train/finetune';
import { fit, fitsNetwork } from '../../train/fit';
import type { Problem } from '../../train/problem';
import type { FinetuneSettings } from '../../train/settings';

export interface FinetuneResult<Tuned extends Model = GcnnModel> {
  readonly triggered: boolean;
  /** In words: why it ran or did not. */
  readonly reason: string;
  /** Validation accuracy of the unpruned network and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** `excellent`, `acceptable`, `patience`, `epochs`, or null when it did not run. */
  readonly stop: string | null;
  readonly accuracy: number;
  readonly model: Tuned;
}

/** Validation accuracy of the unpruned network, and of the pruned one before fine-tuning. */
export interface Drop {
  readonly baseline: number;
  readonly start: number;
}

/** @param problemFor what is trained; from a checkpoint of just this network, where there is one. */
export async function* tuneAdaptively<Tuned extends Model>(
  pruned: Tuned,
  { baseline, start }: Drop,
  settings: FinetuneSettings,
  seed: number,
  problemFor: (own?: FitCheckpoint) => Promise<Problem>,
  resume?: FitCheckpoint,
): Stage<FinetuneResult<Tuned>> {
  const points = (share: number) => (100 * share).toFixed(1);
  const lost = `dropped by ${points(baseline - start)} points`;
  const known = { baseline, start };
  if (!isTriggered(baseline, start, settings)) {
    const reason = `${lost}, not more than ${points(settings.tolerance)}: fine-tuning is not needed`;
    return { ...known, triggered: false, reason, epochs: [], stop: null, accuracy: start, model: pruned };
  }
  const own = resume && fitsNetwork(resume, pruned.params) ? resume : undefined;
  const { width, dropout } = traineeOf(pruned.arch).last;
  const plan = finetunePlan(settings, baseline, { hidden: width, dropout }, seed);
  const result = yield* fit(await problemFor(own), pruned.params, plan, resume);
  // Fine-tuning never hands back something worse than it was given.
  const improved = result.best.accuracy > start;
  return {
    ...known,
    triggered: true,
    reason: `${lost}, more than ${points(settings.tolerance)}: fine-tuning ran`,
    epochs: result.history,
    stop: result.reason,
    accuracy: improved ? result.best.accuracy : start,
    model: improved ? { ...pruned, params: result.params } : pruned,
  };
}
