/** What happened, epoch by epoch; everything a schedule or a stopping rule wants to know is a function of it. */

export interface EpochRecord {
  /** 1, 2, … */
  readonly epoch: number;
  /** Mean training loss over the epoch. */
  readonly loss: number;
  /** Mean over the epoch of what the loss has beside the task's own, not weighed; absent where it has nothing. */
  readonly penalty?: number;
  /** Validation accuracy after the epoch, 0 … 1. */
  readonly accuracy: number;
  /** Mean over the classes of their own accuracies, 0 … 1; absent where the classes are nearly equal. */
  readonly balanced?: number;
  /** Chosen by its balanced accuracy; absent: by its accuracy. */
  readonly by?: 'balanced';
  readonly validationLoss: number;
  /** Learning rate at the end of the epoch. */
  readonly learningRate: number;
  /** Of work, validation included; a pause does not count. */
  readonly seconds: number;
  /** Answers to the validation examples that are watched, where some are: the example by its name, and the answer. */
  readonly watched?: readonly (readonly [example: number, answer: number])[];
}

/** What an epoch is chosen by: mostly its accuracy. */
export const chosenBy = ({ accuracy, balanced, by }: EpochRecord): number =>
  by === 'balanced' ? (balanced ?? accuracy) : accuracy;

/**
 * The best epoch so far: highest accuracy (or balanced accuracy), then lowest validation loss, then the earlier. Never one whose figures are no
 * numbers, which earlier versions of the lab kept.
 */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  const sound = ({ loss, accuracy, validationLoss }: EpochRecord) =>
    Number.isFinite(loss + accuracy + validationLoss);
  return history
    .filter(sound)
    .reduce<EpochRecord | undefined>(
      (best, epoch) => (best && !isBetter(epoch, best) ? best : epoch),
      undefined,
    );
}

function isBetter(a: EpochRecord, b: EpochRecord): boolean {
  const [one, other] = [chosenBy(a), chosenBy(b)];
  return one > other || (one === other && a.validationLoss < b.validationLoss);
}

/** Epochs since what they are chosen by last rose. */
export function epochsWithoutGain(history: readonly EpochRecord[]): number {
  let best = Number.NEGATIVE_INFINITY;
  let since = 0;
  for (const epoch of history) {
    const now = chosenBy(epoch);
    since = now > best ? 0 : since + 1;
    best = Math.max(best, now);
  }
  return since;
}

/** Epochs after which the learning rate was lowered, with the factor it fell by (2: halved). */
export function rateDrops(
  history: readonly EpochRecord[],
): { readonly epoch: number; readonly by: number }[] {
  return history.slice(1).flatMap((now, i) => {
    const before = history[i];
    const by = before.learningRate / now.learningRate;
    return by > 1 + 1e-9 ? [{ epoch: before.epoch, by }] : [];
  });
}
