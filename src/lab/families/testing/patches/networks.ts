/** How classifiers of patches run. */
import { type Tensors, uploadParams } from '../../../nn/live';
import { convolveInput } from '../../../nn/ops/convolution';
import { fieldMoments, normClip, RELU } from '../../../nn/ops/fieldNorm';
import { NORM_EPSILON } from '../../../nn/ops/fieldNormLoops';
import { openInt8Product } from '../../../nn/ops/int8Product';
import { multiply } from '../../../nn/ops/matmul';
import * as tf from '../../../runtime/tf';
import type { Networks } from '../../family';
import { type PatchesSpec, STRIDE } from '.';

export const patchesNetworks: Networks<PatchesSpec> = {
  trainee: (spec) => ({
    last: { width: spec.width, dropout: spec.dropout },
    train: (params, x, mask) => {
      const response = look(spec, params, x);
      const batch = fieldMoments(response, 1);
      const value = normClip(
        response,
        vector(params, 'level.gain'),
        vector(params, 'level.lift'),
        batch,
        RELU,
      );
      const mean = meanOf(value);
      return {
        logits: say(params, mask ? (tf.mul(mean, mask) as tf.Tensor2D) : mean),
        moments: [
          {
            ...batch,
            count: response.size / spec.width,
            running: { mean: 'level.centre', variance: 'level.spread' },
          },
        ],
        maps: () => [value],
      };
    },
    open: (params) => ({
      logits: (x) => say(params, meanOf(levelled(params, look(spec, params, x)))),
      dispose: () => {},
    }),
  }),

  open: ({ arch, params, int8 }) => {
    const tensors = uploadParams(params);
    const integers =
      arch.int8 && openInt8Product(int8!['say.kernel'], params['say.step'].data[0], arch.int8.range);
    return {
      logits: (x, observe) =>
        tf.tidy(() => {
          const value = levelled(tensors, look(arch, tensors, x));
          observe?.('looks', value);
          const mean = meanOf(value);
          observe?.('mean look', mean);
          const logits = integers
            ? (tf.add(integers.product(mean), tensors['say.offset']) as tf.Tensor2D)
            : say(tensors, mean);
          observe?.('says', logits);
          return logits;
        }),
      dispose: () => {
        integers?.dispose();
        tf.dispose(Object.values(tensors));
      },
    };
  },
};

const vector = (params: Tensors, name: string) => params[name] as tf.Tensor1D;

function look({ input, width }: PatchesSpec, params: Tensors, x: tf.Tensor4D): tf.Tensor4D {
  return convolveInput(x, tf.reshape(params['look.kernel'], [3, 3, input.channels, width]), STRIDE);
}

function levelled(params: Tensors, response: tf.Tensor4D): tf.Tensor4D {
  const factor = tf.mul(params['level.gain'], tf.rsqrt(tf.add(params['level.spread'], NORM_EPSILON)));
  return tf.relu(tf.add(tf.mul(tf.sub(response, params['level.centre']), factor), params['level.lift']));
}

const meanOf = (value: tf.Tensor4D): tf.Tensor2D => tf.mean(value, [1, 2]);

function say(params: Tensors, mean: tf.Tensor2D): tf.Tensor2D {
  return tf.add(multiply(mean, params['say.kernel'] as tf.Tensor2D), params['say.offset']);
}
