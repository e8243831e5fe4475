/**
 * Distance of the weights from the equivariant ones: Σ ‖W − P(W)‖² over all trained parameters on which the group acts, P
 * the mean over the group (fieldAction.ts). P is an orthogonal projection, so the gradient is 2(W − P(W)). It costs no
 * forward pass (arXiv 2601.05028).
 */
import { paramLayouts } from '../../families/layout';
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';
import { actionOn } from '../fieldAction';
import type { Penalty } from './penalty';
import { actionsOf } from './refusals';

export const weights: Penalty = {
  title: 'distance of the weights from equivariant ones',
  turnsTiles: false,
  prepare: (arch, group) => {
    const actions = actionsOf(arch);
    if ('refusal' in actions) throw new RangeError(actions.refusal);
    const trained = new Map(
      paramLayouts(arch).flatMap((each) => (each.role === 'trained' ? [[each.name, each]] : [])),
    );
    const acted = actions.flatMap(({ name, axes }) => {
      const layout = trained.get(name);
      if (!layout) return [];
      const sources = group.elements.map((_, k) => actionOn(layout.shape, axes, group, k));
      return [{ name, source: joined(sources) }];
    });
    return ({ params }) =>
      acted
        .map(({ name, source }) => distance(params[name], source, group.order))
        // Two by two: of many tensors tfjs's WebGPU program would have more buffers than there may be.
        .reduce((sum, each) => tf.add(sum, each) as tf.Scalar);
  },
};

/** W − P(W), for flat W: the mean over |G| rows of places, where each number of k·W comes from. */
const offKernel: HostKernel = {
  name: 'OrbitOffProjection',
  shapes: ([weight]) => [[...weight]],
  compute: ([weight, source], [off], { order }) => {
    const { length } = weight;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let at = i; at < source.length; at += length) sum += weight[source[at]];
      off[i] = weight[i] - sum / Number(order);
    }
  },
};
registerHostKernel(offKernel);

/** As floats, which kernels read: there are far fewer than 2²⁴ places. */
function joined(sources: readonly Int32Array[]): Float32Array {
  const out = new Float32Array(sources.length * sources[0].length);
  sources.forEach((source, k) => {
    out.set(source, k * source.length);
  });
  return out;
}

/** ‖W − P(W)‖². */
function distance(weight: tf.Tensor, source: Float32Array, order: number): tf.Scalar {
  return tf.customGrad((input, save) => {
    const off = offProjection(tf.reshape(input as tf.Tensor, [-1]), source, order);
    (save as tf.GradSaveFunc)([off]);
    return {
      value: tf.sum(tf.square(off)),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.reshape(tf.mul(tf.mul(saved, 2), dy), weight.shape),
    };
  })(weight) as tf.Scalar;
}

function offProjection(flat: tf.Tensor, source: Float32Array, order: number): tf.Tensor {
  if (canRun(offKernel)) return runHostKernel(offKernel, [flat, tf.tensor1d(source)], { order })[0];
  const copies = tf.gather(flat, tf.tensor1d(Int32Array.from(source), 'int32'));
  return tf.sub(flat, tf.mean(tf.reshape(copies, [order, -1]), 0));
}
