/** All figures of the shown pipeline: accuracy against size in one picture, and everything in one table. */
import { Group, Title } from '@mantine/core';
import { useMemo } from 'react';
import { axisAround } from '../../charts/axis';
import { type Card, STAGE_NAMES } from '../../state/pipeline/cards';
import { bytes, percent } from '../../state/words/format';
import { STAGES_COLUMNS, stagesFile, stagesTable } from '../../state/words/stagesTable';
import { LineChart } from '../charts/LineChart';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import { useShownRun } from './RunOfStages';
import classes from './StagesCard.module.css';

export function StagesCard({ className }: { className: string }) {
  const run = useShownRun('pipeline');
  const table = useMemo(() => run && stagesTable(run.cards), [run]);
  if (!run || !table || table.rows.length < 2) return null;
  return (
    <section className={`card ${className}`} aria-labelledby="stages-title">
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4" id="stages-title">
          Accuracy and size, stage by stage
        </Title>
        <SaveMenu
          what="all figures of the stages"
          table={() => stagesFile(run.row, run.cards)}
          picture="figure"
        />
      </Group>
      <div className={classes.parts}>
        <SizeChart cards={run.cards} />
        <FiguresTable
          look="compared"
          label="All figures of the stages"
          className={classes.table}
          testId="stages-table"
        >
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {table.rows.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.columns.map((name, at) => (
              <tr key={name}>
                <th scope="row">
                  <ColumnName name={name} />
                </th>
                {table.rows.map(({ key, cells }) => (
                  <td key={key}>{cells[at]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </FiguresTable>
      </div>
    </section>
  );
}

function ColumnName({ name }: { name: string }) {
  const { text, term } = STAGES_COLUMNS.find((column) => column.name === name) ?? {};
  if (!text) return name;
  return (
    <Explained text={text} term={term}>
      {name}
    </Explained>
  );
}

/** Stages at the same place share their label. */
function SizeChart({ cards }: { cards: readonly Card[] }) {
  const stages = cards.flatMap(({ figures, planned }, at) =>
    // A check and a fold are of other tiles, so they are no steps of this line.
    figures?.part === 'val' && planned.kind !== 'adapt-fold'
      ? [
          {
            x: figures.bytes / 1000,
            y: 100 * figures.accuracy,
            name: STAGE_NAMES[planned.kind],
            number: at + 1,
            words: `${percent(figures.accuracy)} in ${bytes(figures.bytes)}`,
          },
        ]
      : [],
  );
  const places = new Map<string, { x: number; y: number; text: string }>();
  for (const { x, y, number } of stages) {
    const place = places.get(`${x} ${y}`);
    places.set(`${x} ${y}`, { x, y, text: place ? `${place.text}, ${number}` : String(number) });
  }
  return (
    <LineChart
      label={`Validation accuracy against bytes: ${stages.map(({ name, words }) => `${name} ${words}`).join('; ')}`}
      x={axisAround(
        stages.map(({ x }) => x),
        0,
      )}
      y={axisAround(
        stages.map(({ y }) => y),
        0,
        100,
      )}
      xLabel="Stored here, kB"
      yLabel="Validation accuracy, %"
      lines={[
        {
          name: 'from stage to stage, as numbered above',
          colour: 'var(--accent)',
          width: 2,
          points: stages,
          dots: true,
        },
      ]}
      labels={[...places.values()]}
    />
  );
}
