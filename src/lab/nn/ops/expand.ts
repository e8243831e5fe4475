/**
 * Filter expansion as a differentiable operation (the rules are in symmetry/filters.ts).
 * The gradient of a permuted copy is the sum over the copies: no scatter is needed.
 */
import * as tf from '../../runtime/tf';
import { expansionMap, type FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { steerableBasis } from '../../symmetry/steerable';

/** Stored weights [b, F_in, S_in, F_out] → bank [k, k, F_in·S_in, F_out·|G|]. */
export function expandFilters(
  free: tf.Tensor,
  shape: FilterShape,
  filters: 'grid' | 'steerable',
): tf.Tensor4D {
  if (filters === 'steerable') return expandGridTensor(combineBasis(free, shape.kernel), shape);
  return expandGridTensor(spreadTensor(free, shape), shape);
}

/** Stored weights → grid weights [positions, F_in, S_in, F_out], differentiable. */
export function gridWeights(free: tf.Tensor, kernel: number, filters: 'grid' | 'steerable'): tf.Tensor4D {
  return (filters === 'grid' ? free : combineBasis(free, kernel)) as tf.Tensor4D;
}

/** Coefficients [d, …] → grid weights [k², …]. */
function combineBasis(coefficients: tf.Tensor, kernel: number): tf.Tensor {
  const basis = steerableBasis(kernel);
  const rest = coefficients.shape.slice(1);
  const functions = tf.tensor2d(basis.functions, [kernel * kernel, basis.count]);
  const grid = tf.matMul(functions, tf.reshape(coefficients, [basis.count, -1]) as tf.Tensor2D);
  return tf.reshape(grid, [kernel * kernel, ...rest]);
}

/** Stored positions [b, …] → all positions [k², …], zeros between; the gradient is that of the stored ones. */
function spreadTensor(stored: tf.Tensor, { kernel, positions }: FilterShape): tf.Tensor {
  if (!positions) return stored;
  const rowOf = new Int32Array(kernel * kernel).fill(positions.length);
  positions.forEach((position, row) => {
    rowOf[position] = row;
  });
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([]);
    const zeros = tf.zeros([1, ...stored.shape.slice(1)]);
    return {
      value: tf.gather(tf.concat([x as tf.Tensor, zeros]), tf.tensor1d(rowOf, 'int32')),
      gradFunc: (dy: tf.Tensor) => tf.gather(dy, tf.tensor1d([...positions], 'int32')),
    };
  })(stored);
}

function expandGridTensor(grid: tf.Tensor, shape: FilterShape): tf.Tensor4D {
  const { order } = GROUPS[shape.group];
  const bank: [number, number, number, number] = [
    shape.kernel,
    shape.kernel,
    shape.fieldsIn * shape.sizeIn,
    shape.fieldsOut * order,
  ];
  if (order === 1) return tf.reshape(grid, bank);
  const { source, copies } = expansionMap(shape);
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([]);
    const flat = tf.reshape(x as tf.Tensor, [-1]);
    return {
      value: tf.reshape(tf.gather(flat, tf.tensor1d(source, 'int32')), bank),
      gradFunc: (dy: tf.Tensor) => {
        const collected = tf.gather(tf.reshape(dy, [-1]), tf.tensor1d(copies, 'int32'));
        // Not a sum of n tensors: with eight of them tfjs's WebGPU program has a buffer more than the limit.
        return tf.reshape(tf.sum(tf.reshape(collected, [order, -1]), 0), grid.shape);
      },
    };
  })(grid) as tf.Tensor4D;
}
