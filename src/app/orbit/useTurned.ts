/**
 * How the tile and its maps come to lie so: as one body that turns. A step of the group is a motion to be followed with the
 * eyes; what a hand or a dial does is followed at once. Only when the body rests is it told what was measured there: until
 * then it carries what it had.
 */
import { useEffect, useState } from 'react';

/** How long a step takes, in milliseconds; as in Flower.module.css. */
const STEP = 900;
/** Degrees by which a hand moves at once at most. */
const BY_HAND = 40;

interface Turned {
  /** Degrees counter-clockwise, never less than a full turn taken back: 270° to 0° goes on. */
  readonly degrees: number;
  readonly isStep: boolean;
  /** The element at which the body rested last. */
  readonly rested: number;
}

export function useTurned(angle: number, mirrored: boolean, element: number | null): Turned {
  const [body, setBody] = useState({ degrees: angle, mirrored, isStep: false });
  const apart = ((((angle - body.degrees) % 360) + 540) % 360) - 180;
  if (apart !== 0 || mirrored !== body.mirrored) {
    const isStep = Math.abs(apart) >= BY_HAND || mirrored !== body.mirrored;
    // Half a turn goes on in the same direction.
    const by = apart === -180 ? 180 : apart;
    setBody({ degrees: body.degrees + by, mirrored, isStep });
  }
  const [rested, setRested] = useState(element ?? 0);
  useEffect(() => {
    if (element === null || element === rested) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const timer = setTimeout(() => setRested(element), body.isStep && !isCalm ? STEP : 0);
    return () => clearTimeout(timer);
  }, [element, rested, body.isStep]);
  return { degrees: body.degrees, isStep: body.isStep, rested };
}
