/**
 * A transformer with its symmetry written out: ordinary matrices [in, out] and numbers for each channel, under the names of
 * what they are made of. All that follows knows no group but for what is made of fields at the end; and but for the maps of
 * tokens, where the engine has something faster than matrices that repeat themselves (`mapsInFields`): their floats stay as
 * they are stored, [F′, |G|, F] and a number for each field. (An opened network has them transformed once.)
 */
import type { Tensors } from '../../nn/live';
import { expandFilters } from '../../nn/ops/expand';
import { perChannel } from '../../nn/ops/fieldNorm';
import { mapsInFields } from '../../nn/ops/tokens/fieldLinear';
import * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { mapShape, patchShape, positionShape, tokenMaps, vitNorms } from './layout';
import type { VitSpec } from './spec';

/** Every tensor, expanded and differentiable; weights that are stored as integers are left out. */
export function expandVit(spec: VitSpec, params: Tensors): Tensors {
  const { order } = GROUPS[spec.group];
  const out: Record<string, tf.Tensor> = {
    'head.bias': params['head.bias'],
    ...(params['head.weight'] && { 'head.weight': params['head.weight'] }),
  };
  const perField = (name: string): void => {
    out[name] = perChannel(params[name] as tf.Tensor1D, order);
  };
  const matrix = (name: string, shape: FilterShape): void => {
    if (!params[name]) return;
    const bank = expandFilters(params[name], shape, 'grid');
    out[name] = tf.reshape(bank, [-1, bank.shape[3]]);
  };
  matrix('patch.weight', patchShape(spec));
  matrix('position.token', positionShape(spec));
  for (const name of ['patch.bias', 'class.token']) perField(name);
  const inFields = mapsInFields(spec.group);
  for (const map of tokenMaps(spec)) {
    const [weight, bias] = [`${map.layer}.weight`, `${map.layer}.bias`];
    if (inFields && params[weight]) {
      for (const name of [weight, bias]) out[name] = params[name];
    } else {
      matrix(weight, mapShape(spec, map));
      perField(bias);
    }
  }
  for (const norm of vitNorms(spec)) for (const part of ['scale', 'shift']) perField(`${norm}.${part}`);
  return out;
}
