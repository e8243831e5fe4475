/** A fine-tuning inside the Fields view as the page follows it: a value, and what each event makes of it. */
import type { TrunkChoice, Tuning } from '../lab/prune/trunkChoice';
import type { EpochRecord } from '../lab/train/history';
import type { JobEvent } from '../worker/protocol';

/** A step of pruning, and the fine-tuning after it. */
export interface TuningStep {
  /** Validation accuracy that it began with. */
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** How it ended, where its epochs were not kept. */
  readonly end?: { readonly accuracy: number; readonly epochs: number };
}

export interface LiveTuning {
  readonly tuning: Tuning;
  readonly choice: TrunkChoice;
  readonly steps: readonly TuningStep[];
  /** Share of the running epoch that is done. */
  readonly inEpoch: number;
}

export const newLiveTuning = (tuning: Tuning, choice: TrunkChoice): LiveTuning => ({
  tuning,
  choice,
  steps: [],
  inEpoch: 0,
});

/** What an event of its job makes of a fine-tuning. */
export function tuningFollowed(live: LiveTuning, event: JobEvent): LiveTuning {
  if (event.type === 'pruned') {
    return { ...live, steps: [...live.steps, { start: event.accuracy, epochs: [] }], inEpoch: 0 };
  }
  if (event.type === 'batch') return { ...live, inEpoch: event.batch / event.batches };
  if (event.type !== 'epoch') return live;
  const { type: _, epochs: __, ...record } = event;
  const last = live.steps.at(-1);
  if (!last) return live;
  const steps = [...live.steps.slice(0, -1), { ...last, epochs: [...last.epochs, record] }];
  return { ...live, steps, inEpoch: 0 };
}
