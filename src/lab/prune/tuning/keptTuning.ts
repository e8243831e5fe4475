/**
 * Fine-tuning that outlasts whoever runs it: kept epoch by epoch in a store, gone on with where it was cut off, to the
 * same numbers, and ended early on request with the best epoch so far.
 */

import type { GcnnModel } from '../../families/gcnn/model';
import { runUntilStopped, type Stage } from '../../stage/events';
import { bestEpoch } from '../../stage/history';
import { keepingCheckpoints, type RunStore } from '../../stage/store';
import { fitsNetwork, OTHER_NETWORK } from '../../train/fit';
import type { FinetuneSettings } from '../../train/settings';
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

/**
 * As `finetuneInStudy`, from the checkpoint in the store where there is one of this network; its last epochs stay there.
 * One of another network is dropped, and that is said.
 */
export async function* finetuneWithCheckpoints(
  study: TuningTiles,
  pruned: GcnnModel,
  target: TuningTarget,
  settings: FinetuneSettings,
  seed: number,
  { store, key, stop }: Checkpointing,
): Stage<FinetuneResult> {
  let checkpoint = await store.loadCheckpoint(key);
  if (checkpoint && !fitsNetwork(checkpoint, pruned.params)) {
    yield { type: 'warning', message: OTHER_NETWORK };
    await store.forget(key);
    checkpoint = undefined;
  }
  if (checkpoint) yield { type: 'resumed', history: checkpoint.history };
  const stage = finetuneInStudy(study, pruned, target, settings, seed, checkpoint);
  const result = yield* runUntilStopped(keepingCheckpoints(stage, store, key), stop);
  if (result) return result;
  const latest = await store.loadCheckpoint(key);
  const { baseline, start } = target;
  const epochs = latest?.history ?? [];
  const best = bestEpoch(epochs);
  const ended = { triggered: true, reason: 'stopped on request', baseline, start, epochs, stop: STOPPED };
  // As without a stop, nothing worse than it was given.
  return latest && best && best.accuracy > start
    ? { ...ended, accuracy: best.accuracy, model: { ...pruned, params: latest.best } }
    : { ...ended, accuracy: start, model: pruned };
}
