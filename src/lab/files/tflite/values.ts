/** Where a graph's values stand among a file's tensors: as the graph means them, and maps with channels last. */
import type { OperatorGraph } from '../../families/operators';
import { roundWeights } from '../onnx/integers';
import { numbersOf, permuted, TO_FIRST, TO_LAST, transposed } from './maps';
import { table } from './schema/write';
import type { Collected } from './tensors';

export interface Values {
  readonly made: Collected;
  /** As the graph means it. */
  shapeOf(name: string): readonly number[];
  /** The same with channels last. */
  mapShapeOf(name: string): number[];
  isMap(name: string): boolean;
  /** Whether a map is there with its channels last already. */
  isLast(name: string): boolean;
  /** The tensor of a value as the graph means it; it is transposed for that where it must be. */
  at(name: string): number;
  /** The tensor of a map with channels last. */
  mapAt(name: string): number;
  /** Says which tensor a value is. */
  put(name: string, tensor: number): void;
  putMap(name: string, tensor: number): void;
  /** A name for a shape, for what the graph has no value of. */
  name(name: string, shape: readonly number[]): void;
  /** Filters under this name are those integers, in steps of these scales. */
  dequantise(name: string, integers: string, scales: string): void;
  /** The tensor of constant weights with their axes in another order, of which `outputs` is the one of a layer's outputs. */
  weightsAt(name: string, perm: readonly number[], outputs: number, shape?: readonly number[]): number;
}

/** isRounded: weights in floats are stored as 8-bit integers with a scale for each output. */
export function placeValues(
  constants: OperatorGraph['constants'],
  shapes: Map<string, readonly number[]>,
  made: Collected,
  isRounded: boolean,
): Values {
  const plain = new Map<string, number>();
  const last = new Map<string, number>();
  const dequantised = new Map<string, { readonly integers: string; readonly scales: string }>();
  const shapeOf = (name: string): readonly number[] => shapes.get(name)!;
  const mapShapeOf = (name: string): number[] => permuted(shapeOf(name), TO_LAST);

  const transposeOf = (value: number, shape: readonly number[], perm: readonly number[]): number =>
    made.operator('TRANSPOSE', [value, made.whole(perm)], shape, { options: table('TransposeOptions', {}) });

  const at = (name: string): number => {
    const known = plain.get(name);
    if (known !== undefined) return known;
    const constant = constants[name];
    const data = constant && numbersOf(constant);
    const tensor = data
      ? made.add({ name, shape: constant.shape, type: data instanceof Int8Array ? 'INT8' : 'FLOAT32', data })
      : transposeOf(last.get(name)!, shapeOf(name), TO_FIRST);
    plain.set(name, tensor);
    return tensor;
  };

  const mapAt = (name: string): number => {
    const known = last.get(name);
    if (known !== undefined) return known;
    const shape = mapShapeOf(name);
    const constant = constants[name];
    const data = constant && transposed(numbersOf(constant), constant.shape, TO_LAST);
    const tensor = data
      ? made.add({ name, shape, type: 'FLOAT32', data })
      : transposeOf(at(name), shape, TO_LAST);
    last.set(name, tensor);
    return tensor;
  };

  const weightsAt: Values['weightsAt'] = (name, perm, outputs, to) => {
    const quantised = dequantised.get(name);
    const { shape, data } = constants[quantised?.integers ?? name];
    const placed = to ?? permuted(shape, perm);
    const axis = perm.indexOf(outputs) + placed.length - perm.length;
    const store = (numbers: Int8Array, scales: Float32Array): number =>
      made.add({
        ...{ name, shape: placed, type: 'INT8', data: transposed(numbers, shape, perm) },
        scales: { data: scales, axis },
      });
    if (data instanceof Int8Array) {
      // Levels times integers are counted in floats, which hold both exactly.
      const ones = new Float32Array(shape[outputs]).fill(1);
      const scales = quantised ? (constants[quantised.scales].data as Float32Array) : ones;
      const options = table('DequantizeOptions', {});
      return made.operator('DEQUANTIZE', [store(data, scales)], placed, { version: 5, options });
    }
    if (isRounded) {
      const { integers, steps } = roundWeights(constants[name], outputs, 'channel');
      return store(integers.data as Int8Array, steps);
    }
    const numbers = transposed(data as Float32Array, shape, perm);
    return made.add({ name, shape: placed, type: 'FLOAT32', data: numbers });
  };

  return {
    made,
    shapeOf,
    mapShapeOf,
    isMap: (name) => shapeOf(name).length === 4,
    isLast: (name) => last.has(name),
    at,
    mapAt,
    put: (name, tensor) => void plain.set(name, tensor),
    putMap: (name, tensor) => void last.set(name, tensor),
    name: (name, shape) => void shapes.set(name, shape),
    dequantise: (name, integers, scales) => void dequantised.set(name, { integers, scales }),
    weightsAt,
  };
}
