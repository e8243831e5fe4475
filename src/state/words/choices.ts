/** What can be chosen of a pruning, each in a sentence: shown beside the choice, for whoever cannot hover. */
import type { CriterionId } from '../../lab/prune/criteria';
import type { FieldCompensation } from '../../lab/prune/fields/choice';
import type { Compensation } from '../../lab/prune/neurons/compensate';
import type { Scope } from '../../lab/train/settings';
import type { Target } from '../fields/fields';

export const CRITERION_SENTENCES: Readonly<Record<CriterionId, string>> = {
  l2: 'the size of the incoming weights, as the root of the sum of their squares; the paper’s.',
  variance:
    'how much the activation differs from training tile to training tile; what never changes says nothing.',
  taylor: 'how much the loss on training tiles would change without it, to first order.',
  'geometric-median': 'how far the weights are from those of all others, which could stand in.',
  l1: 'the size of the incoming weights, as the sum of their absolute values.',
  random: 'an order drawn from the seed: what pruning costs where nothing is chosen.',
};

export const COMPENSATION_SENTENCES: Readonly<Record<Compensation, string>> = {
  none: 'removed neurons are simply gone.',
  mean: 'each removed neuron is replaced by its mean over the training tiles: b₂ takes up W₂ times the mean.',
  ridge:
    'each removed neuron is replaced by what the kept ones predict of it on the training tiles: W₂ and b₂ take that up.',
};

export const FIELD_COMPENSATION_SENTENCES: Readonly<Record<FieldCompensation, string>> = {
  none: 'removed fields are simply gone.',
  mean: 'each removed field is replaced by its mean over the training tiles, in the next layer’s bias.',
  norms: 'means and variances of the norms are measured anew on training tiles.',
};

export const SCOPE_SENTENCES: Readonly<Record<Scope, string>> = {
  output: 'the output layer alone learns; hidden neurons and convolutions stay.',
  head: 'both dense layers learn; the convolutions stay.',
  network: 'all weights learn, those of the convolutions too.',
};

export const TARGET_SENTENCES: Readonly<Record<Target, string>> = {
  ratio: 'the same share of the fields of every layer goes.',
  params: 'fields are ranked across layers until that share of the parameters is gone.',
  macs: 'fields are ranked across layers until that share of the multiply-adds is gone.',
  latency: 'fields are ranked across layers until a pass takes that much less time, measured here.',
};
