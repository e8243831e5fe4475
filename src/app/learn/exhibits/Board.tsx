/** What a step of a lesson shows by itself: a card above the view, whatever the view is or keeps covered. */
import { createPortal } from 'react-dom';
import type { Exhibit, Lesson, Seen } from '../../../state/learn/lessons/lesson';
import { LESSON_BOARD } from '../../../state/page/lesson';
import classes from './Board.module.css';
import { SketchBoard } from './SketchBoard';

export interface ExhibitProps {
  readonly lesson: Lesson;
  /** The step, from 1. */
  readonly at: number;
  readonly seen: Seen;
}

const EXHIBITS: Readonly<Record<Exhibit, (props: ExhibitProps) => React.ReactNode>> = {
  sketch: SketchBoard,
};

export function Board(props: ExhibitProps) {
  const { lesson, at } = props;
  const { exhibit, title } = lesson.steps[at - 1];
  const place = document.getElementById(LESSON_BOARD);
  if (!exhibit || !place) return null;
  const Shown = EXHIBITS[exhibit];
  return createPortal(
    <section className={`card ${classes.board}`} aria-label={`In the lesson: ${title}`}>
      <Shown key={`${lesson.id} ${at}`} {...props} />
    </section>,
    place,
  );
}
