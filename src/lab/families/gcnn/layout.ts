/**
 * Which parameters an architecture has, and their shapes: the one place that knows the naming scheme.
 *
 *   conv{i}.weight [b, F_in, S_in, F_out]   conv{i}.bias [F_out]            i = 1 … blocks
 *   norm{i}.scale, .shift, .mean, .variance [F_out]                          mean and variance are running statistics
 *   dense1.weight [inputs, hidden]  dense1.bias [hidden]    inputs in the order (y, x, field)
 *   dense2.weight [hidden, classes] dense2.bias [classes]
 *
 * In 8-bit integers a weight is stored as int8 beside its scale, conv{i}.weight_scale [F_out] or
 * dense{i}.weight_scale [1]; an integer convolution has its norm folded in, so there is no norm{i}.
 *
 * Comparators name theirs by the same scheme (families/mobile/layout.ts).
 */

import { BadInput } from '../../errors';
import type { FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { steerableBasis } from '../../symmetry/steerable';
import { positionOrbits } from '../../symmetry/turn';
import { type AnyArch, isComparator } from '../anyArch';
import { mobileShapes } from '../mobile/layout';
import type { ArchSpec } from './arch';

export interface BlockLayout {
  readonly index: number;
  readonly filter: FilterShape;
  /** Free values per filter: k², or fewer positions (grid), or d functions (steerable). */
  readonly basis: number;
  readonly pool: boolean;
  /** Height = width of the block's input and of its output after pooling. */
  readonly sizeIn: number;
  readonly sizeOut: number;
}

/** The blocks of an architecture with every size worked out. Throws `BadInput` where C4 would break. */
export function blockLayouts(arch: ArchSpec): BlockLayout[] {
  const order = GROUPS[arch.group].order;
  let size = arch.input.size;
  return arch.blocks.map((block, i) => {
    if (block.pool && size % 2 !== 0) {
      throw new BadInput(
        `Block ${i + 1} of "${arch.id}" pools a ${size}×${size} map: 2×2 pooling keeps rotations exact only on ` +
          'even sizes, so choose an input size divisible by two for every pooling.',
      );
    }
    const sizeIn = size;
    size = block.pool ? size / 2 : size;
    const positions = storedPositions(arch, i);
    return {
      index: i + 1,
      filter: {
        group: arch.group,
        kernel: block.kernel,
        fieldsIn: i === 0 ? arch.input.channels : arch.blocks[i - 1].fields,
        sizeIn: i === 0 ? 1 : order,
        fieldsOut: block.fields,
        ...(positions && { positions }),
      },
      basis:
        arch.filters === 'grid'
          ? (positions?.length ?? block.kernel ** 2)
          : steerableBasis(block.kernel).count,
      pool: block.pool,
      sizeIn,
      sizeOut: size,
    };
  });
}

/** The kernel positions of a block's support, ascending; undefined where it is the whole kernel. */
function storedPositions(arch: ArchSpec, i: number): number[] | undefined {
  const { support, kernel } = arch.blocks[i];
  if (!support) return undefined;
  const orbits = positionOrbits(kernel, GROUPS[arch.group].elements);
  const isAscending = support.every((orbit, at) => at === 0 || orbit > support[at - 1]);
  if (arch.filters !== 'grid' || !isAscending || support.at(-1)! >= orbits.length) {
    throw new BadInput(
      `Layer ${i + 1} of "${arch.id}" cannot keep the orbits ${support.join(', ')} of its kernel: a support is a list of ` +
        `ascending numbers below ${orbits.length}, of grid filters.`,
    );
  }
  return support.flatMap((orbit) => orbits[orbit]).sort((a, b) => a - b);
}

/** The group-pooled feature map that the head reads: size × size × fields. */
export function featureMap(arch: ArchSpec): { size: number; fields: number } {
  const last = blockLayouts(arch).at(-1)!;
  return { size: last.sizeOut, fields: last.filter.fieldsOut };
}

/** Inputs of the first dense layer. */
export function headInputs(arch: ArchSpec): number {
  const { size, fields } = featureMap(arch);
  return arch.head.kind === 'pooled' ? fields : size * size * fields;
}

/** Every parameter's name and shape, in a fixed order. */
export function paramShapes(arch: AnyArch): Map<string, readonly number[]> {
  if (isComparator(arch)) return mobileShapes(arch);
  const shapes = new Map<string, readonly number[]>();
  for (const { index, filter, basis } of blockLayouts(arch)) {
    shapes.set(`conv${index}.weight`, [basis, filter.fieldsIn, filter.sizeIn, filter.fieldsOut]);
    shapes.set(`conv${index}.bias`, [filter.fieldsOut]);
    if (isInt8(arch, `conv${index}.weight`)) {
      shapes.set(`conv${index}.weight_scale`, [filter.fieldsOut]);
      continue;
    }
    for (const part of ['scale', 'shift', 'mean', 'variance']) {
      shapes.set(`norm${index}.${part}`, [filter.fieldsOut]);
    }
  }
  shapes.set('dense1.weight', [headInputs(arch), arch.head.hidden]);
  shapes.set('dense1.bias', [arch.head.hidden]);
  shapes.set('dense2.weight', [arch.head.hidden, arch.classes]);
  shapes.set('dense2.bias', [arch.classes]);
  if (arch.int8) for (const layer of ['dense1', 'dense2']) shapes.set(`${layer}.weight_scale`, [1]);
  return shapes;
}

/** Whether a parameter is stored as 8-bit integers, not as floats. */
export function isInt8({ int8 }: Pick<AnyArch, 'int8'>, name: string): boolean {
  if (!int8 || !name.endsWith('.weight')) return false;
  return int8.layers === 'all' || isHeadParam(name);
}

/** Running statistics and scales of integers are carried along but not trained and not counted as parameters. */
export function isTrainable(name: string): boolean {
  return !/^norm\d+\.(mean|variance)$|\.weight_scale$/.test(name);
}

export function isHeadParam(name: string): boolean {
  return name.startsWith('dense');
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
