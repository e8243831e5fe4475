/**
 * Adaptive fine-tuning (EASP, made precise in science §6). Everything it decides is a function of the history:
 *   trigger  baseline − accuracy after pruning > τ
 *   rate     Adam with ReduceLROnPlateau on validation accuracy
 *   stop     best drop < 1 point: "excellent"; < τ and 5 epochs without gain: "acceptable"; 15 without: "patience"
 * Drops compare validation accuracy with that of the model that entered pruning; the best epoch is restored.
 */

import { type EpochRecord, epochsWithoutGain } from '../stage/history';
import type { Plan } from './fit';
import { startPlateau, stepPlateau } from './plateau';
import type { FinetuneSettings } from './settings';

/** Rounding guard: 0.7 − 0.68 is not 0.02 in binary. */
const SLACK = 1e-9;

/** Whether the accuracy fell by more than τ. */
export function isTriggered(baseline: number, accuracy: number, { tolerance }: FinetuneSettings): boolean {
  return baseline - accuracy > tolerance + SLACK;
}

/** The plan of adaptive fine-tuning from a baseline accuracy; `dropout` applies to the head and network scopes. */
export function finetunePlan(
  settings: FinetuneSettings,
  baseline: number,
  head: { readonly hidden: number; readonly dropout: number },
  seed: number,
): Plan {
  const { epochs, batch, weightDecay, plateauFactor, plateauPatience } = settings;
  return {
    epochs,
    batch,
    weightDecay,
    seed,
    hidden: head.hidden,
    dropout: settings.scope === 'output' ? 0 : head.dropout,
    learningRate: (history) =>
      history.reduce(
        (state, { accuracy }) =>
          stepPlateau(state, accuracy, { factor: plateauFactor, patience: plateauPatience }),
        startPlateau(settings.learningRate),
      ).learningRate,
    stop: (history) => stopReason(history, baseline, settings),
  };
}

function stopReason(
  history: readonly EpochRecord[],
  baseline: number,
  { excellent, tolerance, acceptablePatience, patience }: FinetuneSettings,
): string | null {
  const best = Math.max(...history.map(({ accuracy }) => accuracy));
  const drop = baseline - best;
  const idle = epochsWithoutGain(history);
  if (drop < excellent - SLACK) return 'excellent';
  if (drop < tolerance - SLACK && idle >= acceptablePatience) return 'acceptable';
  if (idle >= patience) return 'patience';
  return null;
}
