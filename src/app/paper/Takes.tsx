/** What a section's comparisons tell, and the tiles and seeds that they would take; nothing for a report without. */
import { Title } from '@mantine/core';
import type { ReportSection } from '../../lab/reproduce/report';
import { beyondReach, gridTable, TAKES_NOTE, takesTable } from '../../lab/reproduce/takes';
import { CellsTable } from '../parts/CellsTable';
import { Explained } from '../parts/Explained';
import classes from './ReportView.module.css';

export function Takes({ section }: { section: ReportSection }) {
  const takes = takesTable(section);
  if (!takes) return null;
  const grid = gridTable(section);
  const beyond = beyondReach(section);
  return (
    <>
      <Title order={4} size="h5" mt={16} mb={6}>
        {takes.title}
      </Title>
      <p className={classes.note}>
        <Explained
          term="paired-test"
          text="Both networks answer the same test tiles; tiles and seeds are both taken as drawn at random."
        >
          Paired tests
        </Explained>{' '}
        of each row, and the{' '}
        <Explained
          term="smallest-difference-that-can-be-told"
          text="What these tiles and seeds find in 80 % of all cases; a smaller difference is mostly missed."
        >
          smallest difference
        </Explained>{' '}
        that they tell.
      </p>
      <CellsTable className={classes.table} table={takes} label={`${takes.title}: ${section.title}`} />
      {beyond && <p className={classes.note}>{beyond}</p>}
      <p className={classes.note}>{TAKES_NOTE}</p>
      {grid && (
        <details className={classes.cells}>
          <summary>{grid.title}</summary>
          <CellsTable className={classes.table} table={grid} label={`${grid.title}: ${section.title}`} />
        </details>
      )}
    </>
  );
}
