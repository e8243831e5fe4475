/** A table of figures, names at the left, that scrolls by itself where it is wider than the page. */
import type { ReactNode } from 'react';
import classes from './FiguresTable.module.css';
import { Scrolling } from './Scrolling';

interface Props {
  /** What stands in it, for those who do not see it. */
  readonly label: string;
  /** May set the custom properties that the style sheet names. */
  readonly className?: string;
  readonly testId?: string;
  /** Its head, body and foot. */
  readonly children: ReactNode;
}

export function FiguresTable({ label, className = '', testId, children }: Props) {
  return (
    <Scrolling label={label}>
      <table className={`${classes.table} ${className}`} data-testid={testId}>
        {children}
      </table>
    </Scrolling>
  );
}
