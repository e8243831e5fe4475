/**
 * A layer by its expanded filters in float64: the reference for every convolution of the lab. Maps as in maps.ts, weights
 * as they are stored: [k², or positions, or basis functions][fieldsIn][sizeIn][fieldsOut].
 */
import { expansionMap, type FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { steerableBasis } from '../../symmetry/steerable';

export type Filters = 'grid' | 'steerable';

/** Values of the filters that are stored or combined for a field: k², positions, or functions. */
export const storedCount = ({ kernel, positions }: FilterShape, filters: Filters): number =>
  filters === 'steerable' ? steerableBasis(kernel).count : (positions?.length ?? kernel ** 2);

/** A linear map from stored weights to all positions of the grid, and its transpose. */
interface Combination {
  /** Of every position, which stored values and how much of each. */
  readonly terms: readonly (readonly (readonly [stored: number, factor: number])[])[];
}

function combination({ kernel, positions }: FilterShape, filters: Filters): Combination {
  const all = Array.from({ length: kernel ** 2 }, (_, p) => p);
  if (filters === 'grid') {
    const stored = positions ?? all;
    return { terms: all.map((p) => (stored.includes(p) ? [[stored.indexOf(p), 1] as const] : [])) };
  }
  const { count, functions } = steerableBasis(kernel);
  return {
    terms: all.map((p) => Array.from({ length: count }, (_, j) => [j, functions[p * count + j]] as const)),
  };
}

export interface Layer {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dw: Float64Array;
}

/** y, and the gradients of Σ dy·y. */
export function expandedLayer(
  shape: FilterShape,
  filters: Filters,
  [tiles, height, width]: readonly [number, number, number],
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
): Layer {
  const { kernel, fieldsIn, sizeIn, fieldsOut } = shape;
  const [inputs, outputs] = [fieldsIn * sizeIn, fieldsOut * GROUPS[shape.group].order];
  const rest = inputs * fieldsOut;
  const { terms } = combination(shape, filters);
  const grid = new Float64Array(kernel ** 2 * rest);
  terms.forEach((of, p) => {
    for (const [stored, factor] of of)
      for (let r = 0; r < rest; r++) grid[p * rest + r] += factor * w[stored * rest + r];
  });
  const { source } = expansionMap({ ...shape, positions: undefined });
  const bank = Float64Array.from(source, (from) => grid[from]);

  const [y, dx, dBank] = [dy, x, bank].map(({ length }) => new Float64Array(length));
  const pixels = height * width;
  const padding = (kernel - 1) / 2;
  for (let t = 0; t < tiles; t++)
    for (let p = 0; p < kernel ** 2; p++) {
      const [down, right] = [Math.floor(p / kernel) - padding, (p % kernel) - padding];
      const [top, bottom] = [Math.max(0, -down), Math.min(height, height - down)];
      const [left, end] = [Math.max(0, -right), Math.min(width, width - right)];
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) {
          const at = (p * inputs + i) * outputs + o;
          const weight = bank[at];
          let sum = 0;
          for (let r = top; r < bottom; r++) {
            const to = (t * outputs + o) * pixels + r * width;
            const from = (t * inputs + i) * pixels + (r + down) * width + right;
            for (let c = left; c < end; c++) {
              y[to + c] += weight * x[from + c];
              dx[from + c] += weight * dy[to + c];
              sum += dy[to + c] * x[from + c];
            }
          }
          dBank[at] += sum;
        }
    }

  const dGrid = new Float64Array(grid.length);
  source.forEach((from, at) => {
    dGrid[from] += dBank[at];
  });
  const dw = new Float64Array(w.length);
  terms.forEach((of, p) => {
    for (const [stored, factor] of of)
      for (let r = 0; r < rest; r++) dw[stored * rest + r] += factor * dGrid[p * rest + r];
  });
  return { y, dx, dw };
}
