/** Variance of each unit's activation after ReLU: a unit that never changes carries no information (VBP). */
import type { Criterion } from './criterion';

export const variance: Criterion = {
  id: 'variance',
  title: 'variance of the activation',
  from: 'answers',
  source: 'arXiv 2507.12988',
  saliency: ({ statistics }) => Float64Array.from(statistics.variance),
};
