/**
 * The dial: the tile as the networks see it, in a ring that turns it. The picture is taken hold of and turned, the ring is
 * pointed at; the keys do both.
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { turnByDegrees } from '../../lab/symmetry/anyAngle';
import {
  angleAfterKey,
  angleOf,
  isRightAngle,
  pointAt,
  snapToRightAngle,
  wrapDegrees,
} from '../../state/rotate/dial';
import type { Look } from '../../state/rotate/looking';
import { useTurning } from '../../state/rotate/turning';
import { paintRgb } from '../parts/paint';
import classes from './Dial.module.css';

/** Radii in per cent of the dial's side: of the ring, and beyond which a pointer means the ring. */
const RING = 46.5;
const GRIP = 41;

/** From where, and from which angle, the pointer turns it; what it was before; whether it points at the ring. */
interface Held {
  readonly from: number;
  readonly angle: number;
  readonly before: number;
  readonly onRing: boolean;
}

const turnTo = (angle: number): void => useTurning.setState({ angle });

export function Dial({ look }: { look: Look | null }) {
  const angle = useTurning(({ angle }) => angle);
  const held = useRef<Held | null>(null);

  const at = (event: PointerEvent) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
    return { degrees: angleOf(x, y), reach: (100 * Math.hypot(x, y)) / width };
  };
  const take = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { degrees, reach } = at(event);
    const onRing = reach > GRIP;
    // A finger that only begins here may be about to scroll.
    const isPointed = onRing && event.pointerType !== 'touch';
    if (isPointed) turnTo(snapToRightAngle(degrees));
    held.current = { ...(onRing ? { from: 0, angle: 0 } : { from: degrees, angle }), before: angle, onRing };
  };
  const move = (event: PointerEvent) => {
    if (!held.current) return;
    const { from, angle: start } = held.current;
    turnTo(snapToRightAngle(wrapDegrees(start + at(event).degrees - from)));
  };
  const release = (event: PointerEvent) => {
    // A tap on the ring points at it.
    if (held.current?.onRing) turnTo(snapToRightAngle(at(event).degrees));
    held.current = null;
  };
  /** The page scrolls instead. */
  const giveBack = () => {
    if (held.current) turnTo(held.current.before);
    held.current = null;
  };
  const press = (event: KeyboardEvent) => {
    const target = angleAfterKey(event.key, event.shiftKey, angle);
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    turnTo(target);
  };
  const thumb = pointAt(angle, RING);
  return (
    <div
      className={classes.dial}
      role="slider"
      tabIndex={0}
      aria-label="Angle of the tile"
      aria-valuemin={0}
      aria-valuemax={359}
      aria-valuenow={angle}
      aria-valuetext={`${angle}° counter-clockwise${isRightAngle(angle) ? ', exact' : ', interpolated'}`}
      onPointerDown={take}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={giveBack}
      onKeyDown={press}
    >
      {look ? <Tile look={look} angle={angle} /> : <div className={classes.tile} />}
      <svg className={classes.ring} viewBox="-50 -50 100 100" aria-hidden="true">
        <circle r={RING} className={classes.track} />
        <path d={arc(angle)} className={classes.turned} />
        {TICKS.map(({ degrees, path }) => (
          <path key={degrees} d={path} className={isRightAngle(degrees) ? classes.right : classes.tick} />
        ))}
        <circle r={29.7} className={classes.real} data-shown={!isRightAngle(angle) || undefined} />
        <circle cx={thumb.x} cy={thumb.y} r={3.3} className={classes.thumb} />
      </svg>
      <output className={classes.angle} aria-hidden="true">
        {angle}°
      </output>
    </div>
  );
}

/** What the networks see, pixel for pixel: the frame stays, what is in it turns. */
function Tile({ look: { size, tile }, angle }: { look: Look; angle: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const values = useMemo(() => Float32Array.from(tile), [tile]);
  useEffect(() => {
    paintRgb(ref.current, size, size, turnByDegrees(values, size, 3, angle));
  }, [values, size, angle]);
  return <canvas ref={ref} className={classes.tile} width={size} height={size} />;
}

const TICKS = Array.from({ length: 24 }, (_, i) => {
  const degrees = 15 * i;
  const [inner, outer] = [pointAt(degrees, isRightAngle(degrees) ? 43.4 : 44.6), pointAt(degrees, 45.4)];
  return { degrees, path: `M${inner.x} ${inner.y}L${outer.x} ${outer.y}` };
});

/** From the top counter-clockwise to the angle. */
function arc(degrees: number): string {
  const end = pointAt(degrees, RING);
  return `M0 ${-RING}A${RING} ${RING} 0 ${degrees > 180 ? 1 : 0} 0 ${end.x} ${end.y}`;
}
