/** Vision transformers, plain and equivariant (spec.ts says how). */
import type { Int8 } from '../../nn/arch';
import type { Params } from '../../nn/model';
import type { Family, ObservedLayer, Rounding } from '../family';
import { actions, mapsRead, orders, projected } from './actions';
import { CLASS_TOKEN, tokenMaps, vitParams, vitWork } from './layout';
import { portable } from './portable';
import { namedVit, VIT_IDS, type VitSpec, vitSchema } from './spec';

export const vit: Family<VitSpec> = {
  name: 'vit',
  noun: 'a vision transformer',
  schema: vitSchema,
  designs: VIT_IDS,
  choices: ['group'],
  named: namedVit,
  describe: ({ group, patch, fields, blocks, pooling }) => ({
    words:
      `${group === 'C1' ? 'plain' : group} vision transformer, patches of ${patch}×${patch}, tokens of ${fields} ` +
      `${group === 'C1' ? 'channels' : 'fields'}, ${blocks.length} blocks with ${list(blocks.map(({ heads }) => heads))} heads and ` +
      `${list(blocks.map(({ hidden }) => hidden))} hidden ${group === 'C1' ? 'neurons' : 'fields'}` +
      (pooling ? ', which averages each field at the end' : ''),
    facts: { patch, fields, blocks, ...(pooling && { pooling }) },
  }),
  params: vitParams,
  work: vitWork,
  observed,
  maps: mapsRead,
  actions,
  orders,
  projected,
  units: ['mlp', 'heads'],
  rounding,
  portable,
};

/** Equal numbers once, others all. */
const list = (numbers: readonly number[]): string =>
  (new Set(numbers).size === 1 ? numbers.slice(0, 1) : numbers).join(', ');

function observed({ fields, blocks }: VitSpec): ObservedLayer[] {
  const tokens = (name: string): ObservedLayer => ({ name, kind: 'regular', fields });
  return [
    tokens('patches'),
    ...blocks.flatMap((_, i) => [tokens(`attention${i + 1}`), tokens(`mlp${i + 1}`)]),
    tokens(CLASS_TOKEN),
    { name: 'pooled', kind: 'invariant' },
    { name: 'logits', kind: 'invariant' },
  ];
}

/** Every map of tokens is a dense layer; `all`: the patches' convolution too. */
function rounding(spec: VitSpec, int8: Int8): Rounding<VitSpec> {
  const scaled = (layer: string) => ({ weight: `${layer}.weight`, scale: `${layer}.weight_scale` });
  const patch = {
    ...scaled('patch'),
    bias: 'patch.bias',
    // There is no norm to fold.
    folded: ({ 'patch.weight': { data, shape }, 'patch.bias': bias }: Params) => ({
      weights: data,
      shape,
      bias: bias.data,
    }),
    replaced: [],
  };
  return {
    arch: { ...spec, int8 },
    matrices: [...tokenMaps(spec).map(({ layer }) => scaled(layer)), scaled('head')],
    convolutions: int8.layers === 'all' ? [patch] : [],
  };
}
