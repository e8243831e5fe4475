/** Fine-tuning as a person steers it: one setting of a study, kept, resumed, and ended early on request. */

import { totalCost } from '../../evaluate/cost';
import type { Stage } from '../../stage/events';
import type { EpochRecord } from '../../stage/history';
import type { FinetuneSettings } from '../../train/settings';
import { type PruneChoice, prune } from '../neurons/prune';
import { checkHead, type HeadCheck, type Study } from '../neurons/study';
import { type Checkpointing, finetuneWithCheckpoints } from './keptTuning';

export interface SessionResult extends HeadCheck {
  /** Validation accuracy of the unpruned network and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** A stopping rule's name, `stopped` on request, or `not needed`. */
  readonly stop: string;
}

/**
 * Prunes, fine-tunes where enough was lost, checks at all turns, and keeps the network; where that is kept already, only
 * says what it came to. Network scope excluded.
 */
export async function* finetuneSession(
  study: Study,
  choice: PruneChoice,
  settings: FinetuneSettings & { scope: 'head' | 'output' },
  checkpointing: Checkpointing,
): Stage<SessionResult> {
  const kept = await loadResult(checkpointing);
  if (kept) return kept;
  const began = performance.now();
  const { model: pruned } = prune(study.model, choice, study.statistics);
  const start = (await checkHead(study.turns, pruned)).accuracy;
  const baseline = study.baseline.accuracy;
  const target = { baseline, start };
  const tuned = yield* finetuneWithCheckpoints(study, pruned, target, settings, choice.seed, checkpointing);
  const { model, epochs } = tuned;
  const stop = tuned.stop ?? 'not needed';
  const check = await checkHead(study.turns, model);
  const seconds = (performance.now() - began) / 1000;
  await checkpointing.store.saveStage(
    {
      name: checkpointing.key,
      ...check,
      ...totalCost(model.arch),
      seconds,
      ...choice,
      baseline,
      start,
      epochs,
      stop,
    },
    model,
  );
  return { ...check, baseline, start, epochs, stop };
}

/** What a session that has ended came to, where it is kept with its network; undefined otherwise. */
async function loadResult({ store, key }: Checkpointing): Promise<SessionResult | undefined> {
  const found = await store.loadStage(key);
  if (!found?.model) return undefined;
  const { accuracy, turned, agreement, changed, undecided, error, baseline, start, epochs, stop } =
    found.record as unknown as SessionResult;
  return { accuracy, turned, agreement, changed, undecided, error, baseline, start, epochs, stop };
}
