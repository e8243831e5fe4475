/** Tiles that change their answer as they turn, since single channels are gone: after the question, for it is its answer. */
import { useState } from 'react';
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import { count } from '../../../state/words/format';
import classes from './Changed.module.css';
import { ChangedGrid } from './ChangedGrid';
import type { ExhibitProps } from './exhibit';
import { FourTurns } from './FourTurns';

export function TurningBoard({ lesson, at, seen }: ExhibitProps) {
  const { orbits } = seen.broken;
  const answered = useProgress((state) => Boolean(progressOf(state, lesson.id).answers[at]));
  const [chosen, choose] = useState(0);
  if (orbits.status !== 'done' || !answered)
    return (
      <p className="caption">
        {orbits.status === 'running'
          ? 'Turning all tiles …'
          : 'When you have answered, the tiles that change their answer stand here.'}
      </p>
    );
  const { turning, tiles } = orbits.result;
  const { shown, found, size, channels } = turning;
  if (shown.length === 0)
    return (
      <p className="caption">Without those petals none of {count(tiles, 'tile')} changes its answer here.</p>
    );
  const tile = shown[Math.min(chosen, shown.length - 1)];
  const names = seen.opened.nets.main.classes;
  return (
    <div className={classes.board}>
      <FourTurns {...{ tile, names, size, channels }} right="Whole fields gone" wrong="A petal off each" />
      <p className="caption">
        {shown.length === found ? 'All' : `${shown.length} of the`} {count(found, 'tile')} that change their
        answer as they turn once a petal is off every field, of {count(tiles, 'tile')}. Press one to see it
        turned.
      </p>
      <ChangedGrid
        changed={turning}
        label="Tiles that change their answer"
        names={names}
        chosen={chosen}
        onChoose={choose}
      />
    </div>
  );
}
