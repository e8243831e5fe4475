/** Values added to each other, and constants that scale or shift channels. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { leave, Misfit, nameFor, type Reading, type Value, valueAt } from './reading';
import type { Tensor } from './values';

/** `Add`, `Sub`, `Mul`, `Div`: a residual sum, or a factor or a shift of every channel. */
export function readArithmetic(reading: Reading, node: NodeProto): void {
  const { opType, input } = node;
  const constants = input.map((name) => reading.constants.get(name));
  if (!constants[0] && !constants[1]) {
    const [a, b] = [valueAt(reading, input[0]), valueAt(reading, input[1])];
    if (opType !== 'Add') throw new Misfit('joins two values in another way than by adding them');
    if (a.dims.join() !== b.dims.join() || a.made.join() !== b.made.join())
      throw new Misfit(`adds values of the shapes [${a.dims}] and [${b.dims}]`);
    const layer = { op: 'sum' as const, name: nameFor(reading, node), from: a.layer, and: b.layer };
    leave(reading, node, layer, a.made);
    reading.values.set(node.output[0], { layer: layer.name, dims: a.dims, made: a.made });
    return;
  }
  if (constants[0] && constants[1]) throw new Misfit('computes with constants alone');
  const constant = (constants[0] ?? constants[1])!;
  const isFirst = constants[0] !== undefined;
  if (isFirst && (opType === 'Sub' || opType === 'Div'))
    throw new Misfit('subtracts or divides a constant by a value');
  const value = valueAt(reading, input[isFirst ? 1 : 0]);
  const width = value.made[0];
  const each = perChannel(constant, value, width);
  const layer = reading.layers.at(-1);
  if (
    opType === 'Add' &&
    (layer?.op === 'dense' || layer?.op === 'turned dense') &&
    layer.name === value.layer &&
    layer.bias === null
  ) {
    reading.layers[reading.layers.length - 1] = { ...layer, bias: Float32Array.from(each) };
    reading.values.set(node.output[0], value);
    return;
  }
  const isFactor = opType === 'Mul' || opType === 'Div';
  const signed = each.map((number) => (opType === 'Div' ? 1 / number : opType === 'Sub' ? -number : number));
  const scale = Float32Array.from(signed, (number) => (isFactor ? number : 1));
  const shift = Float32Array.from(signed, (number) => (isFactor ? 0 : number));
  const name = nameFor(reading, node);
  reading.layers.push({ op: 'scale', name, from: value.layer, scale, shift });
  reading.values.set(node.output[0], { ...value, layer: name });
}

/** A constant as a number for each channel (maps), or for each number (rows). */
function perChannel({ shape, data }: Tensor, { dims }: Value, width: number): number[] {
  if (data.length === 1) return new Array<number>(width).fill(data[0]);
  const trailing = dims.length - 1;
  // [C], or with ones behind it for the positions, and maybe one before it for the pictures.
  const axes = shape.filter((size) => size !== 1);
  const isRow = dims.length === 1;
  const isLaid = isRow
    ? shape.at(-1) === width
    : shape.length > trailing && shape[shape.length - trailing - 1] === width;
  if (axes.length !== 1 || !isLaid || data.length !== width)
    throw new Misfit(
      `has a constant of the shape [${shape}] for a value of the shape [${dims}], which is not one for each channel`,
    );
  return Array.from(data);
}
