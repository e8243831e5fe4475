/** What the Fields view says of a fine-tuning, in words: before it, while it runs, and after it. */

import { bestEpoch, type EpochRecord } from '../../lab/stage/history';
import { isTriggered } from '../../lab/train/finetune';
import type { FinetuneSettings } from '../../lab/train/settings';
import type { TrunkPoint } from '../../storage/rows';
import type { FieldsForm } from '../fields/fields';
import type { LiveTuning, TuningStep } from '../fields/tuning';
import { choiceWords } from './fields';
import { capital, count, percent, pointsBetween, seconds, wholePercent } from './format';
import { dropWords, limitWords, resultSentence } from './prune';

type Figures = Pick<TrunkPoint['result'], 'before' | 'after'>;
type Tuned = NonNullable<TrunkPoint['result']['tuned']>;

/** Whether fine-tuning would run, by the adaptive rule; in steps that is decided anew after each. */
export function tuningDecision(
  { before, after }: Figures,
  { units, steps }: Pick<FieldsForm, 'units' | 'steps'>,
  settings: FinetuneSettings,
): string {
  const [was, is] = [before.turned[0], after.turned[0]];
  const limit = limitWords(settings);
  const lost = was - is > 1e-9 ? `dropped by ${pointsBetween(was, is)}` : 'did not drop';
  const rule = isTriggered(was, is, settings)
    ? `Pruned at once, accuracy dropped by ${dropWords(was, is, settings)}, more than ${limit}: fine-tuning would run.`
    : `Pruned at once, accuracy ${lost}, which is within ${limit}: fine-tuning would be skipped.`;
  return units === 'fields' && steps > 1 ? `${rule} In ${steps} steps the rule is applied after each.` : rule;
}

/** What fine-tuning gave after the last of `steps` steps; the sentence of the Prune view where it ran. */
export function tuningResult(tuned: Tuned, settings: FinetuneSettings, steps = 1): string {
  const { baseline, start, accuracy, epochs, stop, stoppedIn } = tuned;
  if (stop === null) {
    const which = tuned.rounds.length > 0 ? 'After the last step ' : '';
    const text = `${which}accuracy was ${percent(start)}, within ${limitWords(settings)} of ${percent(baseline)}: no fine-tuning was needed.`;
    return capital(text);
  }
  const text = resultSentence(
    { baseline, start, accuracy, epochs: epochs.length, seconds: took(epochs), stop },
    settings,
  );
  return stoppedIn ? `${text} That was step ${stoppedIn} of ${steps}: less is gone than chosen.` : text;
}

/** Where a fine-tuning is, and what it has reached. doing: what its worker does before the first epoch. */
export function liveSentence(live: LiveTuning, doing: string): string {
  const { steps, inEpoch, tuning, choice, epochs: most, resumedFrom, stopping } = live;
  if (stopping) return 'Stopping: the best epoch so far is kept, and measured.';
  const last = steps.at(-1);
  const what = `${capital(choiceWords(choice))} removed. `;
  const step = tuning.steps > 1 ? `${what}Step ${Math.max(1, steps.length)} of ${tuning.steps}. ` : what;
  if (!last || (last.epochs.length === 0 && inEpoch === 0)) return `${step}${doing}`;
  const of = most === null ? '' : ` of at most ${most}`;
  const now = `Epoch ${last.epochs.length + 1}${of}, ${wholePercent(inEpoch)}`;
  const resumed = resumedFrom === null ? '' : ` Picked up after epoch ${resumedFrom}.`;
  return `${step}${now}${reachedWords(last.epochs)}.${resumed}`;
}

function reachedWords(epochs: readonly EpochRecord[]): string {
  const [latest, best] = [epochs.at(-1), bestEpoch(epochs)];
  if (!latest || !best) return '';
  const which =
    best === latest ? 'the best so far' : `the best was ${percent(best.accuracy)} (epoch ${best.epoch})`;
  return `: ${percent(latest.accuracy)} after epoch ${latest.epoch}, ${which}; ${seconds(took(epochs) / epochs.length)} an epoch`;
}

/** Seconds of all epochs. */
const took = (epochs: readonly EpochRecord[]): number =>
  epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);

/** "Step 1 of 3: 62.1 % → 88.3 % in 12 epochs". */
export function roundSentence(step: TuningStep, number: number, of: number): string {
  const { start, epochs, end } = step;
  const best = end?.accuracy ?? Math.max(start, bestEpoch(epochs)?.accuracy ?? 0);
  const took = end?.epochs ?? epochs.length;
  const place = `Step ${number} of ${of}`;
  return took === 0
    ? `${place}: ${percent(start)}, no fine-tuning needed`
    : `${place}: ${percent(start)} → ${percent(best)} in ${count(took, 'epoch')}`;
}
