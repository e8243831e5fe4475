/**
 * What stages report while they run: one stream of plain data that charts, progress bars, logs and tests read.
 * A stage is an async generator of these events that returns its result, and never a promise of it: WebKit hands that on as
 * it is (`return await`).
 */

import type { FitCheckpoint } from './checkpoint';
import type { EpochRecord } from './history';

export type LabEvent =
  | { readonly type: 'stage-started'; readonly stage: string; readonly detail: string }
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number }
  | {
      readonly type: 'batch';
      readonly epoch: number;
      readonly epochs: number;
      readonly batch: number;
      readonly batches: number;
      readonly loss: number;
      readonly tilesPerSecond: number;
    }
  | ({ readonly type: 'epoch'; readonly epochs: number } & EpochRecord)
  /**
   * Pruned, step after step: the validation accuracy that fine-tuning now begins with; `end`: how it ended, where it was
   * done before and is only told again.
   */
  | {
      readonly type: 'pruned';
      readonly step: number;
      readonly steps: number;
      readonly accuracy: number;
      readonly end?: { readonly accuracy: number; readonly epochs: number };
    }
  /** A training goes on after these epochs. */
  | { readonly type: 'resumed'; readonly history: readonly EpochRecord[] }
  | { readonly type: 'checkpoint'; readonly checkpoint: FitCheckpoint }
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly summary: Readonly<Record<string, unknown>>;
    };

/** A stage: yields events, returns its result; pausing, stepping and cancelling are ordinary iteration. */
export type Stage<Result> = AsyncGenerator<LabEvent, Result, void>;

/** Runs a stage to its end, handing each event to `onEvent`; for tests and simple hosts. */
export async function finish<Result>(
  stage: Stage<Result>,
  onEvent: (event: LabEvent) => void | Promise<void> = () => {},
): Promise<Result> {
  try {
    for (;;) {
      const step = await stage.next();
      if (step.done) return step.value;
      await onEvent(step.value);
    }
  } finally {
    // After an error in onEvent the stage still frees its tensors.
    await stage.return(undefined as never);
  }
}

/** A stage that runs whether anybody looks or not. */
export interface Ahead<Result> {
  readonly result: Promise<Result>;
  /** For whoever looks later: its latest event and those that follow. */
  look(): Stage<Result>;
}

/** Runs a stage from now on; for stages that hold nothing to be freed. */
export function ahead<Result>(stage: Stage<Result>): Ahead<Result> {
  let latest: LabEvent | undefined;
  let isOver = false;
  let tell: () => void = () => {};
  const result = finish(stage, (event) => {
    latest = event;
    tell();
  }).finally(() => {
    isOver = true;
    tell();
  });
  // It is told to whoever looks.
  result.catch(() => {});
  async function* look(): Stage<Result> {
    for (;;) {
      if (latest) {
        const event = latest;
        latest = undefined;
        yield event;
      } else if (isOver) return await result;
      else await new Promise<void>((resolve) => (tell = resolve));
    }
  }
  return { result, look };
}

/** Runs a stage to its end or to the request to stop; null where it was stopped, and freed. */
export async function* runUntilStopped<Result>(
  stage: Stage<Result>,
  stop: AbortSignal,
): Stage<Result | null> {
  try {
    while (!stop.aborted) {
      const step = await stage.next();
      if (step.done) return step.value;
      yield step.value;
    }
    return null;
  } finally {
    await stage.return(undefined as never);
  }
}

/**
 * Passes a stage on with each event replaced by what `map` makes of it (null drops it); the stage is freed however
 * the reader ends.
 */
export async function* mapEvents<Result, Event>(
  stage: Stage<Result>,
  map: (event: LabEvent) => Event | null | Promise<Event | null>,
): AsyncGenerator<Event, Result, void> {
  try {
    for (;;) {
      const step = await stage.next();
      if (step.done) return step.value;
      const event = await map(step.value);
      if (event !== null) yield event;
    }
  } finally {
    await stage.return(undefined as never);
  }
}
