/** The exact turns, in degrees. */
export const QUARTERS: readonly number[] = [0, 90, 180, 270];
