/** The run that is going on: where it is, how fast, and its controls; the same in every view that starts runs. */
import { Badge, Button, Group, Progress, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { bestEpoch } from '../../lab/stage/history';
import { pause, resume, step, stop } from '../../state/drivers/training';
import { type LiveRun, secondsLeft, shareDone } from '../../state/train/live';
import { capital, percent, seconds, whole } from '../../state/words/format';
import { BackendMenu } from './BackendMenu';
import { Explained } from './Explained';
import classes from './LiveParts.module.css';

/** Everything in one block, for a run that is one training. */
export function LiveParts({ live }: { live: LiveRun }) {
  return (
    <>
      <LiveProgress live={live} />
      <LiveControls live={live} />
    </>
  );
}

export function LiveProgress({ live }: { live: LiveRun }) {
  const { status, history, epochs, rate } = live;
  const best = bestEpoch(history);
  const left = secondsLeft(live);
  return (
    <>
      <p className={classes.status} data-testid="run-status" data-status={status}>
        {statusText(live)}
      </p>
      <Progress
        value={100 * shareDone(live)}
        aria-label={`Epochs done: ${history.length} of ${epochs}`}
        transitionDuration={0}
        color={status === 'paused' ? 'gray' : undefined}
      />
      <dl className={classes.figures}>
        <Figure
          name="Images per second"
          text="Training tiles per second since this epoch began; a pause does not count."
          value={rate === null ? '–' : whole(Math.round(rate))}
        />
        <Figure
          name="Time left"
          text="The epochs left at the mean pace of those finished, validation included, corrected by the running one. The rotation check comes after it."
          value={left === null ? '–' : `about ${duration(left)}`}
        />
        <Figure
          name="Best so far"
          text="The highest validation accuracy of the finished epochs; its network is the one that is kept."
          value={best ? `${percent(best.accuracy)}` : '–'}
        />
      </dl>
    </>
  );
}

export function LiveControls({ live }: { live: LiveRun }) {
  const { status, what, history, epochs, batch, batches, backend } = live;
  return (
    <Group gap={8} className={classes.buttons}>
      <PauseButton status={status} />
      <Button
        variant="default"
        size="sm"
        disabled={status !== 'paused' || what !== null || history.length >= epochs}
        onClick={step}
      >
        {batches > 0 && batch === batches ? 'Validate the epoch' : 'Step one batch'}
      </Button>
      <Button variant="default" size="sm" disabled={status === 'stopping'} onClick={stop}>
        Stop for now
      </Button>
      <span className={classes.engine}>
        <BackendMenu report={backend} testId="training-backend" />
        <Text className="caption" component="span">
          {backend ? backend.adapter : ''}
        </Text>
      </span>
    </Group>
  );
}

/** One button in one place, so that the keyboard's focus stays on it. */
function PauseButton({ status }: Pick<LiveRun, 'status'>) {
  const paused = status === 'paused';
  return (
    <Button
      size="sm"
      miw={104}
      disabled={status === 'starting' || status === 'stopping'}
      onClick={paused ? resume : pause}
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}

function Figure({ name, text, value }: { name: string; text: string; value: string }) {
  return (
    <div>
      <Term name={name} text={text} />
      <dd>{value}</dd>
    </div>
  );
}

/** Memoised: drawn ten times a second, the explanation would never get to open after its delay. */
const Term = memo(function Term({ name, text }: { name: string; text: string }) {
  return (
    <dt>
      <Explained text={text}>{name}</Explained>
    </dt>
  );
});

export function statusText({ status, what, history, epochs, batch, batches, resumedFrom }: LiveRun): string {
  const resumed = resumedFrom ? ` Picked up after epoch ${resumedFrom}.` : '';
  if (status === 'stopping') return `Stopping; everything up to epoch ${history.length} is kept.`;
  if (what) return `${capital(what)} …${resumed}`;
  const place = batch > 0 ? `, batch ${batch} of ${batches}` : '';
  const epoch = Math.min(epochs, history.length + 1);
  return `${status === 'paused' ? 'Paused in epoch' : 'Epoch'} ${epoch} of ${epochs}${place}.${resumed}`;
}

/** To the second below a minute, coarser above: it is an estimate. */
const duration = (value: number): string =>
  value < 60 ? `${Math.ceil(value)} s` : seconds(10 * Math.round(value / 10));

/** A run's name and how it is. */
export function RunHead({ name, badge, strong }: { name: string; badge: string; strong: boolean }) {
  return (
    <Group justify="space-between" wrap="nowrap" mb={4}>
      <Title order={2} size="h4" id="run-title" tabIndex={-1} className={classes.title}>
        {name}
      </Title>
      <Badge
        variant={strong ? 'filled' : 'outline'}
        color={badge === 'failed' ? 'red' : undefined}
        tt="none"
        fw={600}
        className={classes.badge}
      >
        {badge}
      </Badge>
    </Group>
  );
}
