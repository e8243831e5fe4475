/**
 * The equivariance error of each layer: max |f(g·x) − g·f(x)| / max |f(x)| over the elements of the network's
 * group (of C4 for a plain network, whose channels are taken as they stand).
 * Rules, by what the family says a layer leaves (families/family.ts): a regular field, (k·x)[f, g] = k·(x[f, k⁻¹g]);
 * maps that only turn; numbers that should not change at all, as hidden activations and logits.
 */

import type { ObservedLayer } from '../families/family';
import { openClassifier } from '../families/networks';
import { familyOf } from '../families/registry';
import { requireFinite } from '../finite';
import type { AnyArch } from '../nn/arch';
import type { RunModel } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import { type Element, GROUPS, type Group, type GroupName } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { largestDifference, largestOf } from './difference';

export interface LayerError {
  readonly layer: string;
  /** Largest relative error over the group's elements. */
  readonly max: number;
}

/** The same before it is divided: a layer that is nearly all zero has rounding errors of what it was computed from. */
export interface LayerDifference {
  readonly layer: string;
  /** max |f(g·x) − g·f(x)| over the group's elements. */
  readonly difference: number;
  /** max |f(x)|. */
  readonly range: number;
}

type Layer = ObservedLayer & {
  readonly shape: readonly number[];
  readonly data: Float32Array;
};

/** tiles: N × size × size × channels, normalised. */
export async function equivarianceErrors(model: RunModel, tiles: Float32Array): Promise<LayerError[]> {
  const layers = await layerDifferences(model, tiles);
  return layers.map(({ layer, difference, range }) => ({
    layer,
    max: difference / (range === 0 ? 1 : range),
  }));
}

/** The group that permutes the channels of a network's fields; undefined for a plain network, whose channels are taken as they stand. */
const actingOn = (arch: AnyArch): GroupName | undefined =>
  familyOf(arch).acting?.(arch) ?? (arch.group === 'C1' ? undefined : arch.group);

/** The group whose elements turn a network's layers when its equivariance error is measured. */
export const turnedUnder = (arch: AnyArch): GroupName => actingOn(arch) ?? 'C4';

/** tiles: N × size × size × channels, normalised. */
export async function layerDifferences(model: RunModel, tiles: Float32Array): Promise<LayerDifference[]> {
  const { size, channels } = model.arch.input;
  const acting = actingOn(model.arch);
  const group = GROUPS[turnedUnder(model.arch)];
  const upright = await layersOf(model, tiles);
  const worst = new Float64Array(upright.length);
  for (let k = 1; k < group.order; k++) {
    await breathe();
    const turned = await layersOf(model, turnPictures(tiles, size, channels, group.elements[k]));
    upright.forEach((layer, i) => {
      const expected = transformLayer(layer, acting !== undefined, group, k);
      worst[i] = Math.max(worst[i], largestDifference(turned[i].data, expected));
    });
  }
  return upright.map(({ name, data }, i) => ({ layer: name, difference: worst[i], range: largestOf(data) }));
}

async function layersOf(model: RunModel, tiles: Float32Array): Promise<Layer[]> {
  const { size, channels } = model.arch.input;
  const network = openClassifier(model);
  const known = new Map(
    familyOf(model.arch)
      .observed(model.arch)
      .map((layer) => [layer.name, layer]),
  );
  const seen: { layer: ObservedLayer; tensor: tf.Tensor }[] = [];
  const see = (name: string, tensor: tf.Tensor) =>
    seen.push({ layer: known.get(name)!, tensor: tf.keep(tf.clone(tensor)) });
  try {
    tf.tidy(() => {
      const x = tf.tensor4d(tiles, [tiles.length / (size * size * channels), size, size, channels]);
      network.logits(x, see);
    });
    return await Promise.all(
      seen.map(async ({ layer, tensor }) => ({
        ...layer,
        shape: tensor.shape,
        data: requireFinite(
          Float32Array.from((await tensor.data()) as Float32Array),
          `What layer ${layer.name} leaves`,
        ),
      })),
    );
  } finally {
    tf.dispose(seen.map(({ tensor }) => tensor));
    network.dispose();
  }
}

/** g·f(x), by the rule for the layer's kind. */
function transformLayer(
  { kind, shape, data }: Layer,
  hasGroup: boolean,
  group: Group,
  k: number,
): Float32Array {
  if (kind === 'invariant') return data;
  const [, size, , channels] = shape;
  const turned = turnPictures(data, size, channels, group.elements[k]);
  // A plain network's channels are taken as they stand.
  const regular = kind === 'regular' && hasGroup;
  return regular ? permuteOrientations(turned, group, k) : turned;
}

/** out[…, f, g] = x[…, f, k⁻¹g]. */
export function permuteOrientations(data: Float32Array, group: Group, k: number): Float32Array {
  const out = new Float32Array(data.length);
  const source = group.elements.map((_: Element, g) => group.multiply[group.inverse[k]][g]);
  for (let start = 0; start < data.length; start += group.order) {
    for (let g = 0; g < group.order; g++) out[start + g] = data[start + source[g]];
  }
  return out;
}
