/**
 * What of a field's orbit is wanted, and what is known of it: the field, the seats that are empty, how the tile lies. There
 * are two: on the Rotate view, of its tile and network; and on the bench.
 */
import { create } from 'zustand';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS, type GroupName } from '../../lab/symmetry/group';
import type { BenchOrbit } from '../../worker/protocol/results';
import { wrapDegrees } from '../rotate/dial';

export interface OrbitWish {
  /** null: the one on which a torn petal shows most. */
  readonly field: number | null;
  /** Seats that are empty, ascending. */
  readonly torn: readonly number[];
}

export interface OrbitState extends OrbitWish {
  /** Mirrored left-right before it is turned. */
  readonly mirrored: boolean;
  /** With no seat empty. */
  readonly whole: OrbitMaps | null;
  /** With the seats empty that were wanted last; the same as `whole` where there are none. */
  readonly shown: OrbitMaps | null;
}

const NOTHING: OrbitState = { field: null, torn: [], mirrored: false, whole: null, shown: null };

/** Of the tile that the Rotate view turns: its angle is that view's. */
export const useTileOrbit = create<OrbitState>()(() => NOTHING);

export interface BenchOrbitState extends OrbitState {
  readonly angle: number;
  /** The tile it is of; null before the first. */
  readonly tile: Omit<BenchOrbit, 'orbit'> | null;
  /** What is being done that takes more than a moment. */
  readonly busy: string | null;
  readonly trouble: string | null;
}

export const NO_BENCH_ORBIT: BenchOrbitState = {
  ...NOTHING,
  ...{ angle: 0, tile: null, busy: null, trouble: null },
};

/** Of the network on the bench, on one of its validation tiles. */
export const useBenchOrbit = create<BenchOrbitState>()(() => NO_BENCH_ORBIT);

/** What is to be asked for next; null where all that is wanted is known. The whole field comes first: the rest is held against it. */
export function missingOrbit({ field, torn, whole, shown }: OrbitState): OrbitWish | null {
  if (!whole || (field !== null && whole.field !== field)) return { field, torn: [] };
  if (shown && shown.field === whole.field && isSameSeats(shown.torn, torn)) return null;
  return { field: whole.field, torn };
}

/** What came of it, beside what is known. */
export function withOrbit(
  orbit: OrbitMaps,
  { torn, shown }: OrbitState,
): Pick<OrbitState, 'shown'> & Partial<Pick<OrbitState, 'whole'>> {
  if (orbit.torn.length > 0) return { shown: orbit };
  // What is torn off is asked for next; until then what was shown stays, if it is of this field.
  const stays = torn.length > 0 && shown?.field === orbit.field && shown.torn.length > 0;
  return { whole: orbit, shown: stays ? shown : orbit };
}

const isSameSeats = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((seat, i) => seat === b[i]);

/** The seats with one taken off, or put back. */
export const toggleSeat = (torn: readonly number[], seat: number): readonly number[] =>
  torn.includes(seat) ? torn.filter((each) => each !== seat) : [...torn, seat].sort((a, b) => a - b);

/** The element of the group by which a tile lies so; null where it is none of the group's. */
export function elementAt(name: GroupName, angle: number, mirrored: boolean): number | null {
  const found = GROUPS[name].elements.findIndex(
    ({ turns, mirror }) => 90 * turns === angle && mirror === mirrored,
  );
  return found < 0 ? null : found;
}

/** The angles of a group's turns, ascending. */
export const turnsOf = (name: GroupName): readonly number[] =>
  GROUPS[name].elements.filter(({ mirror }) => !mirror).map(({ turns }) => 90 * turns);

export const hasMirrors = (name: GroupName): boolean => GROUPS[name].elements.some(({ mirror }) => mirror);

/** The group's next turn from an angle; 1: counter-clockwise. */
export function nextTurn(name: GroupName, angle: number, direction: 1 | -1): number {
  const turns = turnsOf(name);
  const step = 360 / turns.length;
  const at = direction === 1 ? Math.floor(angle / step + 1e-9) + 1 : Math.ceil(angle / step - 1e-9) - 1;
  return wrapDegrees(at * step);
}

/** The group's turn that is nearest to an angle. */
export function nearestTurnTo(name: GroupName, angle: number): number {
  const step = 360 / turnsOf(name).length;
  return wrapDegrees(Math.round(angle / step) * step);
}
