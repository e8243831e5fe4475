/** What a step of a lesson shows by itself: a picture above the view, whatever the view is or keeps covered. */
import { Suspense } from 'react';
import { createPortal } from 'react-dom';
import type { Exhibit } from '../../../state/learn/lessons/lesson';
import { LESSON_BOARD } from '../../../state/page/lesson';
import { lazyView } from '../../parts/lazyView';
import classes from './Board.module.css';
import { CascadeBoard } from './CascadeBoard';
import type { ExhibitProps } from './exhibit';
import { IntervalBoard } from './IntervalBoard';
import { NamingBoard } from './NamingBoard';
import { RangeBoard } from './RangeBoard';
import { SetsBoard } from './SetsBoard';
import { SketchBoard } from './SketchBoard';
import { TurnBoard } from './TurnBoard';
import { TurnedBoard } from './TurnedBoard';
import { TurningBoard } from './TurningBoard';

const BenchOrbit = lazyView(() => import('../../orbit/BenchOrbit'));

/** `orbit` is a card by itself. */
const EXHIBITS: Readonly<Record<Exclude<Exhibit, 'orbit'>, (props: ExhibitProps) => React.ReactNode>> = {
  sketch: SketchBoard,
  turn: TurnBoard,
  turned: TurnedBoard,
  cascade: CascadeBoard,
  naming: NamingBoard,
  turning: TurningBoard,
  intervals: IntervalBoard,
  ranges: RangeBoard,
  sets: SetsBoard,
};

export function Board(props: ExhibitProps) {
  const { lesson, at } = props;
  const { exhibit, title } = lesson.steps[at - 1];
  const place = document.getElementById(LESSON_BOARD);
  if (!exhibit || !place) return null;
  if (exhibit === 'orbit')
    return createPortal(
      <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
        <BenchOrbit />
      </Suspense>,
      place,
    );
  const Shown = EXHIBITS[exhibit];
  return createPortal(
    <section className={`card ${classes.board}`} aria-label={`In the lesson: ${title}`}>
      <Shown key={`${lesson.id} ${at}`} {...props} />
    </section>,
    place,
  );
}
