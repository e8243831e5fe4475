/** How long a training run still takes, and lines thinned to what a chart can show. */

export interface Pace {
  /** Seconds of the epochs finished since this engine took the run up, validation included. */
  readonly finished: readonly number[];
  /** Epochs of the run, and those finished. */
  readonly epochs: number;
  readonly done: number;
  /** The running epoch: its share of batches done, 0 … 1, and the seconds they took. */
  readonly share: number;
  readonly seconds: number;
}

/**
 * Seconds of work left, or null while there is nothing to go by. The running epoch counts as one more measurement,
 * made of what it took so far and the mean for its rest.
 */
export function timeLeft({ finished, epochs, done, share, seconds }: Pace): number | null {
  const mean = finished.length > 0 ? meanOf(finished) : share > 0 ? seconds / share : null;
  if (mean === null) return null;
  if (done >= epochs) return 0;
  const running = seconds + (1 - share) * mean;
  const corrected = meanOf([...finished, running]);
  return (1 - share) * mean + (epochs - done - 1) * corrected;
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** How many measurements it is the mean of. */
  readonly weight: number;
}

/** At most `most` points: neighbours are merged into their mean, so no part of the line is dropped. */
export function thinPoints(points: readonly LinePoint[], most: number): readonly LinePoint[] {
  if (points.length <= most) return points;
  const pairs = Array.from({ length: Math.ceil(points.length / 2) }, (_, i) =>
    meanPoint(points.slice(2 * i, 2 * i + 2)),
  );
  return thinPoints(pairs, most);
}

function meanPoint(points: readonly LinePoint[]): LinePoint {
  const weight = points.reduce((sum, point) => sum + point.weight, 0);
  const mean = (of: (point: LinePoint) => number) =>
    points.reduce((sum, point) => sum + of(point) * (point.weight / weight), 0);
  return { x: mean(({ x }) => x), y: mean(({ y }) => y), weight };
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
