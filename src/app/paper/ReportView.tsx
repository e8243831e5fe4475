/** One report: each section's chart, figures beside the paper's, verdicts; then how it was made. */
import { Badge, Text, Title } from '@mantine/core';
import { cellTables } from '../../lab/reproduce/cellWords';
import { accuracyDots, agreementDots } from '../../lab/reproduce/dots';
import type { Report, ReportRow, ReportSection } from '../../lab/reproduce/report';
import { bytes, count, seconds, whole } from '../../state/words/format';
import { accuracyInWords, HEADS, madeSentence, rowCells, sectionSentence } from '../../state/words/report';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import { DotChart } from './DotChart';
import classes from './ReportView.module.css';
import { StudyCells } from './StudyCells';
import { Takes } from './Takes';
import { chartTable, sectionTable } from './tables';

export function ReportView({ report }: { report: Report }) {
  const { title, sections, definitions = [] } = report;
  return (
    <>
      <section className="card" aria-labelledby="report-title">
        <Title order={2} size="h3" id="report-title">
          {title}
        </Title>
        <Text className="caption" component="p" mt={4} mb={0} data-testid="report-made">
          {madeSentence(report)}
        </Text>
      </section>
      {sections.map((section) => (
        <Section key={section.id} report={report} section={section} />
      ))}
      <section className="card" aria-labelledby="how-title">
        <Title order={3} size="h4" id="how-title" mb={8}>
          How it was made
        </Title>
        <dl className={classes.facts}>
          <dt>Command</dt>
          <dd>
            <code>{report.command}</code>
          </dd>
          <dt>Hardware</dt>
          <dd>{report.environment.hardware}</dd>
          <dt>Software</dt>
          <dd>
            {report.environment.software}, {report.environment.backend}
          </dd>
          <dt>Time</dt>
          <dd>{seconds(report.wallSeconds)} from start to end</dd>
          {definitions.length > 0 && (
            <>
              <dt>What the verdicts mean</dt>
              {definitions.map((definition) => (
                <dd key={definition}>{definition}</dd>
              ))}
            </>
          )}
        </dl>
        <details className={classes.settings}>
          <summary>Settings: {count(Object.keys(report.recipes).length, 'recipe')}</summary>
          {Object.entries(report.recipes).map(([name, recipe]) => (
            <details key={name}>
              <summary>{name}</summary>
              <pre>{JSON.stringify(recipe, null, 2)}</pre>
            </details>
          ))}
        </details>
      </section>
    </>
  );
}

function Section({ report, section }: { report: Report; section: ReportSection }) {
  const { id, title, rows, notes = [], findings = [] } = section;
  return (
    <section className="card" aria-labelledby={`section-${id}`}>
      <Title order={3} size="h4" id={`section-${id}`}>
        {title}
      </Title>
      <Text className="caption" component="p" mt={4} mb={12}>
        {sectionSentence(section)}
      </Text>
      {notes.map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
      <div className={classes.charts}>
        <DotChart
          label={`Test accuracy of each row. ${rows.map(accuracyInWords).join(' ')}`}
          title={
            rows.some(({ lab }) => lab.interval)
              ? 'Test accuracy, %; lines: 95 % intervals for other tiles and seeds'
              : 'Test accuracy, %'
          }
          rows={accuracyDots(section)}
          saved={{
            what: `test accuracy, ${title}`,
            table: () => chartTable(report, section, 'accuracy'),
          }}
        />
        <DotChart
          label="Share of decided test tiles with the same answer at all four turns; the figures are in the table."
          title="Same answer at all four turns, %"
          rows={agreementDots(section)}
          saved={{
            what: `same answer, ${title}`,
            table: () => chartTable(report, section, 'agreement'),
          }}
        />
      </div>
      <div className={classes.save}>
        <SaveMenu what={`figures, ${title}`} table={() => sectionTable(report, section)} picture="table" />
      </div>
      <FiguresTable label={`Figures: ${title}`} className={classes.table} testId={`report-${id}`}>
        <thead>
          <tr>
            {HEADS.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {rowCells(row, section).map((cell, i) =>
                i === 0 ? (
                  <th key={HEADS[i]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={HEADS[i]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </FiguresTable>
      {findings.length > 0 && (
        <ul className={classes.verdicts} aria-label="What the papers say of the whole study">
          {findings.map(({ title: claim, reproduces, sentence }) => (
            <li key={claim}>
              <strong>{claim}</strong> <Outcome reproduces={reproduces} />
              <p>{sentence}</p>
            </li>
          ))}
        </ul>
      )}
      <ul className={classes.verdicts}>
        {rows.map((row) => (
          <Verdict key={row.id} row={row} />
        ))}
      </ul>
      <Takes section={section} />
      {cellTables(section).map((table) => (
        <StudyCells key={table.title} table={table} />
      ))}
    </section>
  );
}

function Verdict({ row }: { row: ReportRow }) {
  const { label, verdict, paper, reference, remarks, lab } = row;
  const notes = [
    ...(paper?.note ? [`Paper: ${paper.note}.`] : []),
    ...(reference?.note ? [`Reference: ${reference.note}.`] : []),
    ...remarks,
    `${whole(lab.params)} parameters, ${whole(lab.macs)} multiply-adds, ${bytes(lab.bytes)}; equivariance error ${lab.error.toExponential(1)}; ${seconds(lab.seconds.mean)}.`,
  ];
  return (
    <li>
      <strong>{label}</strong> <Outcome reproduces={verdict.reproduces} />
      <p>{verdict.sentence}</p>
      <details>
        <summary className="caption">Notes</summary>
        {notes.map((note) => (
          <p key={note} className="caption">
            {note}
          </p>
        ))}
      </details>
    </li>
  );
}

function Outcome({ reproduces }: { reproduces: boolean | null }) {
  if (reproduces === null) return null;
  return (
    <Badge variant="outline" tt="none" fw={600} className={reproduces ? classes.shows : classes.differs}>
      {reproduces ? 'shows here' : 'does not show here'}
    </Badge>
  );
}
