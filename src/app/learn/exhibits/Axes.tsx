/** The axes of the curves of lessons: accuracy upwards, the share of neurons that are gone to the right. */
import type { ReactNode } from 'react';
import { shareAt } from '../../../state/learn/sketch';
import classes from './SketchBoard.module.css';

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** A curve as a path in a square of 100. */
export const pathOf = (curve: readonly number[]): string =>
  curve.map((value, step) => `${step === 0 ? 'M' : 'L'}${100 * shareAt(step)} ${100 * (1 - value)}`).join('');

/** The area between two curves. */
export function between(by: readonly number[], measured: readonly number[]): string {
  const back = measured.map((value, step) => `L${100 * shareAt(step)} ${100 * (1 - value)}`).reverse();
  return `${pathOf(by)}${back.join('')}Z`;
}

interface Props {
  /** The plot between the axes. */
  readonly children: ReactNode;
  readonly className?: string;
  /** In front of a class it is as high as there is room. */
  readonly fills?: boolean;
}

export function Axes({ children, className = '', fills = false }: Props) {
  return (
    <div className={`${classes.axes} ${className}`} data-fills={fills || undefined}>
      <p className="caption" aria-hidden="true">
        Validation accuracy, %
      </p>
      <div className={classes.grid}>
        <div className={classes.scale} aria-hidden="true">
          {TICKS.map((tick) => (
            <span key={tick} style={{ bottom: `${100 * tick}%` }}>
              {100 * tick}
            </span>
          ))}
        </div>
        {children}
        <div className={classes.shares} aria-hidden="true">
          {TICKS.map((tick) => (
            <span key={tick} style={{ left: `${100 * tick}%` }}>
              {100 * tick}
            </span>
          ))}
        </div>
      </div>
      <p className={`caption ${classes.below}`} aria-hidden="true">
        Hidden neurons removed, %
      </p>
    </div>
  );
}

/** What is drawn between the axes, over their rules. */
export function Drawing({ children }: { children?: ReactNode }) {
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" className={classes.drawing} aria-hidden="true">
      {TICKS.map((tick) => (
        <path key={tick} d={`M0 ${100 * tick}H100`} className={classes.rule} />
      ))}
      {children}
    </svg>
  );
}
