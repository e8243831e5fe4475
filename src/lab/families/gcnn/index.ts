/**
 * Networks of group convolutions, then a head with hidden neurons: what the lab is about. Its architectures do not say
 * their family, for it was here first.
 */
import type { Int8 } from '../../nn/arch';
import type { Params } from '../../nn/model';
import { normNames } from '../../nn/norm';
import type { Family, ObservedLayer, Rounding } from '../family';
import { actions, orders, projected } from './actions';
import { type ArchSpec, archSchema } from './arch';
import { foldedFilters } from './folded';
import { DENSE_LAYERS, gcnnParams, gcnnWork } from './layout';
import { portable } from './portable';
import { ARCH_IDS, namedArch } from './zoo';

export const gcnn: Family<ArchSpec> = {
  name: 'gcnn',
  noun: 'a network of group convolutions',
  schema: archSchema,
  designs: ARCH_IDS,
  choices: ['group', 'head', 'hidden'],
  named: namedArch,
  describe: ({ group, filters, head }) => ({
    words: `${group}, ${filters} filters, ${head.kind} head with ${head.hidden} hidden neurons`,
    facts: { head },
  }),
  params: gcnnParams,
  work: gcnnWork,
  observed,
  actions,
  orders,
  projected,
  units: ['neuron', 'field', 'orbit'],
  rounding,
  portable,
};

function observed({ blocks }: ArchSpec): ObservedLayer[] {
  return [
    ...blocks.map(({ fields }, i) => ({ name: `block${i + 1}`, kind: 'regular' as const, fields })),
    { name: 'group pooling', kind: 'map' },
    { name: 'hidden', kind: 'invariant' },
    { name: 'logits', kind: 'invariant' },
  ];
}

/** Integer filters are grid values, whatever they were combined from. */
function rounding(arch: ArchSpec, int8: Int8): Rounding<ArchSpec> {
  const matrices = DENSE_LAYERS.map((layer) => ({
    weight: `${layer}.weight`,
    scale: `${layer}.weight_scale`,
  }));
  if (int8.layers === 'dense') return { arch: { ...arch, int8 }, matrices, convolutions: [] };
  const convolutions = arch.blocks.map((_, i) => ({
    weight: `conv${i + 1}.weight`,
    scale: `conv${i + 1}.weight_scale`,
    bias: `conv${i + 1}.bias`,
    folded: (params: Params) => foldedFilters(arch, params, i + 1),
    replaced: Object.values(normNames(`norm${i + 1}`)),
  }));
  return { arch: { ...arch, filters: 'grid', int8 }, matrices, convolutions };
}
