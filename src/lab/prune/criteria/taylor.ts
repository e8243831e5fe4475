/**
 * First-order Taylor expansion of the loss: removing a unit changes a tile's loss by about |Σ a·∂L/∂a|, the sum over
 * the positions and orientations of its activation; the mean of that over training tiles.
 */
import type { Criterion } from './criterion';

export const taylor: Criterion = {
  id: 'taylor',
  title: 'first-order change of the loss',
  from: 'answers',
  source: 'Molchanov et al. 2017, "Pruning convolutional neural networks for resource efficient inference"',
  saliency: ({ statistics }) => Float64Array.from(statistics.taylor),
};
