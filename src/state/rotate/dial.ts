/** The geometry of a dial: angles in whole degrees, counter-clockwise from the top, as the lab turns pictures. */

/** Any number of degrees as 0 … 359. */
export const wrapDegrees = (degrees: number): number => ((Math.round(degrees) % 360) + 360) % 360;

/** The angle under a point, given from the dial's centre with y downwards. */
export const angleOf = (x: number, y: number): number => wrapDegrees((Math.atan2(-x, -y) * 180) / Math.PI);

/** The point at an angle on a circle around the origin, y downwards. */
export function pointAt(degrees: number, radius: number): { readonly x: number; readonly y: number } {
  const angle = (degrees * Math.PI) / 180;
  return { x: -radius * Math.sin(angle), y: -radius * Math.cos(angle) };
}

export const isRightAngle = (degrees: number): boolean => degrees % 90 === 0;

/** Within so many degrees of a right angle a pointer means the right angle, where turning is exact. */
const CATCH = 3;

export function snapToRightAngle(degrees: number): number {
  const right = 90 * Math.round(degrees / 90);
  return Math.abs(degrees - right) <= CATCH ? wrapDegrees(right) : degrees;
}

/** The next right angle in a direction: 1 counter-clockwise, −1 clockwise. */
export function nextRightAngle(degrees: number, direction: 1 | -1): number {
  const quarter = degrees / 90;
  return wrapDegrees(90 * (direction === 1 ? Math.floor(quarter) + 1 : Math.ceil(quarter) - 1));
}

/** Where a key leads; undefined for one that the dial does not know. */
export function angleAfterKey(key: string, shift: boolean, degrees: number): number | undefined {
  const direction = FORWARD.has(key) ? 1 : BACK.has(key) ? -1 : null;
  if (direction && key.startsWith('Arrow'))
    return shift ? nextRightAngle(degrees, direction) : wrapDegrees(degrees + direction);
  if (direction) return wrapDegrees(degrees + 15 * direction);
  if (key === 'Home') return 0;
  return key === 'End' ? 180 : undefined;
}

const FORWARD: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowLeft', 'PageUp']);
const BACK: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowRight', 'PageDown']);
