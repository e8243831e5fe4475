/** Nodes that change only how numbers are counted: flattening, other shapes, axes of one position left out. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import {
  constantAt,
  type Dimensions,
  Misfit,
  nameFor,
  type Reading,
  sizeOf,
  type Value,
  valueAt,
} from './reading';
import { countTurned, isTurned } from './turnedDense';
import type { Attributes } from './values';

/** `Flatten`, from the first axis. */
export function readFlatten(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = valueAt(reading, node.input[0]);
  if (attributes.whole('axis', 1) !== 1) throw new Misfit('flattens from another axis than the first');
  reading.values.set(node.output[0], flattened(reading, node, value));
}

/** `Reshape`, `Squeeze`, `Unsqueeze`: none may mix the pictures of a batch. */
export function readReshape(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const constant = reading.constants.get(node.input[0]);
  if (constant) {
    // Of a constant only the count of its axes changes, which is not looked at.
    reading.constants.set(node.output[0], constant);
    return;
  }
  const value = valueAt(reading, node.input[0], true);
  const dims =
    node.opType === 'Reshape'
      ? wantedShape(reading, node, value)
      : squeezed(reading, node, attributes, value);
  if (isTurned(value)) {
    countTurned(reading, node, value, dims);
    return;
  }
  if (sizeOf(dims) !== sizeOf(value.dims))
    throw new Misfit(`asks for the shape [${dims}] of a value of the shape [${value.dims}]`);
  reading.values.set(
    node.output[0],
    dims.length === 1 ? flattened(reading, node, value) : { ...value, dims },
  );
}

/** One row of numbers for each picture. */
function flattened(reading: Reading, node: NodeProto, value: Value): Value {
  if (value.made.length === 1) return { ...value, dims: value.made };
  const name = nameFor(reading, node);
  reading.layers.push({ op: 'flatten', name, from: value.layer });
  const dims = [sizeOf(value.made)];
  return { layer: name, dims, made: dims };
}

function wantedShape(reading: Reading, node: NodeProto, value: Value): number[] {
  const stored = reading.constants.get(node.input[1]);
  const wanted: Dimensions | undefined = stored ? Array.from(stored.data) : reading.shapes.get(node.input[1]);
  if (!wanted) throw new Misfit('asks for a shape that is computed in a way that is not known');
  const [pictures, ...rest] = wanted;
  if (rest.includes('batch')) throw new Misfit('mixes the pictures of a batch');
  const total = sizeOf(value.dims);
  const filled = (rest as number[]).map((size, i) => (size === 0 ? value.dims[i] : size));
  const known = sizeOf(filled.filter((size) => size !== -1));
  const out = filled.map((size) => (size === -1 ? total / known : size));
  // The first axis is that of the pictures, whichever way it is said.
  const isBatch =
    pictures === 'batch' || pictures === 0 || pictures === 1 || (pictures === -1 && sizeOf(out) === total);
  if (!isBatch && sizeOf(out) !== total)
    throw new Misfit(`asks for the shape [${wanted}], which mixes the pictures of a batch`);
  return out;
}

function squeezed(reading: Reading, node: NodeProto, attributes: Attributes, { dims }: Value): number[] {
  const given =
    attributes.list('axes') ??
    (node.input[1] ? Array.from(constantAt(reading, node.input[1], 'axes').data) : undefined);
  if (!given) return dims.filter((size) => size !== 1);
  if (node.opType === 'Unsqueeze') throw new Misfit('adds an axis');
  const axes = given.map((axis) => (axis < 0 ? axis + dims.length + 1 : axis));
  return dims.filter((_, i) => !axes.includes(i + 1));
}
