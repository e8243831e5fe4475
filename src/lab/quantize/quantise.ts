/** From a trained network to the same network in 8-bit integers: a model like any other, smaller on disk. */
import { BadInput } from '../errors';
import { familyOf } from '../families/registry';
import type { AnyArch, Int8 } from '../nn/arch';
import { type Int8Param, type Model, type Param, requireFloat } from '../nn/model';
import { MOST_INPUTS } from '../nn/ops/int8Product';
import { quantiseMatrix } from '../nn/ops/levels';
import { quantiseConvolution } from './convolution';

/** What `arch` becomes. Throws `BadInput` where its family has no such form. */
export function quantiseArch<Arch extends AnyArch>(arch: Arch, int8: Int8): Arch {
  return familyOf(arch).rounding(arch, int8).arch as Arch;
}

/**
 * Rounds the weights of `int8.layers`. Throws `BadInput` for a network in integers, with too wide a head, or of a family
 * that has no such form.
 */
export function quantiseModel<Arch extends AnyArch>(model: Model<Arch>, int8: Int8): Model<Arch> {
  requireFloat(model);
  const { matrices, convolutions } = familyOf(model.arch).rounding(model.arch, int8);
  const widest = Math.max(...matrices.map(({ weight }) => model.params[weight].shape[0]));
  if (widest > MOST_INPUTS) {
    throw new BadInput(
      `A dense layer of this network reads ${widest} numbers, and 32-bit integers can add up ${MOST_INPUTS} products: ` +
        'choose a smaller input or the pooled head.',
    );
  }
  const params: Record<string, Param> = { ...model.params };
  const integers: Record<string, Int8Param> = {};
  for (const names of matrices) {
    const { shape, data } = model.params[names.weight];
    const rounded = quantiseMatrix(data);
    delete params[names.weight];
    integers[names.weight] = { shape, data: rounded.data };
    params[names.scale] = { shape: [1], data: Float32Array.of(rounded.scale) };
  }
  for (const { folded, replaced, ...names } of convolutions) {
    const { weight, shape, scale, bias } = quantiseConvolution(folded(model.params));
    const outputs = [shape.at(-1)!];
    for (const name of [...replaced, names.weight]) delete params[name];
    integers[names.weight] = { shape, data: weight };
    params[names.scale] = { shape: outputs, data: scale };
    params[names.bias] = { shape: outputs, data: bias };
  }
  const provenance = { ...model.provenance, quantised: int8 };
  return { ...model, arch: quantiseArch(model.arch, int8), params, int8: integers, provenance };
}
