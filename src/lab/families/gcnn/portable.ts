/** How a network of group convolutions is taken along: expanded to ordinary convolutions, with a script that runs it. */
import type { Portable } from '../family';
import type { ArchSpec } from './arch';
import { type PlainConfig, plainNetwork, plainTensors } from './plain';
import { scriptFor } from './script';

export const portable: Portable<ArchSpec, PlainConfig> = {
  network: plainNetwork,
  tensors: plainTensors,
  script: (pattern, { input }) => scriptFor(pattern, input.bands !== undefined),
  title: ({ id, group, head }) =>
    `${id}: ${group === 'C1' ? 'no symmetry group' : `group ${group}`}, ${head.kind} head with ${head.hidden} hidden neurons`,
  steps: ({ config }) => stepsOf(config),
};

function stepsOf({ blocks, orientations, head, turns, int8 }: PlainConfig): string {
  const pooled = blocks.map(({ pool }, i) => (pool ? i + 1 : 0)).filter((i) => i > 0);
  const steps = [
    `Convolutions 1 to ${blocks.length}, each with stride 1, zero padding of k // 2, its bias, and ReLU` +
      `${pooled.length > 0 ? `; after convolution ${pooled.join(', ')} a 2×2 max-pooling` : ''}. The filters are expanded and batch norm is folded in: nothing but ordinary convolutions is left.`,
    ...(orientations > 1
      ? [
          `Group pooling: the ${head === 'averaged' ? 'mean' : 'maximum'} over each ${orientations} neighbouring channels (channel = field · ${orientations} + orientation).`,
        ]
      : []),
    head === 'pooled' || head === 'averaged'
      ? 'The mean of each channel over the map.'
      : 'The map flattened in the order (channel, y, x), as `flatten` does in PyTorch.',
    ...(turns.length > 1
      ? [
          `\`dense1\` on the map in ${turns.length} orientations (quarter turns counter-clockwise: ${turns.map(([quarters, flip]) => `${quarters}${flip ? ' after a flip left to right' : ''}`).join(', ')}), and the largest response of each neuron; then ReLU. That is what makes the answer the same however the picture is turned.`,
        ]
      : ['`dense1`, ReLU.']),
    '`dense2` gives the logits; softmax of them the probabilities.',
  ];
  const integers =
    int8 === null
      ? ''
      : `\n\nWeights of type I8 stand for themselves times \`weight_scale\`. The dense layers round their inputs to 128 levels between the smallest and the largest (of one picture), as dynamic quantisation in PyTorch does${int8 === 'all' ? '; the convolutions compute in floats' : ''}.`;
  return `${steps.map((step, i) => `${i + 1}. ${step}`).join('\n')}${integers}\n\nLayouts are PyTorch's: filters [out, in, k, k], dense layers [out, in].`;
}
