/** A field of a flow: its values in colours, refined between the places, and arrows of the velocity on it. */
import { useEffect, useMemo, useRef } from 'react';
import { arrowsOf, refined, turningPicture } from '../../lab/fluids/picture';
import { paintRgba } from '../parts/paint';
import classes from './FieldPicture.module.css';

interface Props {
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly values: Float64Array;
  /** n × n × (u, v). */
  readonly frame: Float32Array;
  readonly n: number;
  /** The value at the end of the colours: two fields side by side share it. */
  readonly largest: number;
  /** The speed of an arrow that is as long as its place. */
  readonly fastest: number;
}

/** Pixels for a place, and places from arrow to arrow. */
const TIMES = 8;
const EVERY = 3;

export function FieldPicture({ title, label, values, frame, n, largest, fastest }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const size = n * TIMES;
    paintRgba(canvas.current, size, size, turningPicture(refined(values, n, TIMES), largest));
  }, [values, n, largest]);
  const arrows = useMemo(() => arrowsOf(frame, n, EVERY), [frame, n]);
  const scale = (0.95 * EVERY) / (fastest || 1);
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.title}>{title}</figcaption>
      <div className={classes.field} role="img" aria-label={label}>
        <canvas ref={canvas} width={n * TIMES} height={n * TIMES} />
        <svg viewBox={`0 0 ${n} ${n}`} aria-hidden="true">
          {arrows.map(({ x, y, u, v }) => (
            <Arrow key={`${x} ${y}`} x={x} y={y} u={u * scale} v={v * scale} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

/** From the middle of its place, as long as it is fast. */
function Arrow({ x, y, u, v }: { x: number; y: number; u: number; v: number }) {
  const [left, top] = [x - u / 2, y - v / 2];
  const [right, bottom] = [x + u / 2, y + v / 2];
  const [headX, headY] = [0.3 * u, 0.3 * v];
  return (
    <path
      d={`M${at(left)} ${at(top)}L${at(right)} ${at(bottom)}m${at(-headX - headY / 2)} ${at(-headY + headX / 2)}L${at(right)} ${at(bottom)}l${at(-headX + headY / 2)} ${at(-headY - headX / 2)}`}
    />
  );
}

const at = (value: number): number => Math.round(100 * value) / 100;
