/** What a fine-tuning came to, in words: on the stage, and in its card. */
import type { FinetuneSettings } from '../../lab/train/settings';
import type { Finetuning } from '../../state/prune/experiment';
import { resultSentence } from '../../state/words/prune';

export function resultWords(
  { result }: Extract<Finetuning, { status: 'done' }>,
  rules: FinetuneSettings,
): string {
  const seconds = result.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return resultSentence({ ...result, epochs: result.epochs.length, seconds }, rules);
}
