/**
 * The plot on which a curve is drawn by hand, with pointer, finger or keys, before the measured one is laid over it. Plain
 * elements: it follows a pointer.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import type { SketchStep } from '../../../state/learn/lessons/lesson';
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
import { percent, wholePercent } from '../../../state/words/format';
import { Legend, LineKey } from '../../charts/Legend';
import type { ExhibitProps } from './exhibit';
import classes from './SketchBoard.module.css';

const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** What an arrow key moves a handle by. */
const NUDGE = 0.02;
const YOURS = { colour: 'var(--orange)', dash: '7 5' };
const MEASURED = { colour: 'var(--accent)' };

const pathOf = (curve: readonly number[]): string =>
  curve.map((value, step) => `${step === 0 ? 'M' : 'L'}${100 * shareAt(step)} ${100 * (1 - value)}`).join('');

export function SketchBoard({ lesson, at, seen }: ExhibitProps) {
  const where = `${lesson.id} ${at}`;
  const { measured } = (lesson.steps[at - 1] as SketchStep).question(seen);
  const state = useSketch();
  const answered = useProgress((each) => progressOf(each, lesson.id).answers[at]);
  const sketch = sketchIn(state, where, measured[0]);
  const put = (next: Sketch) => putSketch(where, next);
  const result = answered?.drawn;
  const own = result?.by ?? filled(sketch);
  return (
    <figure className={classes.figure}>
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
        <Plot sketch={sketch} onDraw={put} isOpen={!result}>
          <svg
            viewBox="0 0 100 100"
            preserveAspectRatio="none"
            className={classes.drawing}
            aria-hidden="true"
          >
            {TICKS.map((tick) => (
              <path key={tick} d={`M0 ${100 * tick}H100`} className={classes.rule} />
            ))}
            {result && <path d={between(result)} className={classes.between} />}
            {(result || isDrawn(sketch)) && (
              <path
                d={pathOf(own)}
                className={classes.line}
                stroke={YOURS.colour}
                strokeDasharray={YOURS.dash}
              />
            )}
            {result && <path d={pathOf(result.measured)} className={classes.line} stroke={MEASURED.colour} />}
          </svg>
          {!result && !isDrawn(sketch) && (
            <p className={classes.hint}>Draw from the point on the left to the right edge</p>
          )}
          <i className={classes.start} style={{ bottom: `${100 * own[0]}%` }} />
          {!result && <Handles sketch={sketch} onMove={put} />}
        </Plot>
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
      <Legend
        entries={[
          { name: 'as you drew it', key: <LineKey {...YOURS} /> },
          { name: 'as measured', key: <LineKey {...MEASURED} />, absent: !result },
        ]}
      />
      {result && <Table {...result} />}
    </figure>
  );
}

/** The area between two curves. */
function between({ by, measured }: { by: readonly number[]; measured: readonly number[] }): string {
  const back = measured.map((value, step) => `L${100 * shareAt(step)} ${100 * (1 - value)}`).reverse();
  return `${pathOf(by)}${back.join('')}Z`;
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

/** Both curves for those who do not see them. */
function Table({ by, measured }: { by: readonly number[]; measured: readonly number[] }) {
  return (
    <table className="spoken">
      <caption>As drawn and as measured</caption>
      <tbody>
        <tr>
          <th scope="col">Removed</th>
          <th scope="col">Drawn</th>
          <th scope="col">Measured</th>
        </tr>
        {[0, ...HANDLES].map((step) => (
          <tr key={step}>
            <th scope="row">{wholePercent(shareAt(step))}</th>
            <td>{percent(by[step])}</td>
            <td>{percent(measured[step])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
