/** Whether boxes turned with their scene. Plain values. */
import { type Detection, overlap, turnBox } from './boxes';

/** Boxes that overlap by so much lie in the same place. */
const SAME = 0.9;

export interface Moved {
  /** Boxes on the upright scene, and on the turned one. */
  readonly upright: number;
  readonly turned: number;
  /** Of both, those that have no box of their class in the place where the turn takes them. */
  readonly apart: number;
}

/** What was found on a scene of that side, and on the scene turned by so many quarters. */
export function movedBoxes(
  upright: readonly Detection[],
  turned: readonly Detection[],
  side: number,
  turns: number,
): Moved {
  const expected = upright.map((one) => ({ ...one, box: turnBox(one.box, side, { turns, mirror: false }) }));
  const without = (some: readonly Detection[], others: readonly Detection[]) =>
    some.filter(
      ({ box, label }) => !others.some((other) => other.label === label && overlap(box, other.box) >= SAME),
    ).length;
  return {
    upright: upright.length,
    turned: turned.length,
    apart: without(expected, turned) + without(turned, expected),
  };
}
