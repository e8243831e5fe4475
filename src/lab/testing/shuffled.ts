/** A plain network whose channels lie in an order drawn by chance, with the same answers. */
import { reordered } from '../adapt/arrange';
import { familyOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import { permutation } from '../random';

export function shuffledChannels<Arch extends AnyArch>(model: Model<Arch>, seed: number): Model<Arch> {
  let { params } = model;
  familyOf(model.arch).orders!(model.arch).forEach((free, i) => {
    params = reordered(params, free, permutation(free.count, seed, i));
  });
  return { ...model, params };
}
