/**
 * Which parameters a transformer has, and their shapes. F fields of |G| channels; i = 1 … blocks.
 *
 *   patch.weight [p², channels, 1, F]   patch.bias [F]      class.token [F]      position.token [patches, F]
 *   block{i}.norm1.scale, .shift [F]
 *   block{i}.qkv.weight [F, |G|, 3·h]   .bias [3·h]         h = heads · headFields; the last axis in the order (q|k|v, head)
 *   block{i}.proj.weight [h, |G|, F]    .bias [F]
 *   block{i}.norm2.scale, .shift [F]
 *   block{i}.fc1.weight [F, |G|, H]     .bias [H]           H hidden fields
 *   block{i}.fc2.weight [H, |G|, F]     .bias [F]
 *   norm.scale, .shift [F]              head.weight [F, classes]   head.bias [classes]
 *
 * The class token has no position: that would be a second number added to each of its own. In 8-bit integers a weight is
 * stored as int8 beside its scale: of a map of tokens <layer>.weight_scale [1], of the patches patch.weight_scale [F].
 */
import { sizeOf } from '../../nn/model';
import { DENSE, type Start } from '../../nn/start';
import type { FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import type { LayerWork, ParamLayout } from '../family';
import { patchesPerSide, type VitSpec } from './spec';

/** A map of tokens, field by field. */
export interface TokenMap {
  readonly layer: string;
  readonly fieldsIn: number;
  readonly fieldsOut: number;
}

/** The four maps of each block, in order. */
export function tokenMaps({ fields, headFields, blocks }: VitSpec): TokenMap[] {
  return blocks.flatMap(({ heads, hidden }, i) => {
    const inner = heads * headFields;
    const name = blockName(i);
    return [
      { layer: `${name}.qkv`, fieldsIn: fields, fieldsOut: 3 * inner },
      { layer: `${name}.proj`, fieldsIn: inner, fieldsOut: fields },
      { layer: `${name}.fc1`, fieldsIn: fields, fieldsOut: hidden },
      { layer: `${name}.fc2`, fieldsIn: hidden, fieldsOut: fields },
    ];
  });
}

/** The name of block `i`, from 0. */
export const blockName = (i: number): string => `block${i + 1}`;

/** What is observed of a tile's class token, behind the last norm. */
export const CLASS_TOKEN = 'class token';

/** Every layer norm, in order. */
export function vitNorms({ blocks }: VitSpec): string[] {
  return [...blocks.flatMap((_, i) => [`${blockName(i)}.norm1`, `${blockName(i)}.norm2`]), 'norm'];
}

/** Tokens of a tile: its patches and the class token. */
export const tokensOf = (spec: VitSpec): number => patchesPerSide(spec) ** 2 + 1;

/** What weights are expanded as: a filter of one position over the group. */
export function mapShape(
  { group }: Pick<VitSpec, 'group'>,
  { fieldsIn, fieldsOut }: Omit<TokenMap, 'layer'>,
): FilterShape {
  return { group, kernel: 1, fieldsIn, sizeIn: GROUPS[group].order, fieldsOut };
}

/** The lifting convolution of the patches. */
export function patchShape({ group, patch, input, fields }: VitSpec): FilterShape {
  return { group, kernel: patch, fieldsIn: input.channels, sizeIn: 1, fieldsOut: fields };
}

/** Positions are a picture of the grid's size, lifted. */
export function positionShape(spec: VitSpec): FilterShape {
  return { group: spec.group, kernel: patchesPerSide(spec), fieldsIn: 1, sizeIn: 1, fieldsOut: spec.fields };
}

/** Every parameter, in a fixed order. */
export function vitParams(spec: VitSpec): ParamLayout[] {
  const { input, patch, fields, classes, int8 } = spec;
  const { order } = GROUPS[spec.group];
  const layouts: ParamLayout[] = [];
  const add = (layer: string, part: string, shape: readonly number[], start: Start): void => {
    const isWeight = part === 'weight';
    layouts.push({
      ...{ name: `${layer}.${part}`, shape, layer, start, head: layer === 'head', role: 'trained' },
      int8: isWeight && int8 !== undefined && (layer !== 'patch' || int8.layers === 'all'),
    });
  };
  const addMap = ({ layer, fieldsIn, fieldsOut }: TokenMap): void => {
    add(layer, 'weight', [fieldsIn, order, fieldsOut], DENSE);
    add(layer, 'bias', [fieldsOut], 0);
  };
  const addNorm = (layer: string): void => {
    add(layer, 'scale', [fields], 1);
    add(layer, 'shift', [fields], 0);
  };
  const patches = patchesPerSide(spec) ** 2;
  add('patch', 'weight', [patch ** 2, input.channels, 1, fields], DENSE);
  add('patch', 'bias', [fields], 0);
  add('class', 'token', [fields], spread(1));
  add('position', 'token', [patches, fields], spread(patches));
  const maps = tokenMaps(spec);
  spec.blocks.forEach((_, i) => {
    const [qkv, proj, first, second] = maps.slice(4 * i, 4 * i + 4);
    addNorm(`${blockName(i)}.norm1`);
    addMap(qkv);
    addMap(proj);
    addNorm(`${blockName(i)}.norm2`);
    addMap(first);
    addMap(second);
  });
  addNorm('norm');
  add('head', 'weight', [fields, classes], DENSE);
  add('head', 'bias', [classes], 0);
  const scales = layouts
    .filter((layout) => layout.int8)
    .map(({ layer, head }) => ({
      ...{ name: `${layer}.weight_scale`, shape: layer === 'patch' ? [fields] : [1], layer, head },
      ...{ start: 0 as const, role: 'carried' as const, int8: false },
    }));
  return [...layouts, ...scales];
}

/** A deviation of 0.02, where the start's variance is divided by so many numbers. */
const spread = (fanIn: number): Start => ({ gain: 0.02 ** 2 * fanIn });

/**
 * Every layer with parameters and its multiply-adds, in order, with maps expanded to dense matrices. The products of
 * attention itself, of scores and of mixing, are counted with the map that follows them.
 */
export function vitWork(spec: VitSpec): LayerWork[] {
  const { input, patch, fields, group, classes } = spec;
  const { order } = GROUPS[group];
  const tokens = tokensOf(spec);
  const mapMacs = new Map(
    tokenMaps(spec).map(({ layer, fieldsIn, fieldsOut }) => [
      layer,
      tokens * fieldsIn * fieldsOut * order ** 2,
    ]),
  );
  const attention = (i: number): number => 2 * tokens ** 2 * spec.blocks[i].heads * spec.headFields * order;
  const patchMacs = (tokens - 1) * sizeOf([patch, patch, input.channels, fields, order]);
  const channels = fields * order;
  const unit = group === 'C1' ? 'channel' : 'field';
  const token = { shape: [tokens, channels] };
  const ofToken = { ...token, makes: { unit, count: fields, each: order } } as const;
  return [
    {
      ...{ layer: 'patch', kind: group === 'C1' ? 'convolution' : 'lifting', macs: patchMacs },
      ...{ makes: ofToken.makes, shape: [tokens - 1, channels], kernel: patch },
    },
    { layer: 'class', kind: 'token', macs: 0, shape: [1, channels] },
    { layer: 'position', kind: 'token', macs: 0, shape: [tokens - 1, channels] },
    ...spec.blocks.flatMap(({ heads, hidden }, i): LayerWork[] => {
      const name = blockName(i);
      const of = (part: string): number => mapMacs.get(`${name}.${part}`)!;
      const qkv = [tokens, 3 * heads * spec.headFields * order];
      const makesHidden = {
        makes: { unit: 'neuron', count: hidden, each: order },
        shape: [tokens, hidden * order],
      } as const;
      return [
        { layer: `${name}.norm1`, kind: 'norm', macs: 0, ...token },
        {
          layer: `${name}.qkv`,
          kind: 'dense',
          macs: of('qkv'),
          makes: { unit: 'head', count: heads, each: order },
          shape: qkv,
        },
        { layer: `${name}.proj`, kind: 'attention, dense', macs: attention(i) + of('proj'), ...ofToken },
        { layer: `${name}.norm2`, kind: 'norm', macs: 0, ...token },
        { layer: `${name}.fc1`, kind: 'dense', macs: of('fc1'), ...makesHidden },
        { layer: `${name}.fc2`, kind: 'dense', macs: of('fc2'), ...ofToken },
      ];
    }),
    { layer: 'norm', kind: 'norm', macs: 0, ...token },
    {
      ...{ layer: 'head', kind: 'dense', macs: fields * classes },
      ...{ makes: { unit: 'class', count: classes }, shape: [classes] },
    },
  ];
}
