/**
 * Consistency of features: the mean of (φ(g·x) − g·φ(x))² over all numbers of the last maps, whose channels are taken in
 * fields of |G| (fieldAction.ts). With channels that stay in their places only symmetric kernels would survive. Of several
 * maps, as a transformer has them (its patches' tokens, and its class token as a map of one place), each has its own mean, and
 * R is the mean of those: else the many numbers of one would hide the few of another.
 */
import { BadInput } from '../../errors';
import { permute } from '../../nn/ops/permute';
import * as tf from '../../runtime/tf';
import { mapSource } from '../fieldAction';
import type { Penalty } from './penalty';
import { noMaps } from './refusals';

export const features: Penalty = {
  title: 'consistency of the features',
  turnsTiles: true,
  prepare: (arch, group) => {
    const tables = new Map<string, Int32Array[]>();
    const sourcesFor = (size: number, channels: number): readonly Int32Array[] => {
      const key = `${size}/${channels}`;
      const sources = tables.get(key) ?? group.elements.map((_, k) => mapSource(size, channels, group, k));
      tables.set(key, sources);
      return sources;
    };
    return ({ answers }) => {
      const { upright, turned, elements } = answers!;
      const [before, after] = [upright.maps?.(), turned.maps?.()];
      if (!before || !after) throw new BadInput(noMaps(arch));
      const each = before.map((maps, i) => {
        const [, size, , channels] = maps.shape;
        const expected = actOnMaps(maps, sourcesFor(size, channels), elements);
        return tf.mean(tf.square(tf.sub(after[i], expected))) as tf.Scalar;
      });
      return tf.div(
        each.reduce((sum, one) => tf.add(sum, one) as tf.Scalar),
        each.length,
      ) as tf.Scalar;
    };
  },
};

/** Every tile's maps [N, s, s, C] under its own element, differentiable. */
export function actOnMaps(
  maps: tf.Tensor4D,
  sources: readonly Int32Array[],
  elements: ArrayLike<number>,
): tf.Tensor4D {
  const each = sources[0].length;
  const all = new Int32Array(elements.length * each);
  for (let n = 0; n < elements.length; n++) {
    const source = sources[elements[n]];
    for (let i = 0; i < each; i++) all[n * each + i] = n * each + source[i];
  }
  return tf.reshape(permute(tf.reshape(maps, [-1]), all, 0), maps.shape) as tf.Tensor4D;
}
