/**
 * The plot on which a curve is drawn by hand, with pointer, finger or keys, before the measured one is laid over it. Plain
 * elements: it follows a pointer.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import type { SketchStep } from '../../../state/learn/lessons/lesson';
import { curveIndex } from '../../../state/learn/neighbour';
import {
  drawn,
  filled,
  HANDLES,
  isDrawn,
  moved,
  type Sketch,
  type Spot,
  shareAt,
} from '../../../state/learn/sketch';
import { putSketch, sketchIn, useSketch } from '../../../state/learn/sketching';
import { useLesson } from '../../../state/page/lesson';
import { percent, wholePercent } from '../../../state/words/format';
import { Legend, LineKey } from '../../charts/Legend';
import { useNeighbour } from '../useNeighbour';
import { Axes, between, Drawing, pathOf } from './Axes';
import { CurveTable, lineOf, MEASURED, NEIGHBOURS, YOURS } from './curveLooks';
import type { ExhibitProps } from './exhibit';
import classes from './SketchBoard.module.css';

/** What an arrow key moves a handle by. */
const NUDGE = 0.02;
export function SketchBoard({ lesson, at, seen }: ExhibitProps) {
  const where = `${lesson.id} ${at}`;
  const { measured } = (lesson.steps[at - 1] as SketchStep).question(seen);
  const state = useSketch();
  const answered = useProgress((each) => progressOf(each, lesson.id).answers[at]);
  const sketch = sketchIn(state, where, measured[0]);
  const put = (next: Sketch) => putSketch(where, next);
  const result = answered?.drawn;
  const own = result?.by ?? filled(sketch);
  const presenting = useLesson(({ open }) => open?.presenting ?? false);
  // Before one has drawn it would give something away.
  const neighbour = useNeighbour(lesson);
  const other = (result && !presenting && neighbour?.curves[curveIndex(lesson, at)]) || null;
  return (
    <figure className={classes.figure}>
      <Axes fills>
        <Plot sketch={sketch} onDraw={put} isOpen={!result}>
          <Drawing>
            {result && <path d={between(own, result.measured)} className={classes.between} />}
            {other && <path d={pathOf(other)} {...lineOf(NEIGHBOURS)} />}
            {(result || isDrawn(sketch)) && <path d={pathOf(own)} {...lineOf(YOURS)} />}
            {result && <path d={pathOf(result.measured)} {...lineOf(MEASURED)} />}
          </Drawing>
          {!result && !isDrawn(sketch) && (
            <p className={classes.hint}>Draw from the point on the left to the right edge</p>
          )}
          <i className={classes.start} style={{ bottom: `${100 * own[0]}%` }} />
          {!result && <Handles sketch={sketch} onMove={put} />}
        </Plot>
      </Axes>
      <Legend
        entries={[
          { name: presenting ? 'as the class drew it' : 'as you drew it', key: <LineKey {...YOURS} /> },
          { name: 'as measured', key: <LineKey {...MEASURED} />, absent: !result },
          ...(other ? [{ name: 'as a neighbour drew it', key: <LineKey {...NEIGHBOURS} /> }] : []),
        ]}
      />
      {result && <CurveTable by={own} measured={result.measured} neighbour={other} />}
    </figure>
  );
}

interface PlotProps {
  readonly sketch: Sketch;
  readonly onDraw: (sketch: Sketch) => void;
  /** Whether it can be drawn on. */
  readonly isOpen: boolean;
  readonly children: React.ReactNode;
}

function Plot({ sketch, onDraw, isOpen, children }: PlotProps) {
  const last = useRef<Spot | null>(null);
  const draw = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const spot = { x: (event.clientX - left) / width, y: 1 - (event.clientY - top) / height };
    onDraw(drawn(sketch, last.current ?? spot, spot));
    last.current = spot;
  };
  const end = () => {
    last.current = null;
  };
  return (
    <div
      className={classes.plot}
      data-open={isOpen || undefined}
      data-testid="sketch"
      onPointerDown={(event) => {
        if (!isOpen || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        end();
        draw(event);
      }}
      onPointerMove={(event) => last.current && draw(event)}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {children}
    </div>
  );
}

/** For the keyboard: up and down move one, left and right lead to the next. A pointer draws through them. */
function Handles({ sketch, onMove }: { sketch: Sketch; onMove: (sketch: Sketch) => void }) {
  const line = filled(sketch);
  const press = (handle: number) => (event: KeyboardEvent<HTMLElement>) => {
    const way = WAYS[event.key];
    const beside =
      event.key === 'ArrowRight'
        ? 'nextElementSibling'
        : event.key === 'ArrowLeft'
          ? 'previousElementSibling'
          : null;
    if (way === undefined && !beside) return;
    event.preventDefault();
    if (beside) {
      const other = event.currentTarget[beside];
      if (other?.role === 'slider') (other as HTMLElement).focus();
    } else onMove(moved(sketch, handle, line[handle] + way));
  };
  return HANDLES.map((handle) => (
    <div
      key={handle}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Accuracy with ${wholePercent(shareAt(handle))} removed`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * line[handle])}
      aria-valuetext={percent(line[handle])}
      className={classes.handle}
      style={{ left: `${100 * shareAt(handle)}%`, bottom: `${100 * line[handle]}%` }}
      onKeyDown={press(handle)}
    />
  ));
}

const WAYS: Readonly<Record<string, number>> = {
  ArrowUp: NUDGE,
  ArrowDown: -NUDGE,
  Home: 1,
  End: -1,
};
