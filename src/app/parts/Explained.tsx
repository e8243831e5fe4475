/** A word or figure that explains itself when it is pointed at, focused or tapped; pressed, it opens its glossary entry. */
import { Tooltip } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { openGlossary, type Term } from '../../state/page/glossary';
import classes from './Explained.module.css';

interface Props {
  /** What it is, on which tiles, of which split, how it was computed. */
  readonly text: string;
  /** The entry of the glossary that says more. */
  readonly term?: Term;
  readonly children: ReactNode;
}

export function Explained({ text, term, children }: Props) {
  const id = useId();
  return (
    <Tooltip
      label={term ? `${text} Press for the glossary.` : text}
      multiline
      w={280}
      withArrow
      openDelay={150}
      events={{ hover: true, focus: true, touch: true }}
      // Among what it explains: whoever goes from landmark to landmark finds it there, and no table cuts it off.
      portalProps={{ target: '#main' }}
    >
      {/* A button, because it can be focused and tapped; described by its own text for those who hear the page. */}
      <button
        type="button"
        className={classes.term}
        aria-describedby={id}
        aria-haspopup={term && 'dialog'}
        onClick={term && (() => openGlossary(term, text))}
      >
        {children}
        <span id={id} hidden>
          {text}
        </span>
      </button>
    </Tooltip>
  );
}
