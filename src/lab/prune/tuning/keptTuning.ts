/**
 * Fine-tuning that outlasts whoever runs it: kept epoch by epoch in a store, gone on with where it was cut off, to the
 * same numbers, and ended early on request with the best epoch so far.
 */

import type { GcnnModel } from '../../families/gcnn/model';
import type { Model } from '../../nn/model';
import type { FitCheckpoint } from '../../stage/checkpoint';
import { runUntilStopped, type Stage } from '../../stage/events';
import { bestEpoch } from '../../stage/history';
import { keepingCheckpoints, type RunStore } from '../../stage/store';
import { fitsNetwork, OTHER_NETWORK } from '../../train/fit';
import type { FinetuneSettings } from '../../train/settings';
import type { Drop } from './adaptively';
import { type FinetuneResult, finetuneInStudy, type TuningTarget, type TuningTiles } from './tuning';

/** Where the checkpoints of a fine-tuning are kept, and who may end it early. */
export interface Checkpointing {
  readonly store: RunStore;
  /** The name its checkpoints are kept under. */
  readonly key: string;
  /** When it is aborted, the fine-tuning ends with its best epoch so far. */
  readonly stop: AbortSignal;
}

/** Why a fine-tuning ended that was asked to. */
export const STOPPED = 'stopped';

/** As `finetuneInStudy`, with its epochs kept. */
export function finetuneWithCheckpoints(
  study: TuningTiles,
  pruned: GcnnModel,
  target: TuningTarget,
  settings: FinetuneSettings,
  seed: number,
  checkpointing: Checkpointing,
): Stage<FinetuneResult> {
  return keepingTuning(pruned, target, checkpointing, (checkpoint) =>
    finetuneInStudy(study, pruned, target, settings, seed, checkpoint),
  );
}

/**
 * A fine-tuning from the checkpoint in the store where there is one of this network; its last epochs stay there. One of
 * another network is dropped, and that is said.
 */
export async function* keepingTuning<Tuned extends Model>(
  pruned: Tuned,
  { baseline, start }: Drop,
  { store, key, stop }: Checkpointing,
  tune: (resume: FitCheckpoint | undefined) => Stage<FinetuneResult<Tuned>>,
): Stage<FinetuneResult<Tuned>> {
  let checkpoint = await store.loadCheckpoint(key);
  if (checkpoint && !fitsNetwork(checkpoint, pruned.params)) {
    yield { type: 'warning', message: OTHER_NETWORK };
    await store.forget(key);
    checkpoint = undefined;
  }
  if (checkpoint) yield { type: 'resumed', history: checkpoint.history };
  const result = yield* runUntilStopped(keepingCheckpoints(tune(checkpoint), store, key), stop);
  if (result) return result;
  const latest = await store.loadCheckpoint(key);
  const epochs = latest?.history ?? [];
  const best = bestEpoch(epochs);
  const ended = { triggered: true, reason: 'stopped on request', baseline, start, epochs, stop: STOPPED };
  // As without a stop, nothing worse than it was given.
  return latest && best && best.accuracy > start
    ? { ...ended, accuracy: best.accuracy, model: { ...pruned, params: latest.best } }
    : { ...ended, accuracy: start, model: pruned };
}
