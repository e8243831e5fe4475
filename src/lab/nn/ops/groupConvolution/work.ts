/** What a layer multiplies when it runs by Fourier over the group. */
import type { FilterShape } from '../../../symmetry/filters';
import type { GroupName } from '../../../symmetry/group';
import { blocksOf } from './fourier';
import { sidesOf } from './positions';

/** Multiplications with an addition for each pixel of the output, all fields of it together. */
export function fourierMacs(shape: FilterShape): number {
  // Where planes and rows lie plays no part.
  const { counts } = sidesOf(shape, { row: 0, plane: 0 }).forward;
  const pairs = shape.fieldsIn * shape.fieldsOut;
  return blocksOf(shape.group).reduce(
    (sum, block, b) => sum + counts[b] * pairs * productOf(shape.group, block),
    0,
  );
}

/** Of a pair of fields at one position: a matrix of 2×2 by one row (C4, a complex number) or by two (D4). */
function productOf(group: GroupName, block: readonly number[]): number {
  if (block.length === 1) return 1;
  return group === 'C4' ? 4 : 8;
}
