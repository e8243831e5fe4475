/** What a row of readings says: whether something grows for ever. */
import type { Figures } from './figures';

export interface Reading {
  /** Since the beginning. */
  readonly minutes: number;
  readonly cycles: number;
  readonly figures: Figures;
}

/** Caches fill and code is compiled in the first minutes. */
const SETTLED = 10;
/** Readings that are taken together at either end: one alone depends on when garbage was collected. */
const TOGETHER = 3;
const TOLERANCE = 0.05;

/** Below these a share says nothing: a worker more for a moment, a file of the profile. */
const SLACK: Readonly<Record<keyof Figures, number>> = {
  ...{ heap: 1e6, workerHeap: 1e6, wasm: 1e6, workers: 1, nodes: 200, renderer: 10e6, database: 0.5e6 },
};

export interface Creep {
  readonly name: keyof Figures;
  /** Medians after the first ten minutes, and at the end. */
  readonly from: number;
  readonly to: number;
  readonly isCreep: boolean;
}

/** Of every figure that the machine tells; null where the soak was too short to say. */
export function creepOf(readings: readonly Reading[]): Creep[] | null {
  const settled = readings.filter(({ minutes }) => minutes >= SETTLED);
  if (settled.length < 2 * TOGETHER) return null;
  return (Object.keys(SLACK) as (keyof Figures)[]).flatMap((name) => {
    const middle = (some: readonly Reading[]) =>
      median(some.map(({ figures }) => figures[name] ?? Number.NaN));
    const [from, to] = [middle(settled.slice(0, TOGETHER)), middle(settled.slice(-TOGETHER))];
    if (Number.isNaN(from + to)) return [];
    return [{ name, from, to, isCreep: to > from * (1 + TOLERANCE) && to > from + SLACK[name] }];
  });
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
