/** Nodes that compute nothing: constants, and what hands on what it reads. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, Misfit, type Reading, valueAt } from './reading';
import { type Attributes, type Tensor, tensorOf } from './values';

/** `Constant`. */
export function readConstant(reading: Reading, { output }: NodeProto, attributes: Attributes): void {
  const tensor = attributes.tensor('value');
  const found = tensor ? tensorOf(tensor) : plainConstant(attributes);
  if (typeof found === 'string') throw new Misfit(found);
  reading.constants.set(output[0], found);
}

/** `Identity`, `Dropout`, `Cast`. */
export function readIdentity(reading: Reading, { input, output }: NodeProto): void {
  const constant = reading.constants.get(input[0]);
  if (constant) reading.constants.set(output[0], constant);
  else reading.values.set(output[0], valueAt(reading, input[0]));
}

/** `Pad`: exporters write some that pad by nothing. */
export function readPad(reading: Reading, { input, output }: NodeProto, attributes: Attributes): void {
  const pads = attributes.list('pads') ?? Array.from(constantAt(reading, input[1], 'paddings').data);
  if (pads.some((each) => each !== 0))
    throw new Misfit('pads a map by itself: only convolutions and pools do that here');
  reading.values.set(output[0], valueAt(reading, input[0]));
}

function plainConstant(attributes: Attributes): Tensor | string {
  const ints = attributes.list('value_ints');
  if (ints) return { shape: [ints.length], data: Float64Array.from(ints), isWhole: true };
  if (attributes.has('value_int'))
    return { shape: [], data: Float64Array.of(attributes.whole('value_int', 0)), isWhole: true };
  if (attributes.has('value_float'))
    return { shape: [], data: Float32Array.of(attributes.float('value_float', 0)), isWhole: false };
  return 'holds a constant of a kind that is not known';
}
