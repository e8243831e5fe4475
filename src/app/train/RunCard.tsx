/** The run that trains, or the one looked at: its figures, its charts, and what can be done with it. */
import { Alert, Text, Title } from '@mantine/core';
import type { StageOf } from '../../lab/recipe/schema';
import { notesOf } from '../../lab/stage/store';
import { useLive, useTraining } from '../../state/drivers/training';
import { earlierEpochs, isTraining, joinedLive, lastTraining } from '../../state/train/joined';
import type { LiveRun } from '../../state/train/live';
import type { LinePoint } from '../../state/train/pace';
import { checkSentence, sizeSentence, trainedSentence } from '../../state/words/runs';
import { STATUS_NAMES, statusOf } from '../../state/words/train';
import type { RunRow } from '../../storage/rows';
import { LiveParts, RunHead } from '../parts/LiveParts';
import { Notice } from '../parts/Notice';
import { RunActions } from './RunActions';
import classes from './RunCard.module.css';
import { RunCharts } from './RunCharts';
import { plannedEpochs } from './runFacts';
import { historyTable } from './tables';

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
        <Notice kind="trouble" mb="md" onDismiss={() => useTraining.setState({ trouble: null })}>
          {trouble}
        </Notice>
      )}
      {live ? <Live live={live} /> : row ? <Kept row={row} /> : read && <Empty />}
      {/* In one place for every run, so that its frame stays when a run ends or another one is looked at. */}
      {live ? (
        <RunCharts
          {...joinedLive(live)}
          patience={patienceIn(live.plan.find(({ name }) => name === live.training)?.step)}
          table={(chart) => historyTable(chart, rowOf(live.id), joinedLive(live).history)}
        />
      ) : (
        row && (
          <RunCharts
            epochs={plannedEpochs(row)}
            history={row.history}
            losses={NONE}
            patience={patienceIn(lastTraining(row.recipe))}
            earlier={earlierEpochs(row)}
            table={(chart) => historyTable(chart, row, row.history)}
          />
        )
      )}
      {!live && row && (
        <Text className="caption" mt="xs">
          {row.begun === false
            ? `${row.data.title}; its tiles were not opened yet.`
            : `${row.data.title}, ${row.tiles.train} training tiles; ran on ${row.engine}. ${sizeSentence(row)}`}
        </Text>
      )}
    </section>
  );
}

/** The kept row of a run, which a live one has from its first moments on. */
function rowOf(id: string): RunRow {
  const row = useTraining.getState().rows?.find((each) => each.id === id);
  if (!row) throw new Error('this run has only just begun');
  return row;
}

function Live({ live }: { live: LiveRun }) {
  const { name, status } = live;
  return (
    <>
      <RunHead name={name} badge={status === 'running' ? 'training' : status} strong />
      <LiveParts live={live} />
    </>
  );
}

function Kept({ row }: { row: RunRow }) {
  const elsewhere = useTraining(({ elsewhere }) => elsewhere);
  // Says the same, where it just happened.
  const trouble = useTraining(({ trouble }) => trouble);
  const status = statusOf(row, undefined, elsewhere);
  return (
    <>
      <RunHead name={row.name} badge={STATUS_NAMES[status]} strong={false} />
      <p className={classes.status} data-testid="run-result">
        {trainedSentence(row)}
      </p>
      <p className={classes.check} data-testid="run-check">
        {row.check ? checkSentence(row.check) : unfinished(row)}
      </p>
      {row.records.flatMap(notesOf).map((note) => (
        <p key={note} className="caption" data-testid="run-note">
          {note}
        </p>
      ))}
      {row.message && status !== 'done' && !trouble && (
        <Alert color={status === 'failed' ? 'red' : 'orange'} mb="sm" role="status" data-testid="run-message">
          {row.message}
        </Alert>
      )}
      <RunActions row={row} status={status} />
    </>
  );
}

/** How long a training waits for a gain, where it may stop for want of one before its epochs are used. */
function patienceIn(step: { readonly kind: string } | undefined): number | undefined {
  if (!step || !isTraining(step)) return undefined;
  const { patience, epochs } = (step as StageOf<'train'>).settings;
  return patience < epochs ? patience : undefined;
}

const unfinished = (row: RunRow): string =>
  `${row.history.length} of ${plannedEpochs(row)} epochs are finished and kept; it goes on from there.`;

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
