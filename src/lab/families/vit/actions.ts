/**
 * How a group acts on the parameters of a plain transformer whose channels are taken in fields of |G|, and which of its
 * channels may be put into another order before.
 *
 * Where the whole group leaves its parameters as they are, a plain transformer *is* one of spec.ts's equivariant ones,
 * layer by layer and exactly:
 *   patches    filters that turn among the channels of a field are a lifting convolution.
 *   positions  e[i][f, g] = e[g⁻¹·i][f, e] is a picture lifted; the class token is alike on the channels of a field.
 *   maps       W[(f′, h), (f, g)] = W[(f′, g⁻¹h), (f, e)] is a group convolution over G alone.
 *   attention  is the same function of queries, keys and values. It needs heads of whole fields: a field that two heads
 *              share would be moved from one to the other, and scores with it. Such networks are refused.
 *   norm, GELU are the same, with one scale and shift for a field.
 *   answer     the last layer, W[(f, g), n] = W[(f, e), n], reads the sum over a field and no single channel of it. So what
 *              it becomes reads the mean (`pooling`), where the lab's own designs read the maximum: that is the one thing
 *              in which they differ.
 *
 * Queries and keys could be changed by any invertible matrix and its inverse without a change of scores; only orders are
 * looked through. The channels of the tokens go through every layer (they are added to in each), so they have one order
 * for all; layers cannot each choose theirs, as those of a stack of convolutions can.
 */
import { GROUPS, type GroupName } from '../../symmetry/group';
import type { FreeOrder, OrderedPlace, ParamAction, Refusal } from '../family';
import { blockName, CLASS_TOKEN, tokenMaps, vitNorms } from './layout';
import type { VitSpec } from './spec';

export function actions(spec: VitSpec): readonly ParamAction[] | Refusal {
  if (spec.group !== 'C1') return { refusal: `equivariant under ${spec.group} by its design` };
  const perChannel = (name: string): ParamAction => ({ name, axes: ['fields'] });
  return [
    { name: 'patch.weight', axes: ['kernel', 'fixed', 'fixed', 'fields'] },
    perChannel('patch.bias'),
    perChannel('class.token'),
    { name: 'position.token', axes: ['kernel', 'fields'] },
    ...tokenMaps(spec).flatMap(({ layer }): ParamAction[] => {
      const heads = layer.endsWith('qkv') ? { together: spec.headFields } : {};
      return [
        { name: `${layer}.weight`, axes: ['fields', 'fixed', 'fields'], ...heads },
        { ...perChannel(`${layer}.bias`), ...heads },
      ];
    }),
    ...vitNorms(spec).flatMap((norm) => ['scale', 'shift'].map((part) => perChannel(`${norm}.${part}`))),
    { name: 'head.weight', axes: ['fields', 'fixed'] },
  ];
}

/** The channels of the tokens; then of every block those of each head's queries and keys, its values, and the hidden ones. */
export function orders(spec: VitSpec): FreeOrder[] {
  const { fields, headFields, blocks } = spec;
  const place = (name: string, axis: number, from = 0, decides = false): OrderedPlace => ({
    ...{ name, axis, from, decides },
  });
  const maps = tokenMaps(spec).map(({ layer }) => layer);
  const ofTokens: FreeOrder = {
    count: fields,
    places: [
      place('patch.weight', 3, 0, true),
      place('position.token', 1, 0, true),
      ...['patch.bias', 'class.token'].map((name) => place(name, 0, 0, true)),
      ...vitNorms(spec).flatMap((norm) => ['scale', 'shift'].map((part) => place(`${norm}.${part}`, 0))),
      ...maps.flatMap((layer) =>
        /qkv|fc1/.test(layer)
          ? [place(`${layer}.weight`, 0)]
          : [place(`${layer}.weight`, 2), place(`${layer}.bias`, 0)],
      ),
      place('head.weight', 0),
    ],
  };
  const inside = blocks.flatMap(({ heads, hidden }, i): FreeOrder[] => {
    const name = blockName(i);
    const outOf = (layer: string, from: number): OrderedPlace[] => [
      place(`${name}.${layer}.weight`, 2, from, true),
      place(`${name}.${layer}.bias`, 0, from, true),
    ];
    const part = (at: number, head: number) => outOf('qkv', (at * heads + head) * headFields);
    return [
      ...Array.from({ length: heads }, (_, head): FreeOrder[] => [
        { count: headFields, places: [...part(0, head), ...part(1, head)] },
        {
          count: headFields,
          places: [...part(2, head), place(`${name}.proj.weight`, 0, head * headFields)],
        },
      ]).flat(),
      { count: hidden, places: [...outOf('fc1', 0), place(`${name}.fc2.weight`, 0)] },
    ];
  });
  return [ofTokens, ...inside];
}

/**
 * The tokens whose consistency is that of all that the answer is made of: the patches' as the last block reads them, and the
 * class token behind it, which is a field vector that stays in its place. What the last block makes of the patches nobody
 * reads.
 */
export const mapsRead = ({ blocks }: VitSpec): string[] => [
  blocks.length === 1 ? 'patches' : `mlp${blocks.length - 1}`,
  CLASS_TOKEN,
];

export function projected(spec: VitSpec, group: GroupName): VitSpec {
  const { order } = GROUPS[group];
  return {
    ...spec,
    ...{ group, pooling: 'mean', fields: spec.fields / order, headFields: spec.headFields / order },
    blocks: spec.blocks.map((block) => ({ ...block, hidden: block.hidden / order })),
  };
}
