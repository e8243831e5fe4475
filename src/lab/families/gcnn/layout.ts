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
 */

import { BadInput } from '../../errors';
import { normNames } from '../../nn/norm';
import { DENSE, HE, type Start } from '../../nn/start';
import type { FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { steerableBasis } from '../../symmetry/steerable';
import { positionOrbits } from '../../symmetry/turn';
import type { LayerWork, ParamLayout } from '../family';
import { type ArchSpec, averagesMap } from './arch';

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
  return averagesMap(arch.head) ? fields : size * size * fields;
}

/** Every parameter, in a fixed order. */
export function gcnnParams(arch: ArchSpec): ParamLayout[] {
  const layouts: ParamLayout[] = [];
  const inIntegers = arch.int8?.layers;
  const add = (name: string, shape: readonly number[], role: ParamLayout['role'], start: Start): void => {
    const [layer, part] = name.split('.');
    const head = layer.startsWith('dense');
    const int8 = part === 'weight' && (inIntegers === 'all' || (inIntegers === 'dense' && head));
    layouts.push({ name, shape, layer, role, start, head, int8 });
  };
  for (const { index, filter, basis } of blockLayouts(arch)) {
    const shape = [basis, filter.fieldsIn, filter.sizeIn, filter.fieldsOut];
    const perField = [filter.fieldsOut];
    add(`conv${index}.weight`, shape, 'trained', HE);
    // It has no gradient in front of a batch norm (see trunk.ts).
    add(`conv${index}.bias`, perField, 'idle', 0);
    if (inIntegers === 'all') {
      add(`conv${index}.weight_scale`, perField, 'carried', 0);
      continue;
    }
    const norm = normNames(`norm${index}`);
    add(norm.scale, perField, 'trained', 1);
    add(norm.shift, perField, 'trained', 0);
    add(norm.mean, perField, 'carried', 0);
    add(norm.variance, perField, 'carried', 1);
  }
  add('dense1.weight', [headInputs(arch), arch.head.hidden], 'trained', DENSE);
  add('dense1.bias', [arch.head.hidden], 'trained', 0);
  add('dense2.weight', [arch.head.hidden, arch.classes], 'trained', DENSE);
  add('dense2.bias', [arch.classes], 'trained', 0);
  if (inIntegers) for (const layer of DENSE_LAYERS) add(`${layer}.weight_scale`, [1], 'carried', 0);
  return layouts;
}

export const DENSE_LAYERS = ['dense1', 'dense2'] as const;

/** Whether a parameter belongs to the dense layers, not to the trunk. */
export const isHeadParam = (name: string): boolean => name.startsWith('dense');

/** Every layer with parameters and its multiply-adds, in order. */
export function gcnnWork(arch: ArchSpec): LayerWork[] {
  const { order } = GROUPS[arch.group];
  const blocks = blockLayouts(arch).flatMap(({ index, filter, sizeIn, sizeOut }): LayerWork[] => {
    const macs =
      sizeIn ** 2 * filter.kernel ** 2 * filter.fieldsIn * filter.sizeIn * filter.fieldsOut * order;
    const kind = arch.group === 'C1' ? 'convolution' : index === 1 ? 'lifting' : 'group convolution';
    const { kernel, fieldsOut: count } = filter;
    const shape = [sizeOut, sizeOut, count * order];
    const unit = arch.group === 'C1' ? 'channel' : 'field';
    const convolution = {
      layer: `conv${index}`,
      kind,
      macs,
      makes: { unit, count, each: order },
      shape,
      kernel,
    } as const;
    // In integers it has its norm folded in.
    return arch.int8?.layers === 'all'
      ? [convolution]
      : [convolution, { layer: `norm${index}`, kind: 'norm', macs: 0, shape }];
  });
  const orientations = arch.head.kind === 'orbit' ? order : 1;
  const { hidden } = arch.head;
  return [
    ...blocks,
    {
      ...{ layer: 'dense1', kind: 'dense', macs: orientations * headInputs(arch) * hidden },
      ...{ makes: { unit: 'neuron', count: hidden }, shape: [hidden] },
    },
    {
      ...{ layer: 'dense2', kind: 'dense', macs: hidden * arch.classes },
      ...{ makes: { unit: 'class', count: arch.classes }, shape: [arch.classes] },
    },
  ];
}
