/** Which way wins where, and what it cost: every network on the test tiles, and where each can go on. */
import { Button, Group, NativeSelect, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { FORMAT_TITLES } from '../../lab/files/formats';
import { resultsOf, type WayResult } from '../../state/adapt/results';
import type { Term } from '../../state/page/glossary';
import {
  agreementSentence,
  costSentence,
  projectionSentence,
  spreadShares,
  WAY_NAMES,
  winnerSentence,
} from '../../state/words/adapting';
import { count, percent, seconds, small, whole } from '../../state/words/format';
import type { RunRow } from '../../storage/rows';
import { Explained } from '../parts/Explained';
import { ExportButton } from '../parts/ExportButton';
import { FiguresTable } from '../parts/FiguresTable';
import { NextSteps } from '../parts/NextSteps';
import { useShownRun } from '../pipeline/RunOfStages';
import { SaveMenu } from '../saving/SaveMenu';
import { exportSubject, saveNetwork, takeNetworkAlong } from '../train/files';
import { waysTable } from './tables';
import classes from './WaysCard.module.css';

interface Column {
  readonly name: string;
  readonly text?: string;
  readonly term?: Term;
}

const COLUMNS: readonly Column[] = [
  { name: 'Way' },
  { name: 'λ', text: 'Of each seed: how much R counted.', term: 'equivariant-fine-tuning' },
  {
    name: 'Accuracy',
    text: 'On the test tiles, upright; over several seeds their mean and standard deviation.',
  },
  { name: 'Turned', text: 'Mean accuracy on the test tiles at the four quarter turns.' },
  {
    name: 'Same answer',
    text: 'Share of the decided test tiles with the same answer at all four quarter turns.',
    term: 'agreement',
  },
  {
    name: 'Equivariance error',
    text: 'Largest change of a logit when eight test tiles are turned, as a share of the largest logit; over the seeds the largest. About 10⁻⁷ is rounding.',
    term: 'equivariance-error',
  },
  {
    name: 'R',
    text: 'Of the kind that was trained, on the validation tiles. An equivariant network has no distance of weights or maps.',
    term: 'equivariant-fine-tuning',
  },
  { name: 'Parameters', text: 'Values that are trained.' },
  { name: 'Steps', text: 'Of Adam, for one seed; the folds that chose λ are told above.' },
  { name: 'Passes', text: 'Tiles that went through the network and back, for one seed.' },
  { name: 'Time', text: 'Of the work on this computer, for one seed.' },
];

export function WaysCard({ className }: { className: string }) {
  const run = useShownRun('adapting');
  const results = useMemo(
    () => (run ? resultsOf({ ...run.row, records: run.cards.flatMap(({ record }) => record ?? []) }) : []),
    [run],
  );
  if (!run || results.length === 0) return null;
  const { row } = run;
  const seeds = Math.max(...results.map(({ stages }) => stages.length));
  return (
    <section className={`card ${className}`} aria-labelledby="ways-title">
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4" id="ways-title">
          Which way wins where
        </Title>
        <SaveMenu what="table of the ways" table={() => waysTable(row, results)} picture="table" />
      </Group>
      <p className={classes.sentence} data-testid="ways-sentence">
        {[
          winnerSentence(results, 'upright'),
          winnerSentence(results, 'turned'),
          agreementSentence(results),
          projectionSentence(results),
          costSentence(results),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      <Ways row={row} results={results} />
      <p className="caption">
        On {count(row.tiles.test, 'test tile')}, which chose nothing, over {count(seeds, 'seed')}. A way wins
        where it gains more tiles against every other one than it loses, by more than chance (95 %; tiles and
        seeds crosswise).
      </p>
    </section>
  );
}

function Ways({ row, results }: { row: RunRow; results: readonly WayResult[] }) {
  const seeds = Math.max(...results.map(({ stages }) => stages.length));
  const [chosen, setSeed] = useState(0);
  const seed = Math.min(chosen, seeds - 1);
  return (
    <>
      {seeds > 1 && (
        <NativeSelect
          size="xs"
          mb={8}
          maw={240}
          label="Go on with the networks of seed"
          value={String(seed)}
          data={Array.from({ length: seeds }, (_, i) => ({
            value: String(i),
            label: String(row.recipe.seed + i),
          }))}
          onChange={({ currentTarget: { value } }) => setSeed(Number(value))}
        />
      )}
      <FiguresTable look="compared" label="Every way" testId="ways">
        <thead>
          <tr>
            {COLUMNS.map(({ name, text, term }) => (
              <th key={name} scope="col">
                {text ? (
                  <Explained text={text} term={term}>
                    {name}
                  </Explained>
                ) : (
                  name
                )}
              </th>
            ))}
            <th scope="col">
              <span className="spoken">Go on</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {results.map((each) => (
            <tr key={each.way} data-way={each.way}>
              <th scope="row">{WAY_NAMES[each.way]}</th>
              {cellsOf(each).map((cell, at) => (
                <td key={COLUMNS[at + 1].name}>{cell}</td>
              ))}
              <td data-unsaved>
                <GoOn row={row} result={each} stage={each.stages.at(seed)} />
              </td>
            </tr>
          ))}
        </tbody>
      </FiguresTable>
    </>
  );
}

function cellsOf(result: WayResult): string[] {
  const { lambdas, stages, accuracy, turned, agreement, error, penalty, params, cost } = result;
  const share = stages.length > 1 ? spreadShares : ({ mean }: typeof accuracy) => percent(mean);
  return [
    lambdas.length > 0 ? [...new Set(lambdas)].join(', ') : '–',
    share(accuracy),
    share(turned),
    share(agreement),
    error === null ? '–' : small(error),
    penalty ? small(penalty.mean) : '–',
    whole(params),
    cost.steps === 0 ? '–' : whole(Math.round(cost.steps)),
    cost.passes === 0 ? '–' : whole(Math.round(cost.passes)),
    seconds(cost.seconds),
  ];
}

interface GoOnProps {
  readonly row: RunRow;
  readonly result: WayResult;
  /** Of the chosen seed; undefined while that is not done. */
  readonly stage: string | undefined;
}

/** Where the network can go on, and how it is taken away. */
function GoOn({ row, result, stage }: GoOnProps) {
  if (stage === undefined) return null;
  const name = WAY_NAMES[result.way];
  return (
    <div className={classes.buttons}>
      <NextSteps
        size="compact-sm"
        at={{ kind: 'run', id: row.id, stage, name: `${row.name}, ${stage}` }}
        label={`Go on with “${name}”`}
      />
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={`Save the network of “${name}”`}
        onClick={() => void saveNetwork(row, stage)}
      >
        Save
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={`Take along the network of “${name}”`}
        onClick={() => void takeNetworkAlong(row, stage)}
      >
        Take along
      </Button>
      <ExportButton
        size="compact-sm"
        variant="subtle"
        label={`${FORMAT_TITLES} of the network of “${name}”`}
        subject={exportSubject(row, stage)}
      />
    </div>
  );
}
