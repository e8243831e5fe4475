/** One stage on the rail: what it is to do or found, its figures with their changes, its curves, and the paper beside. */
import { Button, Group, Title } from '@mantine/core';
import { memo, useState } from 'react';
import { FORMAT_TITLES } from '../../lab/files/formats';
import { networkName } from '../../lab/recipe/networkNames';
import type { StepKind } from '../../lab/recipe/step';
import { notesOf } from '../../lab/stage/store';
import { useLive } from '../../state/drivers/training';
import {
  accuracyChange,
  agreementIn,
  type Card,
  type CardState,
  cardBefore,
  type Figures,
  STAGE_NAMES,
} from '../../state/pipeline/cards';
import { settingsOf } from '../../state/train/live';
import type { LinePoint } from '../../state/train/pace';
import { lambdaRows } from '../../state/words/adapting';
import {
  bytes,
  capital,
  count,
  gain,
  less,
  maybeBytes,
  maybeLess,
  millions,
  percent,
  points,
  seconds,
  small,
  whole,
} from '../../state/words/format';
import { findingOf, interval, taskOf } from '../../state/words/pipeline';
import type { RunRow } from '../../storage/rows';
import { CompareButton } from '../parts/CompareButton';
import { Explained } from '../parts/Explained';
import { ExportButton } from '../parts/ExportButton';
import { LiveProgress } from '../parts/LiveParts';
import { NextSteps } from '../parts/NextSteps';
import { exportSubject, saveNetwork, takeNetworkAlong } from '../train/files';
import { openInPrune } from '../train/RunActions';
import { RunCharts } from '../train/RunCharts';
import { historyTable } from '../train/tables';
import { Beside } from './Beside';
import { LambdaTable } from './LambdaTable';
import classes from './StageCard.module.css';

interface Props {
  readonly row: RunRow;
  readonly cards: readonly Card[];
  readonly at: number;
}

/** Memoised: only the stage that is going on changes ten times a second, and that one listens by itself. */
export const StageCard = memo(function StageCard({ row, cards, at }: Props) {
  const card = cards[at];
  const { planned, state, figures } = card;
  const isGoing = state === 'running' || state === 'paused';
  const lambdas = card.record && lambdaRows(card.record);
  return (
    <li className={classes.stage} data-state={state} data-testid="stage" data-stage={card.name}>
      <span className={classes.node} aria-hidden="true">
        {state === 'done' || state === 'skipped' ? '✓' : at + 1}
      </span>
      <div className={classes.body}>
        <header className={classes.head}>
          <Title order={3} className={classes.title}>
            {STAGE_NAMES[planned.kind]}
          </Title>
          <p className="caption">{taskOf(planned, row.recipe)}</p>
          <span className={classes.state}>{STATES[state]}</span>
        </header>
        {isGoing && <Going row={row} card={card} />}
        {(state === 'stopped' || state === 'failed') && (
          <p className={classes.finding}>{keptSoFar(card, state)}</p>
        )}
        {figures && (
          <>
            {!isGoing && <p className={classes.finding}>{findingOf(cards, card)}</p>}
            {card.record &&
              notesOf(card.record).map((note) => (
                <p key={note} className="caption" data-testid="stage-note">
                  {note}
                </p>
              ))}
            {lambdas && <LambdaTable table={lambdas} label="Every λ over its folds" />}
            <StageFigures cards={cards} card={card} figures={figures} />
            <Extras row={row} card={card} />
          </>
        )}
      </div>
    </li>
  );
});

const STATES: Readonly<Record<CardState, string>> = {
  waiting: 'waiting',
  running: 'running',
  paused: 'paused',
  stopped: 'not finished',
  done: 'done',
  skipped: 'not needed',
  failed: 'failed',
};

function keptSoFar({ history, epochs }: Card, state: CardState): string {
  const what = state === 'failed' ? 'It failed here; everything before is kept.' : 'It was left here.';
  if (epochs === null) return what;
  return history.length === 0
    ? `${what} No epoch of it was finished.`
    : `${what} ${history.length} of ${count(epochs, 'epoch')} are kept.`;
}

