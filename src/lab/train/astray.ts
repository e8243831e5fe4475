/**
 * Trainings that go astray: a learning rate too large, and losses, gradients or weights become infinite or NaN. Such an epoch
 * is never kept, counted or the best one; those before it stay, and the person is told.
 */
import { BadInput } from '../errors';
import { firstNotFinite, weightNotFinite } from '../finite';
import type { Params } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import { bestEpoch, type EpochRecord } from '../stage/history';

/** A training whose numbers became none. */
export class Astray extends BadInput {
  override readonly name: string = 'Astray';
}

/** Of tiles it is known what their score counts. */
const scoreWords = ({ accuracy }: EpochRecord, called: string | undefined): string =>
  called === undefined
    ? `${(100 * accuracy).toFixed(1)} % of the validation tiles right`
    : `a score of ${(100 * accuracy).toFixed(1)} % on the validation ${called}`;

/** what: "its loss is NaN". history: the epochs before. called: what the examples are, where they are no tiles. */
export function astray(
  what: string,
  history: readonly EpochRecord[],
  learningRate: number,
  { called, ...options }: ErrorOptions & { readonly called?: string | undefined } = {},
): Astray {
  const best = bestEpoch(history);
  const kept = best
    ? `Everything up to epoch ${history.length} is kept; the best one is epoch ${best.epoch}, with ${scoreWords(best, called)}`
    : 'No epoch was finished before';
  return new Astray(
    `Training went astray in epoch ${history.length + 1}: ${what}. ${kept}. Train it with a smaller learning rate (it was ${learningRate}).`,
    options,
  );
}

/** "of its weights conv1.weight is NaN": of the first parameter or moment that is no number any more; else null. */
export function lostParam(
  params: Params,
  { first, second }: { readonly first: Params; readonly second: Params },
): string | null {
  for (const [what, set] of [
    ['of its weights', params],
    ['of its gradients', first],
    ['of its squared gradients', second],
  ] as const) {
    const wrong = weightNotFinite(set);
    if (wrong !== null) return `${what} ${wrong}`;
  }
  return null;
}

/** What is said where a checkpoint is not gone on with because its numbers are none. */
export const ASTRAY_KEPT =
  'The epochs that are kept here ended with weights that are no numbers, so this training begins with its first epoch.';

/** Whether a checkpoint can be gone on with: earlier versions of the lab wrote some of trainings that had gone astray. */
export function isSound({ params, adam, history }: FitCheckpoint): boolean {
  const figures = history.flatMap(({ loss, accuracy, validationLoss }) => [loss, accuracy, validationLoss]);
  return firstNotFinite(figures) === undefined && lostParam(params, adam) === null;
}
