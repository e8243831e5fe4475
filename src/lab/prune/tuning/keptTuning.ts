/**
 * Fine-tuning that outlasts whoever runs it: kept epoch by epoch in a store, gone on with where it was cut off, to the
 * same numbers, and ended early on request with the best epoch so far.
 */

import type { Model } from '../../nn/model';
import { keepingCheckpoints } from '../../recipe/run';
import { type Stage, untilStopped } from '../../stage/events';
import type { RunStore } from '../../stage/store';
import { isOf, OTHER_NETWORK } from '../../train/fit';
import { bestEpoch } from '../../train/history';
import type { FinetuneSettings } from '../../train/settings';
import { type FinetuneResult, finetuneInStudy, type Towards, type TuningTiles } from './study';

export interface Keep {
  readonly store: RunStore;
  /** What it is kept under. */
  readonly key: string;
  /** Asks for an early end. */
  readonly stop: AbortSignal;
}

/** Why a fine-tuning ended that was asked to. */
export const STOPPED = 'stopped';

/**
 * As `finetuneInStudy`, from the checkpoint in the store where there is one of this network; its last epochs stay there.
 * One of another network is dropped, and that is said.
 */
export async function* keptFinetuning(
  study: TuningTiles,
  pruned: Model,
  towards: Towards,
  settings: FinetuneSettings,
  seed: number,
  { store, key, stop }: Keep,
): Stage<FinetuneResult> {
  let checkpoint = await store.loadCheckpoint(key);
  if (checkpoint && !isOf(checkpoint, pruned.params)) {
    yield { type: 'warning', message: OTHER_NETWORK };
    await store.forget(key);
    checkpoint = undefined;
  }
  if (checkpoint) yield { type: 'resumed', history: checkpoint.history };
  const stage = finetuneInStudy(study, pruned, towards, settings, seed, checkpoint);
  const result = yield* untilStopped(keepingCheckpoints(stage, store, key), stop);
  if (result) return result;
  const latest = await store.loadCheckpoint(key);
  const { baseline, start } = towards;
  const epochs = latest?.history ?? [];
  const best = bestEpoch(epochs);
  const ended = { triggered: true, reason: 'stopped on request', baseline, start, epochs, stop: STOPPED };
  // As without a stop, nothing worse than it was given.
  return latest && best && best.accuracy > start
    ? { ...ended, accuracy: best.accuracy, model: { ...pruned, params: latest.best } }
    : { ...ended, accuracy: start, model: pruned };
}
