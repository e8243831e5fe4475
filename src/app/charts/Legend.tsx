/** What stands for what: a line for each entry, with its key before its name. */
import type { ReactNode } from 'react';
import classes from './Legend.module.css';

export interface LegendEntry {
  readonly name: string;
  /** A drawing; null where the name says it all. */
  readonly key: ReactNode;
  /** Told apart from entries of the same name. */
  readonly id?: string;
  /** Stands for nothing drawn at present: its key is faint. */
  readonly absent?: boolean;
}

interface Props {
  readonly entries: readonly LegendEntry[];
  /** Where the chart's label says the same to those who do not see it. */
  readonly hidden?: boolean;
}

export function Legend({ entries, hidden }: Props) {
  return (
    <ul className={classes.legend} aria-hidden={hidden}>
      {entries.map(({ id, name, key, absent }) => (
        <li key={id ?? name} data-absent={absent || undefined}>
          {key}
          {name}
        </li>
      ))}
    </ul>
  );
}

/** A surface with its pattern. */
export const SurfaceKey = ({ className }: { className: string }) => (
  <span className={`${classes.surface} ${className}`} />
);

export interface LineLook {
  readonly colour: string;
  /** SVG dash pattern: lines are told apart without colour too. */
  readonly dash?: string;
}

/** A piece of a line. */
export const LineKey = ({ colour, dash, width = 2.5 }: LineLook & { readonly width?: number }) => (
  <svg width="26" height="8" aria-hidden="true" style={{ flex: 'none' }}>
    <line x2="26" y1="4" y2="4" stroke={colour} strokeWidth={width} strokeDasharray={dash} />
  </svg>
);
