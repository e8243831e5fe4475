/** The recovery on the stage: a line that climbs with the epochs of fine-tuning towards what the accuracy was. */
import { Button, Group } from '@mantine/core';
import { finetuneAgain, rulesFor, stopFinetuning } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { type Finetuning, finetuningOf, useExperiment } from '../../state/prune/experiment';
import { pruneFacts } from '../../state/prune/sheets';
import { percent } from '../../state/words/format';
import { decisionSentence } from '../../state/words/prune';
import { Explained } from '../parts/Explained';
import classes from './Recovery.module.css';
import { useSheet } from './selectors';

export function Recovery({ className }: { className: string }) {
  const sheet = useSheet();
  const settled = useExperiment(({ settled }) => settled);
  const tuned = useExperiment((state) => finetuningOf(state, state.settled));
  const facts = pruneFacts(sheet, settled);
  const rules = rulesFor(sheet.unit);
  return (
    <section className={`${className} ${classes.recovery}`} aria-label="Recovery">
      <Group justify="space-between" wrap="nowrap" gap={6} h={26}>
        <h3 className={classes.title}>
          <Explained
            term="adaptive-fine-tuning"
            text="What is left learns again, on the training tiles, until it is close to what it was, or no longer gets better."
          >
            Recovery
          </Explained>
        </h3>
        {tuned && <Action tuned={tuned} />}
      </Group>
      <Climb tuned={tuned} baseline={facts.baseline} start={facts.accuracy} />
      <p className={`caption ${classes.status}`} data-testid="recovery-status">
        {tuned ? statusOf(tuned) : decisionSentence(facts, rules)}
      </p>
    </section>
  );
}

function Action({ tuned }: { tuned: Finetuning }) {
  const ready = useLab(({ status }) => status === 'ready');
  if (tuned.status === 'queued' || tuned.status === 'running')
    return (
      <Button size="compact-xs" variant="default" aria-label="Stop the recovery" onClick={stopFinetuning}>
        Stop
      </Button>
    );
  if (tuned.status === 'done' && tuned.result.stop !== 'stopped') return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={!ready}
      aria-label="Run the recovery again"
      onClick={() => void finetuneAgain(tuned.setting)}
    >
      Run again
    </Button>
  );
}

function statusOf(tuned: Finetuning): string {
  const last = tuned.epochs.at(-1);
  switch (tuned.status) {
    case 'queued':
      return 'Waiting for the work before it.';
    case 'running':
      return `Epoch ${tuned.epochs.length + 1}${last ? `: ${percent(last.accuracy)} so far` : ''}.`;
    case 'failed':
      return `Fine-tuning failed: ${tuned.message}`;
    case 'done':
      return `${percent(tuned.result.start)} → ${percent(tuned.result.accuracy)} in ${tuned.epochs.length} epochs.`;
  }
}

interface ClimbProps {
  readonly tuned: Finetuning | undefined;
  readonly baseline: number;
  readonly start: number;
}

/** Epochs that the line has room for at first; more push it together. */
const ROOM = 12;

/** For the eyes alone: the sentences beside it say what it shows. */
function Climb({ tuned, baseline, start }: ClimbProps) {
  const epochs = tuned?.epochs ?? [];
  const accuracies = [start, ...epochs.map(({ accuracy }) => accuracy)];
  const low = Math.max(0, Math.min(...accuracies, baseline) - 0.06);
  const high = Math.min(1, Math.max(...accuracies, baseline) + 0.04);
  const y = (accuracy: number) => 100 - (100 * (accuracy - low)) / (high - low || 1);
  const across = Math.max(ROOM, epochs.length);
  const points = accuracies.map((accuracy, i) => `${(100 * i) / across},${y(accuracy)}`).join(' ');
  const end = accuracies.length - 1;
  return (
    <div className={classes.climb} aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="100" y1={y(baseline)} y2={y(baseline)} className={classes.baseline} />
        {tuned && <polyline points={points} className={classes.line} />}
      </svg>
      <span className={classes.was} style={{ top: `${y(baseline)}%` }}>
        {percent(baseline)}
      </span>
      {tuned && (
        <span
          className={classes.dot}
          style={{ left: `${(100 * end) / across}%`, top: `${y(accuracies[end])}%` }}
        />
      )}
    </div>
  );
}
