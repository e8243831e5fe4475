/** Dense layers: a row of numbers times weights. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, leave, Misfit, nameFor, type Reading, valueAt } from './reading';
import { isTurned, multiplyTurned } from './turnedDense';
import type { Attributes } from './values';

/** `Gemm`, `MatMul`. */
export function readDense(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = valueAt(reading, node.input[0], true);
  if (isTurned(value)) {
    multiplyTurned(reading, node, value);
    return;
  }
  const { shape, data } = constantAt(reading, node.input[1], 'weights');
  if (value.dims.length !== 1 || shape.length !== 2)
    throw new Misfit(`multiplies a value of the shape [${value.dims}], and should a row of numbers`);
  const isGemm = node.opType === 'Gemm';
  if (isGemm && (attributes.float('alpha', 1) !== 1 || attributes.whole('transA', 0) !== 0))
    throw new Misfit('is scaled or transposed in a way that is not known');
  const isLaid = isGemm && attributes.whole('transB', 0) !== 0;
  const [outputs, inputs] = isLaid ? shape : [shape[1], shape[0]];
  if (inputs !== value.dims[0])
    throw new Misfit(`reads ${inputs} numbers, and ${value.dims[0]} stand before it`);
  const laid = Float32Array.from({ length: data.length }, (_, i) =>
    isLaid ? data[i] : data[(i % inputs) * outputs + Math.floor(i / inputs)],
  );
  const added = isGemm && node.input[2] ? constantAt(reading, node.input[2], 'biases').data : null;
  const factor = attributes.float('beta', 1);
  const bias =
    added && Float32Array.from({ length: outputs }, (_, o) => factor * added[added.length === 1 ? 0 : o]);
  const weight = { shape: [outputs, inputs], data: laid };
  leave(reading, node, { op: 'dense', name: nameFor(reading, node), from: value.layer, weight, bias }, [
    outputs,
  ]);
}
