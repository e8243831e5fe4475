/**
 * A network as anyone can run it, without groups: filters expanded, norms folded in, in PyTorch's layouts.
 *
 *   conv{i}.weight [out, in, k, k]  conv{i}.bias [out]     channel = field · |G| + g; stride 1, padding k // 2
 *   dense1.weight [hidden, inputs]  dense1.bias [hidden]   inputs in the order (field, y, x): `flatten` of a map
 *   dense2.weight [classes, hidden] dense2.bias [classes]
 *
 * Weights in 8-bit integers stay such, beside their scales: conv{i}.weight_scale [out], dense{i}.weight_scale [1].
 */

import type { Int8 } from '../../nn/arch';
import type { Int8Param, Param } from '../../nn/model';
import type { Bands } from '../../pictures/bands';
import { expandGrid, type FilterShape, outputsFirst } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import type { PortableConfig, PortableLayout, PortableNetwork } from '../family';
import { type ArchSpec, averagesMap, type Block, type HeadKind } from './arch';
import { foldedFilters } from './folded';
import { type BlockLayout, blockLayouts, DENSE_LAYERS, featureMap, headInputs } from './layout';
import type { GcnnModel } from './model';

/** All that has to be known beside the tensors. */
export interface PlainConfig extends PortableConfig {
  readonly format: 'orbit-lab-plain/1';
  /** The picture: size × size × channels; pixel/255 minus mean, divided by std, by channel. */
  readonly size: number;
  readonly channels: number;
  /** Which of a file's bands each channel is; absent: colours, or grey. */
  readonly bands?: Bands | undefined;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly classes: readonly string[];
  /** One for each convolution, `pool`: 2×2 max-pooling after its ReLU. */
  readonly blocks: readonly Pick<Block, 'kernel' | 'pool'>[];
  /** |G|: as many neighbouring channels become one after the last block: their maximum, or (`averaged` head) their mean. */
  readonly orientations: number;
  readonly head: HeadKind;
  /**
   * The copies of the map that dense1 reads, to keep the largest response of each neuron: [quarter turns
   * counter-clockwise, flipped left-right before turning]. One that does nothing, where the head is not `orbit`.
   */
  readonly turns: readonly (readonly [number, boolean])[];
  /** Which weights are 8-bit integers; dense layers then round their inputs to 128 levels, as in PyTorch. */
  readonly int8: Int8['layers'] | null;
}

/** The tensors of the portable form without their values: what an exported file holds, counted from shapes alone. */
export function plainTensors(arch: ArchSpec): PortableLayout[] {
  const layouts: PortableLayout[] = [];
  const add = (layer: string, shape: readonly number[], scales: number, int8: boolean): void => {
    const floats = (part: string, length: number) =>
      layouts.push({ name: `${layer}.${part}`, shape: [length], layer, int8: false });
    layouts.push({ name: `${layer}.weight`, shape, layer, int8 });
    if (int8) floats('weight_scale', scales);
    floats('bias', shape[0]);
  };
  for (const { index, filter } of blockLayouts(arch)) {
    const { outputs, inputs, kernel } = bankOf(filter);
    add(`conv${index}`, [outputs, inputs, kernel, kernel], outputs, arch.int8?.layers === 'all');
  }
  const { hidden } = arch.head;
  const shapes = { dense1: [hidden, headInputs(arch)], dense2: [arch.classes, hidden] };
  for (const layer of DENSE_LAYERS) add(layer, shapes[layer], 1, arch.int8 !== undefined);
  return layouts;
}

/** Channels of a convolution's expanded filters. */
function bankOf({ group, fieldsIn, sizeIn, fieldsOut, kernel }: FilterShape) {
  return { outputs: fieldsOut * GROUPS[group].order, inputs: fieldsIn * sizeIn, kernel };
}

export function plainNetwork(model: GcnnModel): PortableNetwork<PlainConfig> {
  const { arch, classes, normalisation } = model;
  const { elements, order } = GROUPS[arch.group];
  const turns = arch.head.kind === 'orbit' ? elements : elements.slice(0, 1);
  const blocks = blockLayouts(arch);
  const values: Values = Object.assign(
    {},
    ...blocks.map((block) => convolutionOf(model, block)),
    ...DENSE_LAYERS.map((layer) => denseOf(model, layer)),
  );
  return {
    config: {
      format: 'orbit-lab-plain/1',
      ...arch.input,
      ...normalisation,
      classes,
      blocks: arch.blocks.map(({ kernel, pool }) => ({ kernel, pool })),
      orientations: order,
      head: arch.head.kind,
      turns: turns.map(({ turns, mirror }) => [turns, mirror] as const),
      int8: arch.int8?.layers ?? null,
    },
    tensors: Object.fromEntries(
      plainTensors(arch).map(({ name, shape }) => [name, { shape, data: values[name] } as Param | Int8Param]),
    ),
  };
}

/** Of every tensor, in the portable layout. */
type Values = Record<string, Float32Array | Int8Array>;

function convolutionOf({ arch, params, int8 }: GcnnModel, { index, filter }: BlockLayout): Values {
  const { order } = GROUPS[filter.group];
  const name = `conv${index}`;
  const perOutput = (perField: Float32Array) =>
    Float32Array.from({ length: perField.length * order }, (_, out) => perField[Math.floor(out / order)]);
  const { kernel, inputs } = bankOf(filter);
  const laidOut = <T extends Float32Array | Int8Array>(stored: T): T =>
    outputsFirst(expandGrid(stored, filter), kernel ** 2, inputs);
  const integers = int8?.[`${name}.weight`];
  if (integers) {
    return {
      [`${name}.weight`]: laidOut(integers.data),
      [`${name}.weight_scale`]: perOutput(params[`${name}.weight_scale`].data),
      [`${name}.bias`]: perOutput(params[`${name}.bias`].data),
    };
  }
  const { weights, bias } = foldedFilters(arch, params, index);
  return {
    [`${name}.weight`]: laidOut(weights),
    [`${name}.bias`]: perOutput(bias),
  };
}

function denseOf({ arch, params, int8 }: GcnnModel, layer: 'dense1' | 'dense2'): Values {
  const name = `${layer}.weight`;
  const stored = int8?.[name] ?? params[name];
  const [inputs] = stored.shape;
  const { fields } = featureMap(arch);
  // A map is stored as (y, x, field) here and as (field, y, x) there; all else is a row of numbers.
  const positions = layer === 'dense1' && !averagesMap(arch.head) ? inputs / fields : 1;
  const scale = params[`${layer}.weight_scale`];
  return {
    [name]: outputsFirst(stored.data, positions, inputs / positions),
    ...(scale && { [`${layer}.weight_scale`]: scale.data }),
    [`${layer}.bias`]: params[`${layer}.bias`].data,
  };
}
