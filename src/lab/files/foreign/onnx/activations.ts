/** What changes every number by itself, however they are counted; and probabilities, which the lab makes of its own. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, Misfit, nameFor, type Reading, valueAt } from './reading';
import type { Attributes } from './values';

/** `Relu`. */
export function readRelu(reading: Reading, node: NodeProto): void {
  keep(reading, node, 'relu');
}

/** `Clip`: ReLU, or ReLU6. */
export function readClip(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const [low, high] = boundsOf(reading, node, attributes);
  if (low !== 0 || (high !== 6 && high !== Number.POSITIVE_INFINITY))
    throw new Misfit(`cuts at ${low} and ${high}, and only 0 and 6 are known`);
  keep(reading, node, high === 6 ? 'relu6' : 'relu');
}

/** `Softmax`, `LogSoftmax`: probabilities of the logits; the answer stays, and the lab makes its own. */
export function readProbabilities(reading: Reading, { input, output }: NodeProto): void {
  reading.probabilities = output[0];
  reading.values.set(output[0], valueAt(reading, input[0]));
}

function keep(reading: Reading, node: NodeProto, op: 'relu' | 'relu6'): void {
  const value = valueAt(reading, node.input[0]);
  const layer = { op, name: nameFor(reading, node), from: value.layer };
  reading.layers.push(layer);
  reading.values.set(node.output[0], { ...value, layer: layer.name });
}

function boundsOf(reading: Reading, node: NodeProto, attributes: Attributes): [number, number] {
  const bound = (at: number, name: string, otherwise: number) =>
    node.input[at]
      ? constantAt(reading, node.input[at], 'bounds').data[0]
      : attributes.float(name, otherwise);
  return [bound(1, 'min', Number.NEGATIVE_INFINITY), bound(2, 'max', Number.POSITIVE_INFINITY)];
}
