/** A random order, seeded: the yardstick every criterion has to beat. */
import { uniform } from '../../random';
import type { Criterion } from './criterion';

export const random: Criterion = {
  id: 'random',
  title: 'random order',
  from: 'weights',
  source: 'baseline',
  saliency: ({ filters, seed }) => {
    const next = uniform(seed, 'random saliency');
    return Float64Array.from({ length: filters.units }, () => next());
  },
};
