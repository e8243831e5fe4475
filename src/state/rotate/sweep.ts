/** Answers all the way round: at which angles networks are asked, and how steady they are. */
import type { AngleAnswer } from '../../lab/evaluate/turned';

const EVERY = 15;

/** The angles of the polar chart, in degrees; right ones first, since they are what is counted. */
export const SWEEP: readonly number[] = Array.from({ length: 360 / EVERY }, (_, i) => EVERY * i).sort(
  (a, b) => Number(b % 90 === 0) - Number(a % 90 === 0) || a - b,
);

export const RIGHT_ANGLES: readonly number[] = SWEEP.filter((degrees) => degrees % 90 === 0);

/** The networks' answers at one angle, in their order; null for one that does not look. */
export type Row = readonly (AngleAnswer | null)[];

/** By the places of SWEEP; null where nothing was measured yet. */
export type Sweep = readonly (Row | null)[];

export const NO_SWEEP: Sweep = SWEEP.map(() => null);

/** How often a network's answer at some angles is its upright one. */
export interface Steadiness {
  readonly same: number;
  readonly undecided: number;
  readonly of: number;
}

/** null until all of the angles were measured. */
export function steadiness(sweep: Sweep, net: number, angles: readonly number[]): Steadiness | null {
  const upright = sweep[0]?.[net];
  const answers = angles.map((degrees) => sweep[SWEEP.indexOf(degrees)]?.[net]);
  if (!upright || !answers.every((each) => each != null)) return null;
  return {
    same: answers.filter(({ answer }) => answer === upright.answer).length,
    undecided: answers.filter(({ undecided }) => undecided).length,
    of: angles.length,
  };
}
