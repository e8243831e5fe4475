/** The run that is going on, or the one looked at: where it is, and loss and R of any of its trainings by epoch. */
import { Button, NativeSelect, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { WAYS } from '../../lab/recipe/ways';
import { projectingStages } from '../../state/adapt/recipe';
import { projectRun } from '../../state/drivers/adapting';
import { useTraining } from '../../state/drivers/training';
import { type Card, STAGE_NAMES } from '../../state/pipeline/cards';
import type { LinePoint } from '../../state/train/pace';
import { WAY_NAMES } from '../../state/words/adapting';
import { capital } from '../../state/words/format';
import { findingOf, taskOf } from '../../state/words/pipeline';
import type { RunRow } from '../../storage/rows';
import { RunOfStages, type ShownRun } from '../pipeline/RunOfStages';
import { Going } from '../pipeline/StageCard';
import runClasses from '../train/RunCard.module.css';
import { RunCharts } from '../train/RunCharts';
import { historyTable } from '../train/tables';

export function AdaptCard() {
  return (
    <RunOfStages kind="adapting" empty={<Empty />}>
      {(run) => <Body run={run} />}
    </RunOfStages>
  );
}

function Body({ run: { row, cards, isLive } }: { run: ShownRun }) {
  const going = isLive ? cards.find(({ state }) => state === 'running' || state === 'paused') : undefined;
  return (
    // Its charts are as high as they need: the form beside them is long.
    <div>
      {going && (
        <>
          <p className="caption" data-testid="adapt-task">
            {STAGE_NAMES[going.planned.kind]}: {taskOf(going.planned, row.recipe)}
            {seedWords(going, row)}
          </p>
          <Going row={row} card={going} />
        </>
      )}
      {!going && <Curves row={row} cards={cards} />}
      {!isLive && row.status === 'done' && <Projecting row={row} />}
    </div>
  );
}

/** A training by what it is of. */
function curveName(card: Card, row: RunRow): string {
  const { name, planned } = card;
  const { step } = planned;
  const way = WAYS.find((way) => name === way || name.startsWith(`${way}, `));
  const what =
    step.kind === 'adapt-fold'
      ? `λ ${step.lambda}, fold ${step.fold + 1} of ${step.folds}`
      : way
        ? WAY_NAMES[way]
        : name;
  return `${what}${seedWords(card, row)}`;
}

const seedWords = ({ planned: { seed } }: Card, { recipe }: RunRow): string =>
  seed === 0 || seed === recipe.seed ? '' : `, seed ${seed}`;

/** Of the page alone, epochs are known: batches are not kept. */
const NONE: readonly LinePoint[] = [];

/** Loss, R and accuracy of one of the trainings, by epoch; first of all of what was adapted. */
function Curves({ row, cards }: { row: RunRow; cards: readonly Card[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const trained = cards.filter(({ history }) => history.length > 0);
  const card =
    trained.find(({ name }) => name === chosen) ??
    trained.find(({ planned }) => planned.kind === 'adapt') ??
    trained.at(-1);
  if (!card) return null;
  return (
    <>
      <NativeSelect
        size="xs"
        mb={8}
        maw={360}
        label="Curves of"
        value={card.name}
        data={trained.map((each) => ({ value: each.name, label: capital(curveName(each, row)) }))}
        onChange={({ currentTarget: { value } }) => setChosen(value)}
      />
      {card.figures && <p className={runClasses.check}>{findingOf(cards, card)}</p>}
      <RunCharts
        epochs={Math.max(card.history.length, card.epochs ?? 1)}
        history={card.history}
        losses={NONE}
        table={(chart) => historyTable(chart, row, card.history, card.name)}
      />
    </>
  );
}

/** The step that was not asked for when the run began. */
function Projecting({ row }: { row: RunRow }) {
  const busy = useTraining(({ live }) => live !== null);
  if (!projectingStages(row.recipe)) return null;
  return (
    <div>
      <Button size="sm" mt="sm" disabled={busy} onClick={() => void projectRun(row)}>
        Project it
      </Button>
      <Text className="caption" mt={4}>
        Its weights become their mean over the group: the same answer at all turns, and a smaller network. It
        is measured beside the others; nothing is done again.
      </Text>
    </div>
  );
}

/** Before the first run: what to do, and what will be here. */
function Empty() {
  return (
    <div className={runClasses.empty}>
      <div>
        <Title order={2} size="h4" id="run-title">
          Nothing adapted yet
        </Title>
        <ol className={runClasses.steps}>
          <li>Choose a plain network and the tiles that it is to learn; they may have other classes.</li>
          <li>
            Press “Adapt”: it is fine-tuned with λ · R in its loss, where R tells how far it is from
            equivariant. Folds of the training tiles choose λ.
          </li>
          <li>See what every λ comes to, and which way wins. Then project it, prune it, turn it.</li>
        </ol>
        <p className="caption">
          The settings on the left take about two minutes on an ordinary computer. You may close the page
          meanwhile.
        </p>
      </div>
    </div>
  );
}
