/**
 * Planar maps [N, fields, |G|, H, W] on the lab's own kernels (WASM) or programs (WebGPU): convolved by Fourier over the
 * group, without expanding a filter. Every operation keeps its input alone for the way back.
 */
import * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import type { Moments } from '../ops/fieldNorm';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from '../ops/groupConvolution/kernels';
import { keptChannels } from './channelsLast';
import type { MapForm, Maps, OpenMapLayer } from './form';
import {
  FROM_PLANES,
  GROUP_POOL,
  GROUP_POOL_GRADIENT,
  PLANAR_MOMENTS,
  PLANAR_NORM,
  PLANAR_NORM_GRADIENT,
  PLANAR_POOL,
  PLANAR_POOL_GRADIENT,
  TO_PLANES,
} from './planarKernels';

type Inputs = Readonly<Record<string, tf.Tensor>>;

const runAll = (name: string, inputs: Inputs, attrs: object = {}): tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor[];

const run = (name: string, inputs: Inputs, attrs: object = {}): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;

export const planar: MapForm = {
  name: 'planar',
  enter: (pictures) => run(TO_PLANES, { x: pictures }),
  leave: (maps) => run(FROM_PLANES, { x: maps }) as tf.Tensor4D,
  convolve,
  moments: (maps) => {
    const [mean, variance] = runAll(PLANAR_MOMENTS, { x: maps });
    return { mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
  },
  normReluPool,
  groupPool: (maps) => unary(maps, GROUP_POOL, GROUP_POOL_GRADIENT) as tf.Tensor4D,
  groupMean,
  maxPool: (maps) => unary(maps, PLANAR_POOL, PLANAR_POOL_GRADIENT),
  openLayer,
  silence: (maps, channels, order) => {
    const [, fields] = maps.shape;
    return tf.mul(maps, tf.reshape(keptChannels(fields! * order, channels), [1, fields!, order, 1, 1]));
  },
  view: ({ shape, size }, units) => [shape[0], 1, units, size / (shape[0] * units)],
};

/** An operation whose gradient needs its input and the gradient of its value. */
function unary(maps: Maps, name: string, gradientName: string): tf.Tensor {
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: run(name, { x: input as tf.Tensor }),
      gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => run(gradientName, { x, dy }),
    };
  })(maps);
}

/** The mean over the third axis, laid channels last; on the way back every orientation gets its share. */
function groupMean(maps: Maps, order: number): tf.Tensor4D {
  const [tiles, fields, , height, width] = maps.shape as number[];
  const means = (x: tf.Tensor) => tf.mean(tf.reshape(x, [tiles * fields, order, height * width]), 1);
  return tf.customGrad((input) => ({
    value: run(FROM_PLANES, { x: tf.reshape(means(input as tf.Tensor), [tiles, fields, 1, height, width]) }),
    gradFunc: (dy: tf.Tensor) => {
      const planes = tf.reshape(run(TO_PLANES, { x: dy }), [tiles * fields, 1, height * width]);
      return tf.reshape(tf.tile(tf.div(planes, order), [1, order, 1]), [tiles, fields, order, height, width]);
    },
  }))(maps) as tf.Tensor4D;
}

function convolve(maps: Maps, weights: tf.Tensor4D, shape: FilterShape, constant?: 'input'): Maps {
  const filterGradient = (x: tf.Tensor, dy: tf.Tensor) => run(FILTER_GRADIENT, { x, dy }, { shape });
  if (constant === 'input') {
    return tf.customGrad((w, save) => {
      (save as tf.GradSaveFunc)([maps]);
      return {
        value: run(GROUP_CONVOLUTION, { x: maps, w: w as tf.Tensor }, { shape }),
        gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => filterGradient(x, dy),
      };
    })(weights);
  }
  return tf.customGrad((x, w, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, w as tf.Tensor]);
    return {
      value: run(GROUP_CONVOLUTION, { x: x as tf.Tensor, w: w as tf.Tensor }, { shape }),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        run(INPUT_GRADIENT, { dy, w: saved[1] }, { shape }),
        filterGradient(saved[0], dy),
      ],
    };
  })(maps, weights);
}

function normReluPool(
  maps: Maps,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { mean, variance }: Moments,
  pool: boolean,
): Maps {
  return tf.customGrad((x, gain, offset, save) => {
    const inputs = [x, gain, offset, mean, variance] as tf.Tensor[];
    (save as tf.GradSaveFunc)(inputs);
    const named = ([a, b, c, d, e]: tf.Tensor[]) => ({ x: a, scale: b, shift: c, mean: d, variance: e });
    return {
      value: run(PLANAR_NORM, named(inputs), { pool }),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runAll(PLANAR_NORM_GRADIENT, { ...named(saved), dy }, { pool }),
    };
  })(maps, scale, shift);
}

function openLayer(weights: tf.Tensor4D, bias: tf.Tensor1D, shape: FilterShape): OpenMapLayer {
  const w = tf.clone(weights);
  const packed = run(PACK_WEIGHTS, { w }, { shape });
  const added = tf.clone(bias);
  const value = (x: tf.Tensor, pool = false) =>
    run(PACKED_CONVOLUTION, { x, packed, bias: added }, { shape, pool });
  return {
    run: value,
    respond: (maps) =>
      tf.customGrad((x, save) => {
        const y = value(x as tf.Tensor);
        (save as tf.GradSaveFunc)([y]);
        return {
          value: y,
          gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
            run(INPUT_GRADIENT, { dy: tf.mul(dy, tf.step(saved)), w }, { shape }),
        };
      })(maps),
    dispose: () => tf.dispose([w, packed, added]),
  };
}
