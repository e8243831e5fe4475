/**
 * A dense layer in all orientations of the map before it, as the lab writes it: positions gathered by every turn, axes
 * transposed, counted as rows, multiplied, and the largest response of each output taken.
 */
import { GROUP_NAMES, GROUPS, type GroupName } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, leave, Misfit, nameFor, type Reading, type Value, valueAt } from './reading';
import type { Attributes } from './values';

type Turned = Value & Required<Pick<Value, 'turned'>>;

/** Whether a value is on its way through such a layer. */
export const isTurned = (value: Value): value is Turned => value.turned !== undefined;

/** `Gather`, `Transpose`, its first steps: maps [C, s²] → [C, |G|, s²] → [|G|, C, s²]. */
export function readTurn(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = valueAt(reading, node.input[0], true);
  const { dims, made, turned } = value;
  if (
    node.opType === 'Gather' &&
    made.length === 3 &&
    dims.length === 2 &&
    attributes.whole('axis', 0) === 2
  ) {
    const { data, shape } = constantAt(reading, node.input[1], 'places');
    const group = groupOf(data, made[1]);
    if (shape.length !== 2 || !group) throw new Misfit('takes positions of a map that are no turns of it');
    reading.values.set(node.output[0], {
      ...value,
      dims: [dims[0], shape[0], dims[1]],
      turned: { group, step: 'gathered' },
    });
    return;
  }
  if (
    node.opType === 'Transpose' &&
    turned?.step === 'gathered' &&
    attributes.list('perm')?.join() === '0,2,1,3'
  ) {
    const [channels, order, positions] = dims;
    reading.values.set(node.output[0], {
      ...value,
      dims: [order, channels, positions],
      turned: { ...turned, step: 'transposed' },
    });
    return;
  }
  throw new Misfit(`puts a value of the shape [${dims}] into an order that is not known`);
}

/** `Reshape`, its third: [|G|, C, s²] → rows [|G|, C · s²]. */
export function countTurned(reading: Reading, node: NodeProto, value: Turned, dims: readonly number[]): void {
  const { turned } = value;
  const [order, channels, positions] = value.dims;
  if (turned.step !== 'transposed' || dims.join() !== [order, channels * positions].join())
    throw new Misfit('counts turned maps in a way that is not known');
  reading.values.set(node.output[0], { ...value, dims, turned: { ...turned, step: 'rows' } });
}

/** `MatMul`, its fourth: rows [|G|, n] → responses [|G|, outputs]. */
export function multiplyTurned(reading: Reading, node: NodeProto, value: Turned): void {
  const { shape, data } = constantAt(reading, node.input[1], 'weights');
  const { turned, dims } = value;
  if (node.opType !== 'MatMul' || turned.step !== 'rows' || shape.length !== 2 || shape[0] !== dims[1])
    throw new Misfit('multiplies turned maps in a way that is not known');
  const [inputs, outputs] = shape;
  const laid = Float32Array.from(data, (_, i) => data[(i % inputs) * outputs + Math.floor(i / inputs)]);
  const dense = { name: nameFor(reading, node), weight: { shape: [outputs, inputs], data: laid } };
  const after = {
    ...value,
    dims: [dims[0], outputs],
    turned: { ...turned, step: 'responses' as const, dense },
  };
  reading.values.set(node.output[0], after);
}

/** What the layer leaves, when the largest of its responses were taken. */
export function leaveLargest(reading: Reading, node: NodeProto, { layer, turned }: Value): void {
  const { name, weight } = turned!.dense!;
  const raw = { op: 'turned dense' as const, name, from: layer, weight, bias: null, group: turned!.group };
  leave(reading, node, raw, [weight.shape[0]]);
}

/** The group whose elements turn a map by these places, one after the other. */
function groupOf(places: ArrayLike<number>, size: number): GroupName | undefined {
  return GROUP_NAMES.find((name) => {
    const wanted = GROUPS[name].elements.flatMap((g) => Array.from(turnSource(size, g)));
    return wanted.length === places.length && wanted.every((place, i) => place === places[i]);
  });
}
