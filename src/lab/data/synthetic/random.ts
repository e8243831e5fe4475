/** Draws for painting, on a stream of uniform numbers. No transcendental functions: every engine agrees. */

import { uniformStream } from '../../random';

export interface Random {
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform among 0 … n−1. */
  int(n: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Fills an array with uniform numbers in [0, 1). */
  fill(values: Float64Array): void;
}

/** A stream named by its key (see uniformStream). */
export function randomStream(...key: readonly (number | string)[]): Random {
  const { next, fill } = uniformStream(...key);
  const int = (n: number) => Math.floor(next() * n);
  return {
    range: (low, high) => low + (high - low) * next(),
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(list.length)],
    fill,
  };
}

/** A unit vector: x to the east, y to the south. */
export interface Direction {
  readonly x: number;
  readonly y: number;
}

/** Half-angle form of a rotation: t = tan(θ/2) gives the exact cosine and sine with one division. */
function unit(t: number): Direction {
  const scale = 1 / (1 + t * t);
  return { x: (1 - t * t) * scale, y: 2 * t * scale };
}

/** Any direction of a line, nearly uniformly: a quarter turn at random, plus up to ± 45°. */
export function anyDirection(random: Random): Direction {
  const { x, y } = unit(random.range(-0.4142, 0.4142));
  return random.chance(0.5) ? { x, y } : { x: -y, y: x };
}

/** A direction near east–west, within tan(θ/2) = `turn`. */
export function nearEastWest(random: Random, turn: number): Direction {
  return unit(random.range(-turn, turn));
}

/** The direction turned by a right angle. */
export function across({ x, y }: Direction): Direction {
  return { x: -y, y: x };
}