/** The stage that is going on: its epochs live, where it has any. */
export function Going({ row, card }: { row: RunRow; card: Card }) {
  const live = useLive(row.kind);
  if (!live) return null;
  const trains = live.training === card.name && settingsOf(card.planned) !== null && !card.record;
  const isTraining = trains && (live.what === null || live.history.length > 0);
  if (!isTraining) {
    return (
      <p className={classes.finding} data-testid="stage-doing">
        {live.what ? `${capital(live.what)} …` : 'Beginning …'}
      </p>
    );
  }
  return (
    <>
      <LiveProgress live={live} />
      <RunCharts
        epochs={live.epochs}
        history={live.history}
        losses={live.losses}
        table={(chart) => historyTable(chart, row, live.history, card.name)}
      />
    </>
  );
}

interface FiguresProps {
  readonly cards: readonly Card[];
  readonly card: Card;
  readonly figures: Figures;
}

function StageFigures({ cards, card, figures }: FiguresProps) {
  const before = cardBefore(cards, card)?.figures ?? null;
  const first = cards.find(({ figures }) => figures !== null)!.figures!;
  const bases = before === null ? [] : before === first ? [before] : [before, first];
  const against = (change: (base: Figures) => string) => {
    const changes = bases.map(change);
    return changes.every((each) => each === '–' || each === '') ? '' : [...new Set(changes)].join(' / ');
  };
  const share = agreementIn(figures);
  const part = figures.part === 'test' ? 'test' : 'validation';
  const tile = points(1 / figures.tiles);
  return (
    <dl className={classes.figures}>
      <Figure
        name="Accuracy"
        value={percent(figures.accuracy)}
        strong
        text={`On ${count(figures.tiles, `${part} tile`)}; 95 % interval ${interval(figures)}, one tile is worth ${tile}. Changes are given between figures of the same tiles only.`}
        change={against((base) =>
          accuracyChange(figures, base) === null ? 'other tiles' : gain(base.accuracy, figures.accuracy),
        )}
      />
      <Figure
        name="Same answer"
        value={share === null ? '–' : percent(share)}
        text="Share of tiles with the same answer at all four quarter turns; those too close to call are left out and counted as open."
        change={besides(
          figures.undecided,
          against((base) => {
            const was = agreementIn(base);
            return share === null || was === null || base.part !== figures.part ? '–' : gain(was, share);
          }),
        )}
      />
      <Figure
        name="Equivariance error"
        value={figures.error === null ? '–' : small(figures.error)}
        text="Largest change of a logit when tiles are turned, as a share of the largest logit: over all validation tiles after pruning, adapting and projecting, over eight tiles elsewhere. About 10⁻⁷ is rounding."
        change=""
      />
      <Figure
        name="Parameters"
        value={whole(figures.params)}
        text="Values that are trained."
        change={against((base) => less(base.params, figures.params))}
      />
      <Figure
        name="Stored here"
        value={bytes(figures.bytes)}
        text="The saved file’s tensors, running statistics included."
        change={against((base) => less(base.bytes, figures.bytes))}
      />
      <Figure
        name="Exported"
        value={maybeBytes(figures.exported)}
        text="The tensors of the file taken along, filters expanded and norms folded in."
        change={against((base) => maybeLess(base.exported, figures.exported))}
      />
      <Figure
        name="Multiply-adds"
        value={millions(figures.macs)}
        text="Of one pass of one tile, filters expanded and norms folded."
        change={against((base) => less(base.macs, figures.macs))}
      />
      <Figure
        name="Time"
        value={seconds(figures.seconds)}
        text="Of the stage’s work, its check included; pauses of a training do not count."
        change=""
      />
    </dl>
  );
}

/** Tiles too close to call stand first. */
const besides = (undecided: number | null, change: string): string =>
  [undecided ? `${undecided} open` : '', change].filter(Boolean).join('; ');

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly text: string;
  readonly change: string;
  readonly strong?: boolean;
}

function Figure({ name, value, text, change, strong }: FigureProps) {
  return (
    <div data-strong={strong || undefined}>
      <dt>
        <Explained text={text}>{name}</Explained>
      </dt>
      <dd>
        {value}
        <span className={classes.change}>{change}</span>
      </dd>
    </div>
  );
}

