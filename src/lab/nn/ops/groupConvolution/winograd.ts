/**
 * 3×3 filters by Winograd's algorithm F(4×4, 3×3) over all planes: what kernels/winograd.ts is told, as plain numbers, and which
 * layers run so.
 *
 * A pair of planes takes 36 multiplications for a cell of 4×4 pixels, where the filter's positions take 144. Fourier over the
 * group needs other positions than these for each element, so the two do not go together; and it saves more the larger the
 * group: for a pixel and a pair of fields C4 takes 36 multiplications of 144 by Winograd and 54 by Fourier, D4 144 and 108 of
 * 576. Hence the rule.
 */
import { expansionMap, type FilterShape } from '../../../symmetry/filters';
import { GROUPS } from '../../../symmetry/group';
import { fourierMacs } from './work';

/** Pixels of a cell's side, and of what it reads. */
const CELL = 4;
const READ = 6;
/** Cells that the kernel multiplies together. */
const CELLS_TOGETHER = 16;
const KERNEL = 3;

/** Multiplications for each pixel of the output, all planes together. */
export function winogradMacs({ group, fieldsIn, sizeIn, fieldsOut }: FilterShape): number {
  return (READ / CELL) ** 2 * fieldsIn * sizeIn * fieldsOut * GROUPS[group].order;
}

/**
 * Fourier over the group has to take so many times as many multiplications. With half as many again (C4) all layers gain;
 * where it is less, as with lifting layers (C4 13 for 9, D4 22 for 18), what the transforms take beside them is more.
 */
const LEAST_SAVED = 1.5;

/** Layers are asked for at every batch, and counting takes as long as a small one. */
const asked = new WeakMap<FilterShape, boolean>();

/** Whether a layer is faster so. */
export function byWinograd(shape: FilterShape): boolean {
  const known = asked.get(shape);
  if (known !== undefined) return known;
  const { kernel, positions } = shape;
  const isWhole = kernel === KERNEL && (positions?.length ?? KERNEL ** 2) === KERNEL ** 2;
  const is = isWhole && LEAST_SAVED * winogradMacs(shape) <= fourierMacs(shape);
  asked.set(shape, is);
  return is;
}

/** A product of planes: how many, and where the filter between two of them has its weights. */
export interface Side {
  readonly fieldsIn: number;
  readonly fieldsOut: number;
  /** Planes of a field. */
  readonly orderIn: number;
  readonly orderOut: number;
  /** Numbers between the weights of two input fields, and of two output fields. */
  readonly stepIn: number;
  readonly stepOut: number;
  /** [plane of an output field][plane of an input field][positions]: index of the weight that stands there, in one pair of fields. */
  readonly table: Int32Array;
}

/** The layer. */
export function forwardSide({ group, kernel, fieldsIn, sizeIn, fieldsOut }: FilterShape): Side {
  const { order } = GROUPS[group];
  const { source } = expansionMap({ group, kernel, fieldsIn: 1, sizeIn, fieldsOut: 1 });
  const table = new Int32Array(source.length);
  source.forEach((from, i) => {
    const [position, plane, element] = [
      Math.floor(i / order / sizeIn),
      Math.floor(i / order) % sizeIn,
      i % order,
    ];
    const [stored, slice] = [Math.floor(from / sizeIn), from % sizeIn];
    table[(element * sizeIn + plane) * kernel ** 2 + position] =
      (stored * fieldsIn * sizeIn + slice) * fieldsOut;
  });
  const steps = { stepIn: sizeIn * fieldsOut, stepOut: 1 };
  return { fieldsIn, fieldsOut, orderIn: sizeIn, orderOut: order, ...steps, table };
}

/** The input gradient: from output to input, the filters turned by 180°. */
export function adjointSide(shape: FilterShape): Side {
  const { fieldsIn, fieldsOut, orderIn, orderOut, stepIn, stepOut, table } = forwardSide(shape);
  const positions = shape.kernel ** 2;
  const turned = new Int32Array(table.length);
  for (let to = 0; to < orderOut; to++)
    for (let from = 0; from < orderIn; from++)
      for (let p = 0; p < positions; p++)
        turned[(from * orderOut + to) * positions + positions - 1 - p] =
          table[(to * orderIn + from) * positions + p];
  return {
    ...{ fieldsIn: fieldsOut, fieldsOut: fieldsIn, orderIn: orderOut, orderOut: orderIn },
    ...{ stepIn: stepOut, stepOut: stepIn, table: turned },
  };
}

/** Numbers of the packed weights. */
export const packedLength = ({ fieldsIn, fieldsOut, orderIn, orderOut }: Omit<Side, 'table'>): number =>
  READ ** 2 * fieldsIn * orderIn * fieldsOut * orderOut;

/** How maps are cut into cells: a band of a tile at a time, or some small tiles whole. */
export interface Cells {
  /** Tiles of a chunk. */
  readonly together: number;
  /** Rows of a band. */
  readonly band: number;
  /** Numbers of a padded row. */
  readonly stride: number;
  /** For every vector of four cells: bytes where they are read, and written, their first rows, and how many columns count. */
  readonly table: Int32Array;
}

/** The cells of maps of height × width. */
export function cellsOf(
  planesIn: number,
  planesOut: number,
  height: number,
  width: number,
  pools: boolean,
): Cells {
  const across = Math.ceil(width / CELL);
  const down = Math.ceil(height / CELL);
  const together = Math.max(1, Math.floor(CELLS_TOGETHER / (across * down)));
  const bandCells = together > 1 ? down : Math.min(down, Math.max(1, Math.floor(CELLS_TOGETHER / across)));
  const [band, stride] = [CELL * bandCells, CELL * across + 2];
  const cells: number[][] = [];
  const pooled = pools ? 2 : 1;
  for (let tile = 0; tile < together; tile++) {
    const read = tile * planesIn * (band + 2) * stride;
    const written = (tile * planesOut * height * width) / pooled ** 2;
    for (let y = 0; y < band; y += CELL) {
      for (let x = 0; x < width; x += CELL) {
        const to = written + ((y / pooled) * width + x) / pooled;
        cells.push([4 * (read + y * stride + x), 4 * to, y, Math.min(CELL, width - x)]);
      }
    }
  }
  return { together, band, stride, table: Int32Array.from(vectorsOf(cells)) };
}

/** By fours, word for word; what is missing in the last repeats its last cell, and is not written. */
function vectorsOf(cells: readonly (readonly number[])[]): number[] {
  const vectors: number[] = [];
  for (let first = 0; first < cells.length; first += 4) {
    const four = [0, 1, 2, 3].map((i) => cells[Math.min(first + i, cells.length - 1)]);
    for (let word = 0; word < 4; word++) vectors.push(...four.map((cell) => cell[word]));
  }
  return vectors;
}

/** Bytes of scratch that a thread needs (kernels/winograd.ts). */
export function scratchBytes(
  planesIn: number,
  planesOut: number,
  { together, band, stride }: Pick<Cells, 'together' | 'band' | 'stride'>,
): number {
  const head = 1024;
  const padded = 4 * together * planesIn * (band + 2) * stride + 64;
  return head + padded + READ ** 2 * 64 * (planesIn + planesOut + 2);
}
