/** Rows of figures as dots on a common axis of shares, one dot for each seed; light enough for any page. */
import type { Table } from '../../state/page/table';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './DotChart.module.css';

export interface DotRow {
  readonly id: string;
  readonly label: string;
  /** Shares, 0 … 1: the mean, and each seed. */
  readonly mean: number;
  readonly values: readonly number[];
  /** Printed figures, where there are any. */
  readonly paper?: number;
  readonly reference?: number;
}

interface Props {
  /** What it says, for those who do not see it. */
  readonly label: string;
  /** What is measured, in which unit. */
  readonly title: string;
  readonly rows: readonly DotRow[];
  /** What the chart is saved as, its name in a few words. */
  readonly saved: { readonly what: string; table(): Table };
}

const TICKS = [0, 25, 50, 75, 100];

export function DotChart({ label, title, rows, saved }: Props) {
  const has = (source: 'paper' | 'reference') => rows.some((row) => row[source] !== undefined);
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <p className={`caption ${classes.title}`}>{title}</p>
        <SaveMenu {...saved} />
      </div>
      <div className={classes.rows} role="img" aria-label={label}>
        {rows.map(({ id, label: name, mean, values, paper, reference }) => (
          <div key={id} className={classes.row}>
            <span className={classes.name}>{name}</span>
            <span className={classes.track}>
              {TICKS.map((tick) => (
                <i key={tick} className={classes.tick} style={{ left: `${tick}%` }} />
              ))}
              <i className={classes.mean} style={at(mean)} />
              {values.map((value, i) => (
                <i key={i} className={classes.dot} style={at(value)} />
              ))}
              {reference !== undefined && <i className={classes.reference} style={at(reference)} />}
              {paper !== undefined && <i className={classes.paper} style={at(paper)} />}
            </span>
          </div>
        ))}
        <div className={`${classes.row} ${classes.axis}`}>
          <span />
          <span className={classes.scale}>
            {TICKS.map((tick) => (
              <span key={tick} style={{ left: `${tick}%` }}>
                {tick}
              </span>
            ))}
          </span>
        </div>
      </div>
      <ul className={`caption ${classes.legend}`} aria-hidden="true">
        <li>
          <i className={classes.dot} /> lab, one dot for each seed; the bar is their mean
        </li>
        {has('paper') && (
          <li>
            <i className={classes.paper} /> printed in the paper
          </li>
        )}
        {has('reference') && (
          <li>
            <i className={classes.reference} /> PyTorch reference
          </li>
        )}
      </ul>
    </figure>
  );
}

const at = (share: number) => ({ left: `${100 * share}%` });
