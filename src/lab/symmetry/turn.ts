/**
 * Exact turning and mirroring of square arrays: a permutation of positions, never an interpolation.
 */
import type { Element } from './group';

/**
 * Where each position of g·x comes from: (g·x)[p] = x[source[p]], positions row by row on an n×n grid.
 *   rot90:  out[y, x] = in[x, n−1−y]        mirror:  out[y, x] = in[y, n−1−x]
 */
export function turnSource(n: number, g: Element): Uint32Array {
  const source = new Uint32Array(n * n);
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      let [sy, sx] = [y, x];
      for (let t = 0; t < g.turns; t++) [sy, sx] = [sx, n - 1 - sy];
      if (g.mirror) sx = n - 1 - sx;
      source[y * n + x] = sy * n + sx;
    }
  }
  return source;
}

/** g·x for one picture or a stack of them: `data` is (tiles ×) size × size × channels, channels last. */
export function turnPictures<T extends Uint8Array | Float32Array>(
  data: T,
  size: number,
  channels: number,
  g: Element,
): T {
  const source = turnSource(size, g);
  const out = data.slice() as T;
  const perTile = size * size * channels;
  for (let start = 0; start < data.length; start += perTile) {
    for (let p = 0; p < source.length; p++) {
      const from = start + source[p] * channels;
      const to = start + p * channels;
      for (let c = 0; c < channels; c++) out[to + c] = data[from + c];
    }
  }
  return out;
}

/** The orbits of the positions of an n×n grid under a set of elements, each ascending, by first position. */
export function positionOrbits(n: number, elements: readonly Element[]): number[][] {
  const sources = elements.map((g) => turnSource(n, g));
  const seen = new Set<number>();
  const orbits: number[][] = [];
  for (let p = 0; p < n * n; p++) {
    if (seen.has(p)) continue;
    const orbit = [...new Set(sources.map((s) => s[p]))].sort((a, b) => a - b);
    for (const q of orbit) seen.add(q);
    orbits.push(orbit);
  }
  return orbits;
}
