/** How a transformer is taken along: expanded to ordinary matrices, with a script that runs it. */
import type { Portable } from '../family';
import { plainVit, type VitConfig, vitTensors } from './plain';
import { vitScript } from './script';
import type { VitSpec } from './spec';

export const portable: Portable<VitSpec, VitConfig> = {
  network: plainVit,
  tensors: vitTensors,
  script: (pattern, { input }) => vitScript(pattern, input.bands !== undefined),
  title: ({ id, group, blocks }) =>
    `${id}: vision transformer of ${blocks.length} blocks, ${group === 'C1' ? 'no symmetry group' : `group ${group}`}`,
  steps: ({ config }) => stepsOf(config),
};

function stepsOf({ patch, heads, orientations, pooling, int8, range }: VitConfig): string {
  const steps = [
    `Patches of ${patch}×${patch} pixels, each to a token by the convolution \`patch\` (its stride is its kernel); plus \`position.token\`, row by row from the top left.`,
    'In front of them `class.token`.',
    `${heads.length} blocks. Each adds to every token what attention gives: \`norm1\` (layer norm, ε 1e-6), \`qkv\`, then for each head softmax(q·kᵀ/√d)·v, then \`proj\` (heads in the blocks: ${heads.join(', ')}); and then what the MLP gives: \`norm2\`, \`fc1\`, GELU (exact, by erf), \`fc2\`.`,
    '`norm` of the class token.',
    ...(orientations > 1
      ? [
          `The ${pooling === 'mean' ? 'mean' : 'maximum'} over each ${orientations} neighbouring channels (channel = field · ${orientations} + orientation). That is what makes the answer the same however the picture is turned.`,
        ]
      : []),
    '`head` gives the logits; softmax of them the probabilities.',
  ];
  const integers =
    int8 === null
      ? ''
      : `\n\nWeights of type I8 stand for themselves times \`weight_scale\`. Maps of tokens round their inputs to 128 levels between the smallest and the largest of ${range === 'tile' ? 'each token' : 'all tokens of a call'}, as dynamic quantisation in PyTorch does${int8 === 'all' ? '; the patches are computed in floats' : ''}.`;
  return `${steps.map((step, i) => `${i + 1}. ${step}`).join('\n')}${integers}\n\nLayouts are PyTorch's: filters [out, in, k, k], dense layers [out, in].`;
}
