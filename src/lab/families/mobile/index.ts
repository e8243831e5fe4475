/** The comparators of Table V: MobileNet-V2 and EfficientNet-Lite0. */
import type { Int8 } from '../../nn/arch';
import type { Params } from '../../nn/model';
import { foldNorm, normNames } from '../../nn/norm';
import type { Family, ObservedLayer, Rounding } from '../family';
import { actions, orders, projected } from './actions';
import { mobileBlocks, mobileLayers, mobileParams, mobileWork } from './layout';
import { COMPARATOR_IDS, type MobileSpec, mobileSchema, namedComparator } from './spec';

export const mobile: Family<MobileSpec> = {
  name: 'mobile',
  noun: 'a comparator',
  schema: mobileSchema,
  designs: COMPARATOR_IDS,
  choices: [],
  named: namedComparator,
  describe: ({ stem, features }) => ({
    words: `plain comparator, first stride ${stem.stride}, ${features} pooled features, one dense layer`,
    facts: { stem },
  }),
  params: mobileParams,
  work: mobileWork,
  observed,
  actions,
  orders,
  projected,
  units: {
    refusal:
      'a comparator with a single dense layer: it has no hidden neurons to show, remove or fine-tune. It can be ' +
      'trained, quantised and evaluated; for pruning, or as a teacher, choose a network with a hidden layer',
  },
  rounding,
  portable: {
    refusal:
      "a comparator: only networks of the lab's own kind can be taken along with a script that runs them. Save its " +
      'file as it is, write it as ONNX, or choose another network',
  },
};

function observed(spec: MobileSpec): ObservedLayer[] {
  return [
    ...mobileBlocks(spec).map(({ name }) => ({ name, kind: 'map' as const })),
    { name: 'pooled', kind: 'invariant' },
    { name: 'logits', kind: 'invariant' },
  ];
}

function rounding(spec: MobileSpec, int8: Int8): Rounding<MobileSpec> {
  const convolutions = mobileLayers(spec).map(({ index }) => {
    const weight = `conv${index}.weight`;
    const norm = normNames(`norm${index}`);
    return {
      weight,
      scale: `conv${index}.weight_scale`,
      bias: `conv${index}.bias`,
      folded: (params: Params) => foldNorm(params[weight], params, norm),
      replaced: Object.values(norm),
    };
  });
  return {
    arch: { ...spec, int8 },
    matrices: [{ weight: 'dense.weight', scale: 'dense.weight_scale' }],
    convolutions: int8.layers === 'all' ? convolutions : [],
  };
}
