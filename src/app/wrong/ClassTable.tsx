/** Precision, recall, F1 and tiles of each class, and what a step did to recall. */
import { useMemo } from 'react';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { Before } from '../../lab/evaluate/report/document';
import { plainNames } from '../../lab/plain';
import { gain, percent, whole } from '../../state/words/format';
import { MOST_CLASSES } from '../../state/wrong/matrix';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import classes from './ClassTable.module.css';
import headings from './WrongReport.module.css';

interface Props {
  readonly report: ClassReport;
  /** null where nothing is compared. */
  readonly before: Before | null;
}

const figure = (share: number | null): string => (share === null ? '–' : percent(share));

export function ClassTable({ report, before }: Props) {
  const { perClass, macro } = report;
  const names = useMemo(() => plainNames(report.classes), [report.classes]);
  const order = useMemo(() => orderOf(report), [report]);
  const isLong = perClass.length > MOST_CLASSES;
  return (
    <div className={classes.whole}>
      <h3 className={headings.heading}>
        <Explained
          term="confusion-matrix"
          text="Precision: the share of a class’s answers that are right. Recall: the share of its tiles that are answered rightly. F1: the harmonic mean of both. A dash: there is nothing to divide by."
        >
          Class by class
        </Explained>
      </h3>
      {isLong && <p className={`caption ${classes.note}`}>The worst first, by F1.</p>}
      <div className={isLong ? classes.long : undefined}>
        <FiguresTable label="Figures of each class" className={classes.table} testId="wrong-classes">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Tiles</th>
              <th scope="col">Precision</th>
              <th scope="col">Recall</th>
              {before && <th scope="col">Change</th>}
              <th scope="col">F1</th>
            </tr>
          </thead>
          <tbody>
            {order.map((c) => {
              const { n, precision, recall, f1 } = perClass[c];
              const was = before?.comparison.recall[c].before ?? null;
              return (
                <tr key={c}>
                  <th scope="row">{names[c]}</th>
                  <td>{whole(n)}</td>
                  <td>{figure(precision)}</td>
                  <td>{figure(recall)}</td>
                  {before && <td>{was === null || recall === null ? '–' : gain(was, recall)}</td>}
                  <td>{figure(f1)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Mean of classes</th>
              <td />
              <td>{figure(macro.precision)}</td>
              <td>{figure(macro.recall)}</td>
              {before && <td>{change(before.report.macro.recall, macro.recall)}</td>}
              <td>{figure(macro.f1)}</td>
            </tr>
          </tfoot>
        </FiguresTable>
      </div>
      {before && (
        <p className={`caption ${classes.note}`}>Change: of recall, in points, against {before.network}.</p>
      )}
    </div>
  );
}

const change = (was: number | null, is: number | null): string =>
  was === null || is === null ? '–' : gain(was, is);

/** In the order of the classes; of many the worst first, those without a figure last. */
function orderOf({ perClass }: ClassReport): number[] {
  const all = perClass.map((_, c) => c);
  if (all.length <= MOST_CLASSES) return all;
  const by = (c: number) => perClass[c].f1 ?? 2;
  return all.sort((a, b) => by(a) - by(b));
}
