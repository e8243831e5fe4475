/** The average over all positions, differentiable: a loop where memory is ours, a program on WebGPU, else tfjs's mean. */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { GLOBAL_POOL, GLOBAL_POOL_GRADIENT } from './names';

loadWith('webgpu', () => import('./webgpu/globalPool'));

const poolKernel: HostKernel = {
  name: GLOBAL_POOL,
  shapes: ([x]) => [[x[0], x[3]]],
  compute: ([x], [out], _, [[tiles, height, width, channels]]) => {
    const positions = height * width;
    for (let n = 0, i = 0; n < tiles; n++) {
      const sums = new Float64Array(channels);
      for (let p = 0; p < positions; p++) for (let c = 0; c < channels; c++, i++) sums[c] += x[i];
      for (let c = 0; c < channels; c++) out[n * channels + c] = sums[c] / positions;
    }
  },
};

const gradientKernel: HostKernel = {
  name: GLOBAL_POOL_GRADIENT,
  shapes: ([dy], { height, width }) => [[dy[0], Number(height), Number(width), dy[1]]],
  compute: ([dy], [dx], { height, width }, [[tiles, channels]]) => {
    const positions = Number(height) * Number(width);
    for (let n = 0, i = 0; n < tiles; n++) {
      const each = dy.subarray(n * channels, (n + 1) * channels).map((value) => value / positions);
      for (let p = 0; p < positions; p++, i += channels) dx.set(each, i);
    }
  },
};

registerHostKernel(poolKernel);
registerHostKernel(gradientKernel);

/** [N, H, W, C] → [N, C]. */
export function globalPool(maps: tf.Tensor4D): tf.Tensor2D {
  const [tiles, height, width, channels] = maps.shape;
  if (!canRun(poolKernel)) return tf.mean(tf.reshape(maps, [tiles, height * width, channels]), 1);
  return tf.customGrad((x) => ({
    value: runHostKernel(poolKernel, [x as tf.Tensor])[0],
    gradFunc: (dy: tf.Tensor) => runHostKernel(gradientKernel, [dy], { height, width })[0],
  }))(maps) as tf.Tensor2D;
}
