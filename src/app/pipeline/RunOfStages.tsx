/** A run of stages that is going on, or the one looked at: how it is, what can be done with it, and whatever its view shows of it. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { continueRun, useLive, useRows, useTraining } from '../../state/drivers/training';
import { type Card, cardsOf, STAGE_NAMES } from '../../state/pipeline/cards';
import { capital, count, seconds } from '../../state/words/format';
import { type ShownStatus, STATUS_NAMES, statusOf } from '../../state/words/train';
import type { RunKind } from '../../storage/rows';
import { LiveControls, RunHead } from '../parts/LiveParts';
import { Notice } from '../parts/Notice';
import { saveRecipe } from '../train/files';
import classes from './PipelineCard.module.css';

type StagesKind = Exclude<RunKind, 'training'>;

interface Props {
  readonly kind: StagesKind;
  /** Where there is no run yet. */
  readonly empty: ReactNode;
  /** What stands below the controls. */
  children(run: ShownRun): ReactNode;
}

export function RunOfStages({ kind, empty, children }: Props) {
  const run = useShownRun(kind);
  const read = useTraining(({ rows }) => rows !== null);
  const trouble = useTraining(({ trouble }) => trouble);
  return (
    <section className={`card ${classes.card}`} aria-labelledby="run-title" aria-busy={!read}>
      {trouble && (
        <Notice kind="trouble" mb="md" onDismiss={() => useTraining.setState({ trouble: null })}>
          {trouble}
        </Notice>
      )}
      {run ? (
        <Shown run={run} hasTrouble={trouble !== null}>
          {children(run)}
        </Shown>
      ) : (
        <NoneYet kind={kind} empty={read && empty} />
      )}
    </section>
  );
}

/** Between the click and the worker’s first word there is a run without a row. */
function NoneYet({ kind, empty }: Pick<Props, 'kind' | 'empty'>) {
  const live = useLive(kind);
  if (!live) return empty;
  return (
    <>
      <RunHead name={live.name} badge="starting" strong />
      <LiveLine cards={[]} />
      <LiveControls live={live} />
    </>
  );
}

/** The row that a view shows, and its cards. */
export function useShownRun(kind: StagesKind) {
  const rows = useRows(kind);
  const shown = useTraining(({ shown }) => shown[kind]);
  const row = rows?.find(({ id }) => id === shown) ?? null;
  const isLive = useTraining(({ live }) => live !== null && live.id === row?.id);
  const records = useTraining(({ live }) => (isLive ? live!.records : null));
  const status = useTraining(({ live }) => (isLive ? live!.status : null));
  const isElsewhere = useTraining(({ elsewhere }) => row !== null && elsewhere.has(row.id));
  return useMemo(() => {
    if (!row) return null;
    // In another tab it goes on as far as the row says.
    const known = isElsewhere ? ({ records: row.records, status: 'running' } as const) : null;
    const cards = cardsOf(row, records && status ? { records, status } : known);
    return { row, cards, isLive };
  }, [row, records, status, isLive, isElsewhere]);
}
export type ShownRun = NonNullable<ReturnType<typeof useShownRun>>;

interface ShownProps {
  readonly run: ShownRun;
  readonly hasTrouble: boolean;
  readonly children: ReactNode;
}

function Shown({ run: { row, cards, isLive }, hasTrouble, children }: ShownProps) {
  const elsewhere = useTraining(({ elsewhere }) => elsewhere);
  const status = statusOf(row, isLive ? row.id : undefined, elsewhere);
  return (
    <>
      {isLive ? (
        <LiveHead name={row.name} />
      ) : (
        <RunHead name={row.name} badge={STATUS_NAMES[status]} strong={false} />
      )}
      {isLive ? <LiveLine cards={cards} /> : <p className={classes.status}>{keptWords(cards, status)}</p>}
      {row.message && status !== 'done' && !isLive && !hasTrouble && (
        <Alert color={status === 'failed' ? 'red' : 'orange'} mb="sm" role="status" data-testid="run-message">
          {row.message}
        </Alert>
      )}
      {isLive ? (
        <LiveButtons kind={row.kind} />
      ) : (
        <Group gap={8} mb={16}>
          {status !== 'done' && status !== 'elsewhere' && <ContinueButton id={row.id} />}
          <Button size="sm" variant="default" onClick={() => saveRecipe(row.recipe, row.name)}>
            Recipe
          </Button>
        </Group>
      )}
      {children}
      <Text className="caption" mt="sm">
        {row.begun === false
          ? `${row.data.title}; its tiles were not opened yet.`
          : `${row.data.title}: ${count(row.tiles.train, 'training tile')}, ${row.tiles.val} validation, ${row.tiles.test} test; ${isLive ? 'runs' : 'ran'} on ${row.engine}.`}
      </Text>
    </>
  );
}

function LiveHead({ name }: { name: string }) {
  const status = useTraining(({ live }) => live?.status);
  return <RunHead name={name} badge={status ?? ''} strong />;
}

function LiveButtons({ kind }: { kind: RunKind }) {
  const live = useLive(kind);
  return live && <LiveControls live={live} />;
}

function ContinueButton({ id }: { id: string }) {
  const busy = useTraining(({ live }) => live !== null);
  return (
    <Button size="sm" disabled={busy} onClick={() => void continueRun(id)}>
      Continue
    </Button>
  );
}

/** Which stage it is at. */
function LiveLine({ cards }: { cards: readonly Card[] }) {
  const status = useTraining(({ live }) => live?.status);
  // Before its first word a worker starts its engine and opens the tiles.
  const what = useTraining(({ live }) => (live?.status === 'starting' ? live.what : null));
  const at = cards.findIndex(({ state }) => state === 'running' || state === 'paused');
  const where = at < 0 ? '' : `: ${STAGE_NAMES[cards[at].planned.kind]}`;
  const text =
    status === 'stopping'
      ? 'Stopping; every finished stage and epoch is kept.'
      : what
        ? `${capital(what)} …`
        : `Stage ${at + 1} of ${cards.length}${where}.`;
  return (
    <p className={classes.status} data-testid="pipeline-status" data-status={status}>
      {text}
    </p>
  );
}

function keptWords(cards: readonly Card[], status: ShownStatus): string {
  const finished = cards.filter(({ state }) => state === 'done' || state === 'skipped');
  const time = cards.reduce((sum, { figures }) => sum + (figures?.seconds ?? 0), 0);
  if (status === 'done')
    return `All ${count(cards.length, 'stage')} are done, after ${seconds(time)} of work.`;
  const kept = `${finished.length} of ${count(cards.length, 'stage')} are done and kept`;
  return status === 'elsewhere' ? `${kept}; another tab goes on with it.` : `${kept}; it goes on from there.`;
}
