/**
 * A curve drawn by hand: accuracy by the share of neurons that are gone, at every 2.5 %. It begins at what is known, the
 * whole network's accuracy. What was not drawn lies on a straight line between what was; after the last, as high as that.
 */

/** Between 0 and 100 % gone. */
export const STEPS = 40;
/** A pointer draws all of them; the keyboard moves these. */
export const HANDLES: readonly number[] = [10, 20, 28, 32, 36, 40];

/** Accuracies by step, 0 … 1; null where nothing was drawn. */
export type Sketch = readonly (number | null)[];

/** A place on the plot: share gone and accuracy, 0 … 1 each. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export const shareAt = (step: number): number => step / STEPS;

export const blankSketch = (whole: number): Sketch =>
  Array.from({ length: STEPS + 1 }, (_, step) => (step === 0 ? whole : null));

export const isDrawn = (sketch: Sketch): boolean => sketch.some((value, step) => step > 0 && value !== null);

const within = (value: number): number => Math.max(0, Math.min(1, value));

/** The pointer went from one place to another: every step it passed is drawn. */
export function drawn(sketch: Sketch, from: Spot, to: Spot): Sketch {
  const stepAt = ({ x }: Spot) => Math.round(within(x) * STEPS);
  const [first, last] = [stepAt(from), stepAt(to)];
  const next = [...sketch];
  for (let step = Math.max(1, Math.min(first, last)); step <= Math.max(first, last); step++) {
    const part = first === last ? 1 : (step - first) / (last - first);
    next[step] = within(from.y + part * (to.y - from.y));
  }
  return next;
}

/** A handle was moved: straight from the handles beside it. */
export function moved(sketch: Sketch, handle: number, value: number): Sketch {
  const at = HANDLES.indexOf(handle);
  const [before, after] = [HANDLES[at - 1] ?? 0, HANDLES[at + 1] ?? STEPS + 1];
  const line = filled(sketch);
  return sketch.map((each, step) => {
    if (step === handle) return within(value);
    if (step === before || (step === after && each !== null)) return line[step];
    return step > before && step < after ? null : each;
  });
}

/** Every step's accuracy. */
export function filled(sketch: Sketch): number[] {
  const out: number[] = [];
  let last = 0;
  for (let step = 0; step <= STEPS; step++) {
    const value = sketch[step];
    if (value === null) {
      out.push(sketch[last]!);
      continue;
    }
    for (let between = last + 1; between < step; between++)
      out[between] = sketch[last]! + ((between - last) / (step - last)) * (value - sketch[last]!);
    out.push(value);
    last = step;
  }
  return out;
}

/** measured: with 0, 1, 2, … of `units` gone, the last of them with one left. At every step, straight between. */
export function sampled(measured: readonly number[], units: number): number[] {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const removed = Math.min(shareAt(step) * units, measured.length - 1);
    const low = Math.floor(removed);
    const high = Math.min(low + 1, measured.length - 1);
    return measured[low] + (removed - low) * (measured[high] - measured[low]);
  });
}

/** How far a drawn curve is from the measured one. */
export interface Miss {
  /** Mean of the differences without their signs. */
  readonly mean: number;
  readonly most: number;
  /** Share gone where it is largest. */
  readonly mostAt: number;
}

export function missOf(by: readonly number[], measured: readonly number[]): Miss {
  const differences = by.map((value, step) => Math.abs(value - measured[step])).slice(1);
  const most = Math.max(...differences);
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
  return { mean, most, mostAt: shareAt(1 + differences.indexOf(most)) };
}

/** The first share gone at which more than `tolerance` is lost; null where it never is. */
export function fallAt(curve: readonly number[], tolerance: number): number | null {
  const step = curve.findIndex((value) => curve[0] - value > tolerance);
  return step === -1 ? null : shareAt(step);
}
