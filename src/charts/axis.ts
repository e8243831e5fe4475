/** Round axes for charts: where they begin and end, and their ticks. */

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The smallest 1, 2, 2.5 or 5 × 10ⁿ of which at most `most` fit into a range. */
function roundStep(range: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(range / most));
  return power * STEPS.find((step) => (step * power * most) / range >= 1 - 1e-9)!;
}

/** A round axis around the given values; `least` and `most` are as far as it may reach. */
export function axisAround(values: readonly number[], least = -Infinity, most = Infinity): Axis {
  const low = values.length > 0 ? Math.min(...values) : 0;
  const high = values.length > 0 ? Math.max(...values) : 1;
  const step = roundStep(high - low || Math.abs(high) || 1, 4);
  const from = Math.max(least, step * Math.floor(low / step));
  const to = Math.min(most, step * Math.ceil(high / step));
  return to > from
    ? { from, to, step }
    : { from: Math.max(least, from - step), to: Math.min(most, to + step), step };
}

/** From 0 to a whole number, in whole steps. */
export function countAxis(to: number): Axis {
  return { from: 0, to, step: Math.max(1, Math.ceil(roundStep(to, 6))) };
}

/** Ticks as they are written: all with as many decimals as the finest needs. */
export function tickTexts(ticks: readonly number[]): string[] {
  const decimals = Math.max(...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0));
  return ticks.map((tick) => tick.toFixed(decimals));
}

export function ticksOf({ from, to, step }: Axis): number[] {
  const ticks = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: ticks }, (_, i) => Number((from + i * step).toPrecision(12)));
}

/** Where a value stands on an axis: 0 at its beginning, 1 at its end. */
export const placeOn = ({ from, to }: Pick<Axis, 'from' | 'to'>, value: number): number =>
  (value - from) / (to - from);
