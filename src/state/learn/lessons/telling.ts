/**
 * Which methods can be told apart, on so many tiles. Their curves are looked at everywhere, and two are easily far apart
 * somewhere by luck: so the intervals are those that hold for all places at once, 95 % together (Bonferroni over places).
 */
import { isAbove, wilsonInterval, zForLooks } from '../../../lab/evaluate/interval';
import type { SheetCurve } from '../../../lab/prune/neurons/sheet';
import { percent } from '../../words/format';
import type { Seen } from './lesson';

/** Methods by what they keep on average over all places; of the compensation that is chosen. */
export interface Contest {
  readonly first: SheetCurve;
  readonly second: SheetCurve;
  readonly last: SheetCurve;
  /** Numbers of removed neurons that are looked at: all but none. */
  readonly places: readonly number[];
  readonly units: number;
  readonly tiles: number;
  /** Of the intervals. */
  readonly z: number;
}

/** Accuracy with so many neurons gone. */
export const accuracyAt = ({ accuracy }: SheetCurve, removed: number): number =>
  accuracy[0][accuracy[0].length - 1 - removed];

/** Null where all keep the same on average, or there is no place to look at. */
export function contestOf({ sheet, settled }: Pick<Seen, 'sheet' | 'settled'>): Contest | null {
  const methods = sheet.curves.filter(({ compensation }) => compensation === settled.compensation);
  const places = Array.from({ length: sheet.units - 1 }, (_, i) => i + 1);
  const mean = (curve: SheetCurve) =>
    places.reduce((sum, removed) => sum + accuracyAt(curve, removed), 0) / places.length;
  const ranked = methods.toSorted((a, b) => mean(b) - mean(a));
  const [first, second] = ranked;
  const last = ranked[ranked.length - 1];
  if (places.length === 0 || ranked.length < 2 || mean(first) === mean(last)) return null;
  return { first, second, last, places, units: sheet.units, tiles: sheet.tiles, z: zForLooks(places.length) };
}

/** Where two lie farthest apart, as the number removed; the first of such places. */
export const widestAt = ({ places }: Contest, one: SheetCurve, other: SheetCurve): number => {
  const gap = (removed: number) => Math.abs(accuracyAt(one, removed) - accuracyAt(other, removed));
  return places.reduce((best, removed) => (gap(removed) > gap(best) ? removed : best));
};

/** 0: the first is above the second there, 1: below, 2: they cannot be told apart. */
export function verdictAt(
  { tiles, z }: Contest,
  one: SheetCurve,
  other: SheetCurve,
  removed: number,
): 0 | 1 | 2 {
  const [a, b] = [accuracyAt(one, removed), accuracyAt(other, removed)];
  if (isAbove(a, b, tiles, z)) return 0;
  return isAbove(b, a, tiles, z) ? 1 : 2;
}

/** At how many places the one is above the other. */
export const placesAbove = (contest: Contest, one: SheetCurve, other: SheetCurve): number =>
  contest.places.filter((removed) => verdictAt(contest, one, other, removed) === 0).length;

export const boundsAt = (
  { tiles, z }: Contest,
  curve: SheetCurve,
  removed: number,
): readonly [number, number] => wilsonInterval(accuracyAt(curve, removed), tiles, z);

/** "70.4 % (58.9–79.7)", by the intervals that hold everywhere. */
export function boundsWords(contest: Contest, curve: SheetCurve, removed: number): string {
  const [low, high] = boundsAt(contest, curve, removed);
  return `${percent(accuracyAt(curve, removed))} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}
