/** Names with a bar and a value each: probabilities of classes, or how often each was answered. */
import type { CSSProperties, ReactNode } from 'react';
import classes from './ShareBars.module.css';

interface Bar {
  readonly name: string;
  /** Length, 0 … 1. */
  readonly share: number;
  readonly value: ReactNode;
}

interface Props {
  readonly bars: readonly Bar[];
  /** The one that counts: the others recede. None recedes where it is left out. */
  readonly chosen?: number;
  /** CSS, of the values’ column. */
  readonly width: string;
  readonly label?: string;
  readonly testId?: string;
}

export function ShareBars({ bars, chosen, width, label, testId }: Props) {
  return (
    <ul
      className={classes.bars}
      data-quiet={chosen !== undefined || undefined}
      style={{ '--value-width': width } as CSSProperties}
      aria-label={label}
      data-testid={testId}
    >
      {bars.map(({ name, share, value }, i) => (
        <li key={name} data-answer={i === chosen || undefined}>
          <span className={classes.name} title={name}>
            <bdi>{name}</bdi>
          </span>
          <span className={classes.track} aria-hidden="true">
            <span style={{ scale: `${share} 1` }} />
          </span>
          <span className={classes.value}>{value}</span>
        </li>
      ))}
    </ul>
  );
}
