/** From a trained network to the same network in 8-bit integers: a model like any other, smaller on disk. */
import { BadInput } from '../errors';
import { type AnyArch, isComparator } from '../families/anyArch';
import type { Int8 } from '../families/gcnn/arch';
import { type AnyModel, type Int8Param, type Model, type Param, requireFloat } from '../nn/model';
import { quantiseConvolution } from './convolution';
import { quantiseMatrix } from './levels';
import { MOST_INPUTS } from './product';

/** What `arch` becomes. Integer filters are grid values whatever they were combined from. */
export function quantiseArch<Arch extends AnyArch>(arch: Arch, int8: Int8): Arch {
  const filters = !isComparator(arch) && int8.layers === 'all' ? { filters: 'grid' } : {};
  return { ...arch, ...filters, int8 };
}

/** Rounds the weights of `int8.layers`. Throws `BadInput` for a network in integers or with too wide a head. */
export function quantiseModel<Arch extends AnyArch>(model: Model<Arch>, int8: Int8): Model<Arch> {
  requireFloat(model);
  const layers = denseLayers(model);
  const widest = Math.max(...layers.map((layer) => model.params[`${layer}.weight`].shape[0]));
  if (widest > MOST_INPUTS) {
    throw new BadInput(
      `A dense layer of this network reads ${widest} numbers, and 32-bit integers can add up ${MOST_INPUTS} products: ` +
        'choose a smaller input or the pooled head.',
    );
  }
  const params: Record<string, Param> = { ...model.params };
  const integers: Record<string, Int8Param> = {};
  for (const layer of layers) {
    const name = `${layer}.weight`;
    const { shape, data } = model.params[name];
    const rounded = quantiseMatrix(data);
    delete params[name];
    integers[name] = { shape, data: rounded.data };
    params[`${layer}.weight_scale`] = { shape: [1], data: Float32Array.of(rounded.scale) };
  }
  const convolutions = int8.layers === 'all' ? convolutionCount(model) : 0;
  for (let index = 1; index <= convolutions; index++) {
    const { weight, shape, scale, bias } = quantiseConvolution(model.arch, model.params, index);
    const fieldsOut = shape[3];
    for (const part of ['scale', 'shift', 'mean', 'variance']) delete params[`norm${index}.${part}`];
    delete params[`conv${index}.weight`];
    integers[`conv${index}.weight`] = { shape, data: weight };
    params[`conv${index}.weight_scale`] = { shape: [fieldsOut], data: scale };
    params[`conv${index}.bias`] = { shape: [fieldsOut], data: bias };
  }
  const provenance = { ...model.provenance, quantised: int8 };
  return { ...model, arch: quantiseArch(model.arch, int8), params, int8: integers, provenance };
}

function denseLayers({ arch }: AnyModel): readonly string[] {
  return isComparator(arch) ? ['dense'] : ['dense1', 'dense2'];
}

/** Convolutions are numbered from 1 in both families. */
function convolutionCount({ params }: AnyModel): number {
  return Object.keys(params).filter((name) => /^conv\d+\.weight$/.test(name)).length;
}
