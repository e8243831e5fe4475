/**
 * A linear map with its bias of rows, of which there may be so many that adding a bias by itself would count; and maybe ReLU
 * behind it. On WebGPU each way is one program for each product: with dz = dy where y > 0,
 *   dx = dz·wᵀ    dw = xᵀ·dz and db = Σ dz at once, the products of a row of ones
 */
import { isOwn, registerOwnKernel } from '../../../runtime/kernels/backend';
import { multiplyAt } from '../../../runtime/kernels/matmul';
import { loadWith } from '../../../runtime/onDemand';
import * as tf from '../../../runtime/tf';
import { usesPrograms } from '../../../runtime/webgpu/program';
import { LINEAR, LINEAR_INPUT_GRADIENT, LINEAR_WEIGHT_GRADIENT } from './names';

loadWith('webgpu', () => import('./webgpu'));

registerOwnKernel(LINEAR, (backend, { x, w, b }, { relu }) => {
  const [rows, inputs] = x.shape;
  const outputs = w.shape[1];
  const out = backend.output([rows, outputs]);
  multiplyAt(
    backend,
    [rows, outputs, inputs],
    { address: backend.address(x), row: inputs, column: 1 },
    { address: backend.address(w), row: outputs, column: 1 },
    out.address,
    { bias: backend.address(b), ...(relu ? { low: 0 } : {}) },
  );
  return out;
});

export interface LinearOptions {
  /** What is below 0 is cut off. */
  readonly relu?: boolean;
  /** No gradient flows to a constant input, which saves a third of the work: rows that were computed beforehand. */
  readonly constant?: 'input' | undefined;
}

/** x·w + b for [N, in] · [in, out], differentiable in all three. */
export function linear(
  x: tf.Tensor2D,
  w: tf.Tensor2D,
  b: tf.Tensor1D,
  { relu = false, constant }: LinearOptions = {},
): tf.Tensor2D {
  const value = (rows: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor =>
    isOwn() || usesPrograms()
      ? tf.engine().runKernel(LINEAR, { x: rows, w: weight, b: bias }, { relu })
      : byOperations(rows, weight, bias, relu);
  if (constant === 'input') {
    return tf.customGrad((weight, bias, save) => {
      const y = value(x, weight as tf.Tensor2D, bias as tf.Tensor1D);
      (save as tf.GradSaveFunc)([x, y]);
      return {
        value: y,
        gradFunc: (dy: tf.Tensor, [rows, z]: tf.Tensor[]) =>
          gradientsOf({ dy, y: z, relu }).weights(rows as tf.Tensor2D),
      };
    })(w, b) as tf.Tensor2D;
  }
  return tf.customGrad((...given) => {
    const [rows, weight, bias] = given.slice(0, 3) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const y = value(rows, weight, bias);
    (given[3] as tf.GradSaveFunc)([rows, weight, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, [savedX, savedW, z]: tf.Tensor[]) => {
        const { input, weights } = gradientsOf({ dy, y: z, relu });
        return [input(savedW as tf.Tensor2D), ...weights(savedX as tf.Tensor2D)];
      },
    };
  })(x, w, b) as tf.Tensor2D;
}

function byOperations(x: tf.Tensor2D, w: tf.Tensor2D, b: tf.Tensor1D, relu: boolean): tf.Tensor {
  const z = tf.add(tf.matMul(x, w), b);
  return relu ? tf.relu(z) : z;
}

interface Gradients {
  input(w: tf.Tensor2D): tf.Tensor;
  /** dw and db. */
  weights(x: tf.Tensor2D): tf.Tensor[];
}

function gradientsOf({ dy, y, relu }: { dy: tf.Tensor; y: tf.Tensor; relu: boolean }): Gradients {
  if (usesPrograms()) {
    return {
      input: (w) => tf.engine().runKernel(LINEAR_INPUT_GRADIENT, { dy, y, w }, { relu }) as tf.Tensor,
      weights: (x) => tf.engine().runKernel(LINEAR_WEIGHT_GRADIENT, { x, dy, y }, { relu }) as tf.Tensor[],
    };
  }
  const dz = (relu ? tf.mul(dy, tf.step(y)) : dy) as tf.Tensor2D;
  return {
    input: (w) => tf.matMul(dz, w, false, true),
    weights: (x) => [tf.matMul(x, dz, true, false), columnSums(dz)],
  };
}

/** As a product, for which every engine has what is fast. */
function columnSums(dy: tf.Tensor2D): tf.Tensor1D {
  const [rows, outputs] = dy.shape;
  return tf.reshape(tf.matMul(tf.ones([1, rows]), dy), [outputs]);
}
