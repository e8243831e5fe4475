/**
 * A field under its label, which explains itself where it is a term, and what is chosen. A label may hold no button, so the field
 * has its name by itself (`aria-label`), and what stands here is for the eyes and for whoever asks.
 */
import type { ReactNode } from 'react';
import type { Term } from '../../state/page/glossary';
import { Explained } from './Explained';
import classes from './LabelledField.module.css';

interface Props {
  readonly label: string;
  readonly text?: string;
  readonly term?: Term;
  /** The field, of the same name. */
  readonly children: ReactNode;
}

export function LabelledField({ label, text, term, children }: Props) {
  return (
    <div>
      <span className={classes.label}>
        {text === undefined ? (
          <span aria-hidden="true">{label}</span>
        ) : (
          <Explained text={text} term={term}>
            {label}
          </Explained>
        )}
      </span>
      {children}
    </div>
  );
}
