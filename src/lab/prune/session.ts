/**
 * Fine-tuning as a person steers it: one setting of a study, kept epoch by epoch in a store, resumed where it was
 * cut off, and ended early on request with the best epoch so far.
 */

import { totalCost } from '../evaluate/cost';
import type { Stage } from '../events';
import type { Model } from '../nn/model';
import type { RunStore } from '../recipe/store';
import type { FitCheckpoint } from '../train/fit';
import { bestEpoch, type EpochRecord } from '../train/history';
import type { FinetuneSettings } from '../train/settings';
import { type PruneChoice, prune } from './prune';
import { checkHead, finetuneInStudy, type HeadCheck, type Study } from './study';

export interface SessionResult extends HeadCheck {
  /** Validation accuracy of the unpruned network and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** A stopping rule's name, `stopped` on request, or `not needed`. */
  readonly stop: string;
}

export interface SessionOptions {
  /** Where checkpoints and the finished network are kept, under `key`. */
  readonly store: RunStore;
  readonly key: string;
  /** Goes on from here. */
  readonly checkpoint?: FitCheckpoint;
  /** Asks for an early end. */
  readonly stop: AbortSignal;
}

/** Prunes, fine-tunes where enough was lost, checks at all turns, and keeps the network. Network scope excluded. */
export async function* finetuneSession(
  study: Study,
  choice: PruneChoice,
  settings: FinetuneSettings & { scope: 'head' | 'output' },
  { store, key, checkpoint, stop }: SessionOptions,
): Stage<SessionResult> {
  const began = performance.now();
  const { model: pruned } = prune(study.model, choice, study.statistics);
  const start = (await checkHead(study.turns, pruned)).accuracy;
  const baseline = study.baseline.accuracy;
  const stage = finetuneInStudy(study, pruned, { baseline, start }, settings, choice.seed, checkpoint);
  const { model, epochs, reason } = yield* untilStopped(stage, pruned, start, {
    store,
    key,
    checkpoint,
    stop,
  });
  const check = await checkHead(study.turns, model);
  const seconds = (performance.now() - began) / 1000;
  await store.saveStage(
    {
      name: key,
      ...check,
      ...totalCost(model.arch),
      seconds,
      ...choice,
      baseline,
      start,
      epochs,
      stop: reason,
    },
    model,
  );
  return { ...check, baseline, start, epochs, stop: reason };
}

interface Ending {
  readonly model: Model;
  readonly epochs: readonly EpochRecord[];
  readonly reason: string;
}

/** Runs the stage to its end or to the request to stop, saving each checkpoint. */
async function* untilStopped(
  stage: ReturnType<typeof finetuneInStudy>,
  pruned: Model,
  start: number,
  { store, key, checkpoint, stop }: SessionOptions,
): Stage<Ending> {
  let latest = checkpoint;
  try {
    while (!stop.aborted) {
      const step = await stage.next();
      if (step.done) {
        const { model, epochs, stop: reason } = step.value;
        return { model, epochs, reason: reason ?? 'not needed' };
      }
      if (step.value.type === 'checkpoint') {
        latest = step.value.checkpoint;
        await store.saveCheckpoint(key, latest);
      }
      yield step.value;
    }
  } finally {
    await stage.return(undefined as never);
  }
  const best = bestEpoch(latest?.history ?? []);
  const model = latest && best && best.accuracy > start ? { ...pruned, params: latest.best } : pruned;
  return { model, epochs: latest?.history ?? [], reason: 'stopped' };
}