/** Of the page alone, epochs are known: batches are not kept. */
const NONE: readonly LinePoint[] = [];

/** What is folded away, and what can be taken along. */
function Extras({ row, card }: { row: RunRow; card: Card }) {
  const [open, setOpen] = useState<'curves' | 'paper' | null>(null);
  const toggle = (which: 'curves' | 'paper') => setOpen(open === which ? null : which);
  const { planned, history, state } = card;
  const isDone = state === 'done' || state === 'skipped';
  /** What the others were made from, where the run trains it. */
  const [first] = row.recipe.stages;
  const hasNetwork = isDone && planned.leaves !== 'nothing' && hasModel(card);
  return (
    <>
      <Group gap={6} className={classes.extras}>
        {history.length > 0 && isDone && (
          <Toggle open={open === 'curves'} onClick={() => toggle('curves')}>
            Curves
          </Toggle>
        )}
        {!OF_NO_PAPER.has(planned.kind) && (
          <Toggle open={open === 'paper'} onClick={() => toggle('paper')}>
            Beside the paper
          </Toggle>
        )}
        {hasNetwork && (
          <Button
            size="compact-sm"
            className={classes.extra}
            variant="subtle"
            aria-label={`Save the network of ${STAGE_NAMES[planned.kind]}`}
            onClick={() => void saveNetwork(row, card.name)}
          >
            Save network
          </Button>
        )}
        {hasNetwork && (
          <Button
            size="compact-sm"
            className={classes.extra}
            variant="subtle"
            aria-label={`Take along the network of ${STAGE_NAMES[planned.kind]}`}
            onClick={() => void takeNetworkAlong(row, card.name)}
          >
            Take along
          </Button>
        )}
        {hasNetwork && (
          <ExportButton
            size="compact-sm"
            className={classes.extra}
            variant="subtle"
            label={`${FORMAT_TITLES} of the network of ${STAGE_NAMES[planned.kind]}`}
            subject={exportSubject(row, card.name)}
          />
        )}
        {hasNetwork && planned.kind !== 'train' && (
          <CompareButton
            size="compact-sm"
            className={classes.extra}
            variant="subtle"
            label={`Layers and speed of the network of ${STAGE_NAMES[planned.kind]}`}
            before={first.kind === 'train' ? exportSubject(row, first.name) : null}
            after={exportSubject(row, card.name)}
          />
        )}
        {hasNetwork && (
          <NextSteps
            size="compact-sm"
            integers={planned.kind === 'quantise'}
            at={{
              kind: 'run',
              id: row.id,
              stage: planned.kind === 'train' ? undefined : card.name,
              name: networkName(row.name, { name: card.name, kind: planned.kind }),
            }}
          />
        )}
        {planned.kind === 'train' && isDone && (
          <Button
            size="compact-sm"
            variant="subtle"
            className={classes.extra}
            onClick={() => openInPrune(row, null)}
          >
            Open in Prune
          </Button>
        )}
      </Group>
      {open === 'curves' && (
        <RunCharts
          epochs={Math.max(history.length, 1)}
          history={history}
          losses={NONE}
          table={(chart) => historyTable(chart, row, history, card.name)}
        />
      )}
      {open === 'paper' && <Beside row={row} card={card} />}
    </>
  );
}

/** What the paper's pipeline does not do. */
const OF_NO_PAPER: ReadonlySet<StepKind> = new Set(['adapt', 'adapt-fold', 'project']);

/** In a sweep a pruning that is fine-tuned leaves its network to the fine-tuning. */
const hasModel = ({ planned: { stage, step } }: Card): boolean =>
  stage.kind !== 'sweep' || step.kind === 'finetune' || !(stage.neurons ?? stage.fields)?.finetune;

interface ToggleProps {
  readonly open: boolean;
  readonly children: string;
  onClick(): void;
}

function Toggle({ open, children, onClick }: ToggleProps) {
  return (
    <Button
      size="compact-sm"
      variant={open ? 'light' : 'subtle'}
      className={classes.extra}
      aria-expanded={open}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
