/**
 * Making up for removed fields by their means, one number per field (science §5): the next convolution's bias takes up
 * μ_f · Σ W[f′, f] over orientations and positions, the head's takes up μ_f · Σ_pos W₁[f, pos]. All orientations of a
 * filter have the same sum, so the network stays equivariant; at the border, where padding leaves part of the kernel
 * without input, the sum says a little too much, in every orientation alike.
 */

import { gridFilters } from '../../families/gcnn/folded';
import { blockLayouts } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Param } from '../../nn/model';
import type { UnitStatistics } from '../units/statistics';
import { removedUnits } from '../units/units';
import { headRows, type KeptFields } from './extract';

/** The model, still unshrunk, with the biases behind the removed fields adjusted. statistics: by block. */
export function compensateByMean(
  model: GcnnModel,
  kept: KeptFields,
  statistics: readonly Pick<UnitStatistics, 'mean'>[],
): GcnnModel {
  const params: Record<string, Param> = { ...model.params };
  kept.forEach((fields, i) => {
    const { mean } = statistics[i];
    const removed = removedUnits(fields, mean.length);
    const name = i + 1 < kept.length ? `conv${i + 2}.bias` : 'dense1.bias';
    const sums = i + 1 < kept.length ? convolutionSums(model, i + 2, removed) : headSums(model, removed);
    const bias = Float64Array.from(params[name].data);
    removed.forEach((field, row) => {
      for (let o = 0; o < bias.length; o++) bias[o] += mean[field] * sums[row * bias.length + o];
    });
    params[name] = { shape: params[name].shape, data: Float32Array.from(bias) };
  });
  return { ...model, params };
}

/** Σ over positions and orientations of the weights from each given field to each field of block `index`. */
function convolutionSums({ arch, params }: GcnnModel, index: number, fields: Uint32Array): Float64Array {
  const { fieldsIn, sizeIn, fieldsOut } = blockLayouts(arch)[index - 1].filter;
  const { data: grid } = gridFilters(arch, params, index);
  const perPosition = fieldsIn * sizeIn * fieldsOut;
  const sums = new Float64Array(fields.length * fieldsOut);
  fields.forEach((field, row) => {
    for (let start = 0; start < grid.length; start += perPosition) {
      for (let i = 0; i < sizeIn * fieldsOut; i++) {
        sums[row * fieldsOut + (i % fieldsOut)] += grid[start + field * sizeIn * fieldsOut + i];
      }
    }
  });
  return sums;
}

/** Σ over positions of the weights from each given field to each hidden neuron. */
function headSums(model: GcnnModel, fields: Uint32Array): Float64Array {
  const { data, shape } = model.params['dense1.weight'];
  const hidden = shape[1];
  const sums = new Float64Array(fields.length * hidden);
  headRows(model, fields).forEach((row, i) => {
    const to = (i % fields.length) * hidden;
    for (let h = 0; h < hidden; h++) sums[to + h] += data[row * hidden + h];
  });
  return sums;
}
