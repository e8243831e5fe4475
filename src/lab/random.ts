/**
 * Counter-based random numbers: a value is a pure function of its key, so a resumed run draws the same
 * numbers as an uninterrupted one and nothing has to be saved. Integer arithmetic only (no Math.log,
 * Math.cos): every engine gives the same bits.
 */

/** One step of the "lowbias32" integer hash (C. Wellons, hash-prospector): a bijection on 32 bits. */
function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const SEED = 0x9e3779b9;

/** Hashes a key of integers (and names, by their characters) to an unsigned 32-bit integer. */
export function hashKey(...key: readonly (number | string)[]): number {
  let state = SEED;
  for (const part of key) {
    if (typeof part === 'number') {
      state = scramble(state ^ scramble(part >>> 0));
      continue;
    }
    for (let i = 0; i < part.length; i++) state = scramble(state ^ part.charCodeAt(i));
    state = scramble(state ^ part.length);
  }
  return state >>> 0;
}

/** As if each word were hashed with what became of those before it: `hashKey(hashKey(state, words[0]), words[1])` … */
export function hashWords(words: Uint32Array, state: number): number {
  for (let i = 0; i < words.length; i++) {
    const before = scramble(SEED ^ scramble(state));
    state = scramble(before ^ scramble(words[i]));
  }
  return state;
}

/** A stream of uniform numbers in [0, 1) with 32 random bits each. */
export interface UniformStream {
  next(): number;
  /** Fills an array with the numbers that come next: much faster than one call for each. */
  fill(values: Float64Array): void;
}

/** The stream of uniform numbers that `key` names. */
export function uniformStream(...key: readonly (number | string)[]): UniformStream {
  const seed = hashKey(...key);
  let counter = 0;
  return {
    next: () => scramble(seed ^ scramble(counter++)) / 2 ** 32,
    fill(values) {
      for (let i = 0; i < values.length; i++) values[i] = scramble(seed ^ scramble(counter + i)) / 2 ** 32;
      counter += values.length;
    },
  };
}

/** The numbers of such a stream, one with each call. */
export const uniform = (...key: readonly (number | string)[]): (() => number) => uniformStream(...key).next;

/** A random permutation of 0 … n−1 (Fisher–Yates) named by `key`. */
export function permutation(n: number, ...key: readonly (number | string)[]): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const next = uniform(...key);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
