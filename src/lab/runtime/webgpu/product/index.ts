/** tfjs's products of matrices by the lab's program. Loaded with the engine. */
import { replaceProgram } from '../program';
import { matricesOf, product } from './product';

replaceProgram('BatchMatMul', (backend, { a, b }, { transposeA, transposeB }) => {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const [left, right] = [matricesOf(a, Boolean(transposeA)), matricesOf(b, Boolean(transposeB))];
  const batches = Math.max(left.batches, right.batches);
  const size = [left.rows, right.columns, left.columns] as const;
  // A shape with a 0 in it is tfjs's affair.
  if (batches * size[0] * size[1] * size[2] === 0) return undefined;
  const outer = left.batches === batches ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  return product(backend, {
    ...{ size, batches, a: left.matrix, b: right.matrix },
    shape: [...outer, left.rows, right.columns],
  });
});
