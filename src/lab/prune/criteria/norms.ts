/** L2 and L1 norms of each unit's incoming weights, bias excluded (EASP, Algorithm 1). */
import type { UnitFilters } from '../units/filters';
import type { Criterion } from './criterion';

export const l2: Criterion = {
  id: 'l2',
  title: 'L2 norm of the incoming weights',
  from: 'weights',
  source: 'arXiv 2511.17242, Algorithm 1',
  saliency: ({ filters }) => sums(filters, (w) => w * w).map(Math.sqrt),
};

export const l1: Criterion = {
  id: 'l1',
  title: 'L1 norm of the incoming weights',
  from: 'weights',
  source: 'Li et al. 2017, "Pruning filters for efficient ConvNets"',
  saliency: ({ filters }) => sums(filters, Math.abs),
};

/** Σ f(weight) of each pattern. */
function sums({ units, width, patterns }: UnitFilters, f: (weight: number) => number): Float64Array {
  const totals = new Float64Array(units);
  for (let i = 0; i < patterns.length; i++) totals[Math.floor(i / width)] += f(patterns[i]);
  return totals;
}
