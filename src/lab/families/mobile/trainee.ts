/** A comparator as the loop trains it. */
import { dense } from '../../nn/ops/dense';
import * as tf from '../../runtime/tf';
import type { Trainee } from '../family';
import { openFeatures, trainMobile } from './network';
import type { MobileSpec } from './spec';

export function mobileTrainee(spec: MobileSpec): Trainee {
  return {
    last: { width: spec.features, dropout: spec.dropout },
    train: (params, x, mask) => {
      const { features, maps, moments } = trainMobile(spec, params, x);
      const kept = mask ? (tf.mul(features, mask) as tf.Tensor2D) : features;
      return { logits: dense(params, 'dense', kept), moments, maps: () => [maps] };
    },
    open: (params) => {
      const mobile = openFeatures(spec, params);
      return { logits: (x) => dense(params, 'dense', mobile.run(x)), dispose: mobile.dispose };
    },
  };
}
