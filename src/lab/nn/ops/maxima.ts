/**
 * Maxima whose gradient is split evenly on ties. Uniform tiles (water) tie everywhere, and tfjs pays every
 * tied element in full, which would multiply their gradient.
 */
import {
  canRun,
  type HostKernel,
  hasHostKernels,
  registerHostKernel,
  runHostKernel,
} from '../../runtime/hostKernel';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { MAX, MAX_GRADIENT } from './names';

loadWith('webgpu', () => import('./webgpu/maxima'));

/** Maximum (NaN where one is) of x [outer, n, inner] over its middle axis → [outer, inner], the gradient shared among tied elements. */
export function splitMax(x: tf.Tensor3D): tf.Tensor2D {
  return tf.customGrad((input, save) => {
    const value = largest(input as tf.Tensor3D);
    (save as tf.GradSaveFunc)([input as tf.Tensor, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [saved, top]: tf.Tensor[]) =>
        shareAmongTies(saved as tf.Tensor3D, top as tf.Tensor2D, dy as tf.Tensor2D),
    };
  })(x) as tf.Tensor2D;
}

function largest(x: tf.Tensor3D): tf.Tensor2D {
  if (canRun(maxKernel)) return runHostKernel(maxKernel, [x])[0] as tf.Tensor2D;
  return tf.max(x, 1) as tf.Tensor2D;
}

function shareAmongTies(x: tf.Tensor3D, top: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor {
  if (canRun(maxGradientKernel)) return runHostKernel(maxGradientKernel, [x, top, dy])[0];
  const ties = isTop(x, tf.expandDims(top, 1));
  return tf.mul(ties, tf.expandDims(tf.div(dy, tf.sum(ties, 1)), 1));
}

const maxKernel: HostKernel = {
  name: MAX,
  shapes: ([[outer, , inner]]) => [[outer, inner]],
  compute: ([x], [out], _, [[outer, n, inner]]) => {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let top = x[o * n * inner + i];
        for (let j = 1; j < n; j++) {
          const value = x[(o * n + j) * inner + i];
          if (value > top || Number.isNaN(value)) top = value;
        }
        out[o * inner + i] = top;
      }
    }
  },
};

const maxGradientKernel: HostKernel = {
  name: MAX_GRADIENT,
  shapes: ([x]) => [[...x]],
  compute: ([x, top, dy], [dx], _, [[outer, n, inner]]) => {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const winner = top[o * inner + i];
        let ties = 0;
        for (let j = 0; j < n; j++) if (x[(o * n + j) * inner + i] === winner) ties++;
        const share = dy[o * inner + i] / ties;
        for (let j = 0; j < n; j++) {
          const at = (o * n + j) * inner + i;
          dx[at] = x[at] === winner ? share : 0;
        }
      }
    }
  },
};

registerHostKernel(maxKernel);
registerHostKernel(maxGradientKernel);

const maxPoolKernel: HostKernel = {
  name: 'OrbitMaxPool',
  shapes: ([[tiles, height, width, channels]]) => [[tiles, height / 2, width / 2, channels]],
  compute: ([x], [out], _, [[tiles, height, width, channels]]) => {
    const down = width * channels;
    let o = 0;
    for (let row = 0; row < (tiles * height) / 2; row++) {
      for (let column = 0; column < width / 2; column++) {
        for (let c = 0, i = 2 * (row * width + column) * channels; c < channels; c++, i++, o++) {
          out[o] = Math.max(x[i], x[i + channels], x[i + down], x[i + down + channels]);
        }
      }
    }
  },
};

registerHostKernel(maxPoolKernel);

/** 2×2 max-pooling of [N, H, W, C], H and W even. tfjs's own drops NaN where its memory is this thread's. */
export function maxPool(x: tf.Tensor4D): tf.Tensor4D {
  if (hasHostKernels()) return runHostKernel(maxPoolKernel, [x])[0] as tf.Tensor4D;
  // What a shader makes of NaN is anyone's guess; an average keeps it.
  return tf.add(tf.maxPool(x, 2, 2, 'valid'), tf.mul(tf.avgPool(x, 2, 2, 'valid'), 0));
}

/** 2×2 max-pooling of [N, H, W, C], the gradient shared among tied elements. */
export function splitMaxPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.customGrad((input, save) => {
    const value = maxPool(input as tf.Tensor4D);
    (save as tf.GradSaveFunc)([input as tf.Tensor, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        maxPoolGradient(saved[0] as tf.Tensor4D, saved[1] as tf.Tensor4D, dy as tf.Tensor4D),
    };
  })(x) as tf.Tensor4D;
}

/** The gradient of `splitMaxPool` from its input, its value and the gradient of its value. */
export function maxPoolGradient(x: tf.Tensor4D, value: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor4D {
  const full: [number, number] = [x.shape[1], x.shape[2]];
  const ties = isTop(x, tf.image.resizeNearestNeighbor(value, full));
  const count = tf.mul(tf.avgPool(ties as tf.Tensor4D, 2, 2, 'valid'), 4);
  return tf.mul(ties, tf.image.resizeNearestNeighbor(tf.div(dy, count) as tf.Tensor4D, full));
}

/**
 * 1 where x reaches `top`, the maximum over its group, else 0. Not a cast of `equal`: tfjs's WebGPU backend leaves
 * integers behind a boolean cast to float, and its transpose shader then does not compile.
 */
function isTop(x: tf.Tensor, top: tf.Tensor): tf.Tensor {
  return tf.add(tf.sign(tf.sub(x, top)), 1);
}
