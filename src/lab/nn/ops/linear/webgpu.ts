/** A linear map with its bias on WebGPU: the product's program with an ending, or with a gate. Loaded with the engine. */
import { matricesOf, product, productAndSums } from '../../../runtime/webgpu/product/product';
import { registerProgram } from '../../../runtime/webgpu/program';
import { LINEAR, LINEAR_INPUT_GRADIENT, LINEAR_WEIGHT_GRADIENT } from './names';

registerProgram(LINEAR, (backend, { x, w, b }, { relu }) => {
  const [rows, inputs] = x.shape;
  const [, outputs] = w.shape;
  return product(backend, {
    size: [rows, outputs, inputs],
    ...{ a: matricesOf(x).matrix, b: matricesOf(w).matrix, shape: [rows, outputs] },
    ...{ bias: b, cut: relu ? 'relu' : 'none' },
  });
});

registerProgram(LINEAR_INPUT_GRADIENT, (backend, { dy, y, w }, { relu }) => {
  const [inputs, outputs] = w.shape;
  const [rows] = dy.shape;
  return product(backend, {
    size: [rows, inputs, outputs],
    ...{ a: matricesOf(dy).matrix, b: matricesOf(w, true).matrix, shape: [rows, inputs] },
    gate: relu ? { of: 'a', info: y } : undefined,
  });
});

/** → dw and db. */
registerProgram(LINEAR_WEIGHT_GRADIENT, (backend, { x, dy, y }, { relu }) => {
  const [rows, inputs] = x.shape;
  const [, outputs] = dy.shape;
  return productAndSums(backend, {
    size: [inputs, outputs, rows],
    ...{ a: matricesOf(x, true).matrix, b: matricesOf(dy).matrix, shape: [inputs, outputs] },
    gate: relu ? { of: 'b', info: y } : undefined,
  });
});
