/** Fine-tuning as a person steers it: one setting of a study, kept, resumed, and ended early on request. */

import { totalCost } from '../../evaluate/cost';
import type { TurnCheck } from '../../evaluate/quarterTurns';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Model } from '../../nn/model';
import type { Stage } from '../../stage/events';
import type { EpochRecord } from '../../stage/history';
import type { FinetuneSettings } from '../../train/settings';
import { type PruneChoice, prune } from '../neurons/prune';
import { checkHead, type Study } from '../neurons/study';
import type { Drop, FinetuneResult } from './adaptively';
import { type Checkpointing, finetuneWithCheckpoints } from './keptTuning';

export interface SessionResult extends TurnCheck {
  /** Validation accuracy of the unpruned network and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** A stopping rule's name, `stopped` on request, or `not needed`. */
  readonly stop: string;
}

/** Everything of a session but what it trains. */
export interface Work<Tuned extends Model> {
  /** What was chosen, for the record. */
  readonly choice: object;
  prune(): Stage<{ readonly pruned: Tuned } & Drop>;
  tune(pruned: Tuned, target: Drop): Stage<FinetuneResult<Tuned>>;
  check(tuned: Tuned): Stage<TurnCheck>;
}

/**
 * Prunes, fine-tunes where enough was lost, checks at all turns, and keeps the network; where that is kept already, only
 * says what it came to.
 */
export async function* tuningSession<Tuned extends Model>(
  checkpointing: Checkpointing,
  { choice, prune, tune, check: checkOf }: Work<Tuned>,
): Stage<SessionResult> {
  const kept = await loadResult(checkpointing);
  if (kept) return kept;
  const began = performance.now();
  const { pruned, baseline, start } = yield* prune();
  const tuned = yield* tune(pruned, { baseline, start });
  const { model, epochs } = tuned;
  const stop = tuned.stop ?? 'not needed';
  const check = yield* checkOf(model);
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

/** The session of a study. Network scope excluded. */
export function finetuneSession(
  study: Study,
  choice: PruneChoice,
  settings: FinetuneSettings & { scope: 'head' | 'output' },
  checkpointing: Checkpointing,
): Stage<SessionResult> {
  return tuningSession<GcnnModel>(checkpointing, {
    choice,
    // biome-ignore lint/correctness/useYield: nothing to report.
    async *prune() {
      const { model: pruned } = prune(study.model, choice, study.statistics);
      const start = (await checkHead(study.turns, pruned)).accuracy;
      return { pruned, baseline: study.baseline.accuracy, start };
    },
    tune: (pruned, target) =>
      finetuneWithCheckpoints(study, pruned, target, settings, choice.seed, checkpointing),
    // biome-ignore lint/correctness/useYield: nothing to report.
    async *check(tuned) {
      return await checkHead(study.turns, tuned, study.watched);
    },
  });
}

/** What a session that has ended came to, where it is kept with its network; undefined otherwise. */
async function loadResult({ store, key }: Checkpointing): Promise<SessionResult | undefined> {
  const found = await store.loadStage(key);
  if (!found?.model) return undefined;
  const { accuracy, turned, agreement, changed, undecided, error, watched, baseline, start, epochs, stop } =
    found.record as unknown as SessionResult;
  const told = watched && { watched };
  return { accuracy, turned, agreement, changed, undecided, error, ...told, baseline, start, epochs, stop };
}
