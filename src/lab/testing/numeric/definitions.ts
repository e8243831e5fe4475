/**
 * What follows a convolution, by its definition in float64: field norm → ReLU → maybe pooling, pooling over the group.
 * Maps as in maps.ts. Gradients are shared evenly among tied elements.
 */
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import type { MapShape } from './maps';

/** Groups of elements of which the largest counts, as indices: the 2×2 cells of planes, or single elements. */
function cellsOf([tiles, fields, order, height, width]: MapShape, pool: boolean): number[][] {
  const planes = tiles * fields * order;
  if (!pool) return Array.from({ length: planes * height * width }, (_, i) => [i]);
  const cells: number[][] = [];
  for (let plane = 0; plane < planes; plane++)
    for (let r = 0; r < height; r += 2)
      for (let c = 0; c < width; c += 2) {
        const at = (plane * height + r) * width + c;
        cells.push([at, at + 1, at + width, at + width + 1]);
      }
  return cells;
}

/** The n values of every field and pixel, in the order [tiles][H][W][fields]. */
export function orbitsOf([tiles, fields, order, height, width]: MapShape): number[][] {
  const pixels = height * width;
  const orbits: number[][] = [];
  for (let t = 0; t < tiles; t++)
    for (let p = 0; p < pixels; p++)
      for (let f = 0; f < fields; f++)
        orbits.push(Array.from({ length: order }, (_, g) => ((t * fields + f) * order + g) * pixels + p));
  return orbits;
}

/** The largest of each group of elements, and the gradient of Σ dy·largest. */
export function largestOf(
  values: ArrayLike<number>,
  groups: readonly (readonly number[])[],
  dy: ArrayLike<number>,
): { readonly y: Float64Array; readonly dx: Float64Array } {
  const dx = new Float64Array(values.length);
  const y = Float64Array.from(groups, (group, i) => {
    const largest = Math.max(...group.map((at) => values[at]));
    const tied = group.filter((at) => values[at] === largest);
    for (const at of tied) dx[at] += dy[i] / tied.length;
    return largest;
  });
  return { y, dx };
}

export const poolCells = (shape: MapShape): number[][] => cellsOf(shape, true);

export interface Normed {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Normed and pooled, before ReLU: where it is next to 0 the gradient is anyone's. */
  readonly z: Float64Array;
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dScale: Float64Array;
  readonly dShift: Float64Array;
}

/** pool(ReLU(norm(x))) with the batch's own moments, and the gradients of Σ dy·y. */
export function normed(
  x: ArrayLike<number>,
  shape: MapShape,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
  pool: boolean,
  dy: ArrayLike<number>,
): Normed {
  const [tiles, fields, order, height, width] = shape;
  const perField = order * height * width;
  const count = tiles * perField;
  const fieldOf = (at: number) => Math.floor(at / perField) % fields;
  const [mean, variance, dScale, dShift] = Array.from({ length: 4 }, () => new Float64Array(fields));
  for (let at = 0; at < x.length; at++) mean[fieldOf(at)] += x[at] / count;
  for (let at = 0; at < x.length; at++) variance[fieldOf(at)] += (x[at] - mean[fieldOf(at)]) ** 2 / count;
  const inverse = variance.map((each) => 1 / Math.sqrt(each + NORM_EPSILON));
  const centred = Float64Array.from(x, (value, at) => (value - mean[fieldOf(at)]) * inverse[fieldOf(at)]);
  const normedValues = centred.map((value, at) => value * scale[fieldOf(at)] + shift[fieldOf(at)]);

  const cells = cellsOf(shape, pool);
  const z = largestOf(normedValues, cells, new Float64Array(cells.length)).y;
  const passing = z.map((value, i) => (value > 0 ? dy[i] : 0));
  const { dx: dz } = largestOf(normedValues, cells, passing);
  dz.forEach((value, at) => {
    dShift[fieldOf(at)] += value;
    dScale[fieldOf(at)] += value * centred[at];
  });
  const dx = dz.map((value, at) => {
    const f = fieldOf(at);
    return scale[f] * inverse[f] * (value - (dShift[f] + centred[at] * dScale[f]) / count);
  });
  return { mean, variance, z, y: z.map((value) => Math.max(0, value)), dx, dScale, dShift };
}
