/** A table of figures, names at the left; it scrolls by itself where it may be wider than the page. */
import type { ReactNode } from 'react';
import classes from './FiguresTable.module.css';
import { Scrolling } from './Scrolling';

interface Props {
  /** What stands in it, for those who do not see it. Without one it does not scroll: it always fits its card. */
  readonly label?: string;
  /**
   * `changes`: before and after, narrow, in three columns of which the third counts; `compared`: a column for each thing
   * that is compared, under its name.
   */
  readonly look?: 'changes' | 'compared';
  /** May set the custom properties that the style sheet names. */
  readonly className?: string;
  readonly testId?: string;
  /** Its caption, head, body and foot. */
  readonly children: ReactNode;
}

export function FiguresTable({ label, look, className = '', testId, children }: Props) {
  const table = (
    <table className={`${classes.table} ${look ? classes[look] : ''} ${className}`} data-testid={testId}>
      {children}
    </table>
  );
  return label === undefined ? table : <Scrolling label={label}>{table}</Scrolling>;
}
