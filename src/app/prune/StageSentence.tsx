/** What just happened, in one sentence: shown at every tick; read out only when the slider rests. */
import { rulesFor } from '../../state/drivers/session';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { pruneFacts } from '../../state/prune/sheets';
import { pruneSentence } from '../../state/words/prune';
import { resultWords } from './result';
import classes from './Stage.module.css';
import { useSheet } from './selectors';

export function StageSentence() {
  const sheet = useSheet();
  const setting = useExperiment(({ setting }) => setting);
  const settled = useExperiment(({ settled }) => settled);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const pruned = pruneSentence(pruneFacts(sheet, setting));
  const result = tuned?.status === 'done' ? resultWords(tuned, rulesFor(sheet.unit)) : null;
  return (
    <div className={classes.words}>
      <p
        className={classes.sentence}
        data-result={result !== null || undefined}
        data-testid="prune-sentence"
        aria-hidden="true"
      >
        {result ?? pruned}
      </p>
      <p className="spoken" aria-live="polite">
        {pruneSentence(pruneFacts(sheet, settled))} {result}
      </p>
    </div>
  );
}
