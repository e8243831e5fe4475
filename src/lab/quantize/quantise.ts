/** From a trained network to the same network in 8-bit integers: a model like any other, smaller on disk. */
import { BadInput } from '../errors';
import type { ArchSpec, Int8 } from '../nn/arch';
import { blockLayouts, headInputs } from '../nn/layout';
import { type Int8Param, type Model, type Param, requireFloat } from '../nn/model';
import { quantiseConvolution } from './convolution';
import { quantiseMatrix } from './levels';
import { MOST_INPUTS } from './product';

/** What `arch` becomes. Integer filters are grid values whatever they were combined from. */
export function quantisedArch(arch: ArchSpec, int8: Int8): ArchSpec {
  return { ...arch, filters: int8.layers === 'all' ? 'grid' : arch.filters, int8 };
}

/** Rounds the weights of `int8.layers`. Throws `BadInput` for a network in integers or with too wide a head. */
export function quantiseModel(model: Model, int8: Int8): Model {
  requireFloat(model);
  const widest = Math.max(headInputs(model.arch), model.arch.head.hidden);
  if (widest > MOST_INPUTS) {
    throw new BadInput(
      `A dense layer of this network reads ${widest} numbers, and 32-bit integers can add up ${MOST_INPUTS} products: ` +
        'choose a smaller input or the pooled head.',
    );
  }
  const params: Record<string, Param> = { ...model.params };
  const integers: Record<string, Int8Param> = {};
  for (const layer of ['dense1', 'dense2']) {
    const name = `${layer}.weight`;
    const { shape, data } = model.params[name];
    const rounded = quantiseMatrix(data);
    delete params[name];
    integers[name] = { shape, data: rounded.data };
    params[`${layer}.weight_scale`] = { shape: [1], data: Float32Array.of(rounded.scale) };
  }
  const blocks = int8.layers === 'all' ? blockLayouts(model.arch) : [];
  for (const block of blocks) {
    const { index, filter } = block;
    const { fieldsIn, sizeIn, fieldsOut } = filter;
    const positions = filter.positions?.length ?? filter.kernel ** 2;
    const { weight, scale, bias } = quantiseConvolution(model.arch, model.params, block);
    for (const part of ['scale', 'shift', 'mean', 'variance']) delete params[`norm${index}.${part}`];
    delete params[`conv${index}.weight`];
    integers[`conv${index}.weight`] = { shape: [positions, fieldsIn, sizeIn, fieldsOut], data: weight };
    params[`conv${index}.weight_scale`] = { shape: [fieldsOut], data: scale };
    params[`conv${index}.bias`] = { shape: [fieldsOut], data: bias };
  }
  const provenance = { ...model.provenance, quantised: int8 };
  return { ...model, arch: quantisedArch(model.arch, int8), params, int8: integers, provenance };
}
