/** A fine-tuning inside the Fields view as the page follows it: a value, and what each event makes of it. */
import type { TrunkChoice, Tuning } from '../../lab/prune/trunk/choice';
import type { EpochRecord } from '../../lab/stage/history';
import type { JobEvent } from '../../worker/protocol/results';

/** A step of pruning, and the fine-tuning after it. */
export interface TuningStep {
  /** Validation accuracy that it began with. */
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** How it ended, where its epochs were not kept. */
  readonly end?: { readonly accuracy: number; readonly epochs: number };
}

export interface LiveTuning {
  /** Changes with the network. */
  readonly fingerprint: string;
  readonly tuning: Tuning;
  readonly choice: TrunkChoice;
  readonly steps: readonly TuningStep[];
  /** Share of the running epoch that is done. */
  readonly inEpoch: number;
  /** Epochs at most in a step; null until the first one is told. */
  readonly epochs: number | null;
  /** The epoch of its step that it went on after, where it was cut off before. */
  readonly resumedFrom: number | null;
  /** It was asked to end with the best epoch so far. */
  readonly stopping: boolean;
}

export const newLiveTuning = (fingerprint: string, tuning: Tuning, choice: TrunkChoice): LiveTuning => ({
  fingerprint,
  tuning,
  choice,
  steps: [],
  inEpoch: 0,
  epochs: null,
  resumedFrom: null,
  stopping: false,
});

/** What an event of its job makes of a fine-tuning. */
export function applyTuningEvent(live: LiveTuning, event: JobEvent): LiveTuning {
  if (event.type === 'pruned') return atStep(live, event);
  if (event.type === 'batch') {
    return { ...live, inEpoch: event.batch / event.batches, epochs: event.epochs };
  }
  const last = live.steps.at(-1);
  if (!last) return live;
  const withEpochs = (epochs: readonly EpochRecord[]): LiveTuning => ({
    ...live,
    steps: [...live.steps.slice(0, -1), { ...last, epochs }],
    inEpoch: 0,
  });
  if (event.type === 'resumed') return { ...withEpochs(event.history), resumedFrom: event.history.length };
  if (event.type !== 'epoch') return live;
  const { type: _, epochs: __, ...record } = event;
  return withEpochs([...last.epochs, record]);
}

/** A step begins; or is told again by a worker that goes on with it, whose next word is of its epochs. */
function atStep(
  live: LiveTuning,
  { step, accuracy: start, end }: Extract<JobEvent, { type: 'pruned' }>,
): LiveTuning {
  const known = live.steps[step - 1];
  const now = known?.start === start ? known : { start, epochs: [] };
  // Of one that is over the next word is of the step after it, which may be known too.
  const later = end ? live.steps.slice(step) : [];
  const steps = [...live.steps.slice(0, step - 1), end ? { ...now, end } : now, ...later];
  return { ...live, steps, inEpoch: 0, resumedFrom: null };
}

/** Whether an epoch of it has ended: something to be kept. */
export const hasTrained = ({ steps }: LiveTuning): boolean =>
  steps.some(({ epochs, end }) => epochs.length > 0 || (end?.epochs ?? 0) > 0);
