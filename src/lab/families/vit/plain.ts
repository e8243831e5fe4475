/**
 * A transformer in a form that runs without this lab: fields expanded to channels, so that ordinary matrices are left, in
 * PyTorch's layouts: the patches' filters [out, in, p, p], maps [out, in].
 */
import type { Int8 } from '../../nn/arch';
import type { Int8Param, Param } from '../../nn/model';
import type { Bands } from '../../pictures/bands';
import { expandGrid, type FilterShape, outputsFirst } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import type { PortableConfig, PortableLayout, PortableNetwork } from '../family';
import { mapShape, patchShape, positionShape, tokenMaps, vitNorms } from './layout';
import type { VitModel } from './model';
import { patchesPerSide, type VitSpec } from './spec';

/** All that has to be known beside the tensors. */
export interface VitConfig extends PortableConfig {
  readonly format: 'orbit-lab-vit/1';
  /** The picture: size × size × channels; pixel/255 minus mean, divided by std, by channel. */
  readonly size: number;
  readonly channels: number;
  readonly bands?: Bands | undefined;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly classes: readonly string[];
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Of each block. */
  readonly heads: readonly number[];
  /** |G|: of as many neighbouring channels of the class token the maximum is taken at the end, or (`pooling`) the mean. */
  readonly orientations: number;
  readonly pooling?: VitSpec['pooling'];
  readonly int8: Int8['layers'] | null;
  /** What shares one range of activations in integers: each token (`tile`), or all of a call. */
  readonly range: Int8['range'] | null;
}

/** The tensors of the portable form without their values. */
export function vitTensors(spec: VitSpec): PortableLayout[] {
  const { fields, classes, int8, input, patch } = spec;
  const { order } = GROUPS[spec.group];
  const width = fields * order;
  const layouts: PortableLayout[] = [];
  const add = (layer: string, part: string, shape: readonly number[], isInt8 = false): void => {
    layouts.push({ name: `${layer}.${part}`, shape, layer, int8: isInt8 });
  };
  const addMap = (layer: string, shape: readonly number[], isInt8: boolean, scales: number): void => {
    add(layer, 'weight', shape, isInt8);
    if (isInt8) add(layer, 'weight_scale', [scales]);
    add(layer, 'bias', [shape[0]]);
  };
  addMap('patch', [width, input.channels, patch, patch], int8?.layers === 'all', width);
  add('class', 'token', [width]);
  add('position', 'token', [patchesPerSide(spec) ** 2, width]);
  for (const { layer, fieldsIn, fieldsOut } of tokenMaps(spec))
    addMap(layer, [fieldsOut * order, fieldsIn * order], int8 !== undefined, 1);
  for (const norm of vitNorms(spec)) for (const part of ['scale', 'shift']) add(norm, part, [width]);
  addMap('head', [classes, fields], int8 !== undefined, 1);
  return layouts;
}

export function plainVit(model: VitModel): PortableNetwork<VitConfig> {
  const { arch, classes, normalisation } = model;
  const { order } = GROUPS[arch.group];
  const values = valuesOf(model);
  return {
    config: {
      format: 'orbit-lab-vit/1',
      ...arch.input,
      ...normalisation,
      classes,
      patch: arch.patch,
      heads: arch.blocks.map(({ heads }) => heads),
      orientations: order,
      ...(arch.pooling && { pooling: arch.pooling }),
      int8: arch.int8?.layers ?? null,
      range: arch.int8?.range ?? null,
    },
    tensors: Object.fromEntries(
      vitTensors(arch).map(({ name, shape }) => [name, { shape, data: values(name) } as Param | Int8Param]),
    ),
  };
}

/** Of every tensor, in the portable layout, by name. */
function valuesOf({ arch, params, int8 }: VitModel): (name: string) => Float32Array | Int8Array {
  const { order } = GROUPS[arch.group];
  const shapes = new Map<string, FilterShape>([
    ['patch.weight', patchShape(arch)],
    ...tokenMaps(arch).map((map) => [`${map.layer}.weight`, mapShape(arch, map)] as const),
  ]);
  return (name) => {
    const stored = int8?.[name] ?? params[name];
    const shape = shapes.get(name);
    if (shape)
      return outputsFirst(expandGrid(stored.data, shape), shape.kernel ** 2, shape.fieldsIn * shape.sizeIn);
    if (name === 'position.token') return expandGrid(stored.data, positionShape(arch));
    if (name === 'head.weight') return outputsFirst(stored.data, 1, arch.fields);
    // One number of a map of tokens, or of a class; else a number for each field.
    const isSingle =
      name.startsWith('head.') || (name.endsWith('weight_scale') && name !== 'patch.weight_scale');
    if (isSingle) return stored.data;
    return Float32Array.from(
      { length: stored.data.length * order },
      (_, i) => stored.data[Math.floor(i / order)],
    );
  };
}
