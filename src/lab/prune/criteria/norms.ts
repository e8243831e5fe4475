/** L2 and L1 norms of each hidden neuron's incoming weights, bias excluded (EASP, Algorithm 1). */
import type { Model } from '../../nn/model';
import type { Criterion } from './criterion';

export const l2: Criterion = {
  id: 'l2',
  title: 'L2 norm of the incoming weights',
  source: 'arXiv 2511.17242, Algorithm 1',
  saliency: ({ model }) => columnSums(model, (w) => w * w).map(Math.sqrt),
};

export const l1: Criterion = {
  id: 'l1',
  title: 'L1 norm of the incoming weights',
  source: 'Li et al. 2017, "Pruning filters for efficient ConvNets"',
  saliency: ({ model }) => columnSums(model, Math.abs),
};

/** Σ over inputs of f(weight), per hidden neuron. */
function columnSums(model: Model, f: (weight: number) => number): Float64Array {
  const { data, shape } = model.params['dense1.weight'];
  const units = shape[1];
  const sums = new Float64Array(units);
  for (let i = 0; i < data.length; i++) sums[i % units] += f(data[i]);
  return sums;
}
