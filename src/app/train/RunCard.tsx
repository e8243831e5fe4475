/** The run that trains, or the one looked at: its figures, its charts, and what can be done with it. */
import { Alert, Badge, Button, Group, Progress, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { bestEpoch } from '../../lab/train/history';
import type { RunRow } from '../../library/runs';
import { percent, seconds, whole } from '../../stores/format';
import { type LiveRun, secondsLeft, shareDone } from '../../stores/live';
import type { LinePoint } from '../../stores/pace';
import { checkSentence, trainedSentence } from '../../stores/runSentences';
import { pause, resume, step, stop, useLive, useTraining } from '../../stores/training';
import { BackendMenu } from '../BackendMenu';
import { Explained } from '../Explained';
import { RunActions } from './RunActions';
import classes from './RunCard.module.css';
import { RunCharts } from './RunCharts';
import { plannedEpochs } from './runFacts';
import { STATUS_NAMES, statusOf } from './words';

/** Of a kept run the page knows the epochs only. */
const NONE: readonly LinePoint[] = [];

export function RunCard() {
  const live = useLive('training');
  const row = useTraining(({ rows, shown }) => rows?.find(({ id }) => id === shown.training) ?? null);
  const trouble = useTraining(({ trouble }) => trouble);
  const read = useTraining(({ rows }) => rows !== null);
  return (
    <section className={`card ${classes.card}`} aria-labelledby="run-title" aria-busy={!read}>
      {trouble && (
        <Alert
          color="red"
          role="alert"
          mb="md"
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => useTraining.setState({ trouble: null })}
        >
          {trouble}
        </Alert>
      )}
      {live ? <Live live={live} /> : row ? <Kept row={row} /> : read && <Empty />}
      {/* In one place for every run, so that its frame stays when a run ends or another one is looked at. */}
      {live ? (
        <RunCharts epochs={live.epochs} history={live.history} losses={live.losses} />
      ) : (
        row && <RunCharts epochs={plannedEpochs(row)} history={row.history} losses={NONE} />
      )}
      {!live && row && (
        <Text className="caption" mt="xs">
          {row.data.title}, {row.tiles.train} training tiles; ran on {row.engine}.
        </Text>
      )}
    </section>
  );
}

function Live({ live }: { live: LiveRun }) {
  const { name, status, history, epochs, batch, batches, rate, backend } = live;
  const best = bestEpoch(history);
  const left = secondsLeft(live);
  return (
    <>
      <Head name={name} badge={status === 'running' ? 'training' : status} strong />
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
      <Group gap={8} className={classes.buttons}>
        <PauseButton status={status} />
        <Button
          variant="default"
          size="sm"
          disabled={status !== 'paused' || history.length >= epochs}
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
    </>
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

function statusText({ status, what, history, epochs, batch, batches, resumedFrom }: LiveRun): string {
  const resumed = resumedFrom ? ` Picked up after epoch ${resumedFrom}.` : '';
  if (status === 'stopping') return `Stopping; everything up to epoch ${history.length} is kept.`;
  if (what) return `${what.charAt(0).toUpperCase()}${what.slice(1)} …${resumed}`;
  const place = batch > 0 ? `, batch ${batch} of ${batches}` : '';
  const epoch = Math.min(epochs, history.length + 1);
  return `${status === 'paused' ? 'Paused in epoch' : 'Epoch'} ${epoch} of ${epochs}${place}.${resumed}`;
}

/** To the second below a minute, coarser above: it is an estimate. */
const duration = (value: number): string =>
  value < 60 ? `${Math.ceil(value)} s` : seconds(10 * Math.round(value / 10));

function Kept({ row }: { row: RunRow }) {
  const elsewhere = useTraining(({ elsewhere }) => elsewhere);
  // Says the same, where it just happened.
  const trouble = useTraining(({ trouble }) => trouble);
  const status = statusOf(row, undefined, elsewhere);
  return (
    <>
      <Head name={row.name} badge={STATUS_NAMES[status]} strong={false} />
      <p className={classes.status} data-testid="run-result">
        {trainedSentence(row)}
      </p>
      <p className={classes.check} data-testid="run-check">
        {row.check ? checkSentence(row.check) : unfinished(row)}
      </p>
      {row.message && status !== 'done' && !trouble && (
        <Alert color={status === 'failed' ? 'red' : 'orange'} mb="sm" role="status" data-testid="run-message">
          {row.message}
        </Alert>
      )}
      <RunActions row={row} status={status} />
    </>
  );
}

const unfinished = (row: RunRow): string =>
  `${row.history.length} of ${plannedEpochs(row)} epochs are finished and kept; it goes on from there.`;

function Head({ name, badge, strong }: { name: string; badge: string; strong: boolean }) {
  return (
    <Group justify="space-between" wrap="nowrap" mb={4}>
      <Title order={2} size="h4" id="run-title" className={classes.title}>
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

/** Before the first run: what to do, and what will be here. */
function Empty() {
  return (
    <div className={classes.empty}>
      <div>
        <Title order={2} size="h4" id="run-title">
          No run yet
        </Title>
        <ol className={classes.steps}>
          <li>Press “Train”: the network on the left learns the tiles, here in the page.</li>
          <li>Watch loss and accuracy; pause, step batch by batch, stop, go on another day.</li>
          <li>Then prune it: the trained network opens under the slider.</li>
        </ol>
        <p className="caption">
          To compare, train a second network that differs in one thing, for instance the group C1 instead of
          C4.
        </p>
      </div>
    </div>
  );
}
