/** A linear map with its bias of rows of tokens, of which there are so many that adding a bias by itself would count. */
import { isOwn, registerOwnKernel } from '../../../runtime/kernels/backend';
import { multiplyAt } from '../../../runtime/kernels/matmul';
import * as tf from '../../../runtime/tf';

const LINEAR = 'OrbitLinear';

registerOwnKernel(LINEAR, (backend, { x, w, b }) => {
  const [rows, inputs] = x.shape;
  const outputs = w.shape[1];
  const out = backend.output([rows, outputs]);
  multiplyAt(
    backend,
    [rows, outputs, inputs],
    { address: backend.address(x), row: inputs, column: 1 },
    { address: backend.address(w), row: outputs, column: 1 },
    out.address,
    { bias: backend.address(b) },
  );
  return out;
});

/** x·w + b for [N, in] · [in, out], differentiable in all three. */
export function linear(x: tf.Tensor2D, w: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor2D {
  return tf.customGrad((...given) => {
    const [rows, weight, bias] = given.slice(0, 3) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    (given[3] as tf.GradSaveFunc)([rows, weight]);
    return {
      value: isOwn()
        ? (tf.engine().runKernel(LINEAR, { x: rows, w: weight, b: bias }) as tf.Tensor)
        : tf.add(tf.matMul(rows, weight), bias),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy as tf.Tensor2D, saved[1] as tf.Tensor2D, false, true),
        tf.matMul(saved[0] as tf.Tensor2D, dy as tf.Tensor2D, true, false),
        columnSums(dy as tf.Tensor2D),
      ],
    };
  })(x, w, b) as tf.Tensor2D;
}

/** As a product, for which every engine has what is fast. */
function columnSums(dy: tf.Tensor2D): tf.Tensor1D {
  const [rows, outputs] = dy.shape;
  return tf.reshape(tf.matMul(tf.ones([1, rows]), dy), [outputs]);
}
