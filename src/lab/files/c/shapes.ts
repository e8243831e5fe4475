/** What each value of a graph is for one picture: its shape, and as what C keeps its numbers. */
import { BadInput } from '../../errors';
import type { Attribute, Constant, Operator, OperatorGraph } from '../../families/operators';
import { sizeOf } from '../../nn/model';

/** Weights alone are `int8_t`. */
export type NumberType = 'float' | 'uint8_t' | 'int8_t' | 'int32_t';

export interface Value {
  readonly shape: readonly number[];
  readonly type: NumberType;
}

/** Of every value, constants too. Throws `BadInput` for an operator that has no form in C, or in what else `form` names. */
export function valuesOf(graph: OperatorGraph, input: readonly number[], form = 'C'): Map<string, Value> {
  const values = new Map<string, Value>([[graph.input, { shape: input, type: 'float' }]]);
  for (const [name, { shape, data }] of Object.entries(graph.constants))
    values.set(name, { shape, type: typeOf(data) });
  for (const each of graph.operators) values.set(each.output, resultOf(each, values, graph.constants, form));
  return values;
}

function resultOf(
  { op, inputs, attributes }: Operator,
  values: ReadonlyMap<string, Value>,
  constants: OperatorGraph['constants'],
  form: string,
): Value {
  const given = inputs.map((name) => values.get(name)!);
  const [first] = given;
  const floats = (shape: readonly number[]): Value => ({ shape, type: 'float' });
  switch (op) {
    case 'Relu':
    case 'Clip':
    case 'Round':
    case 'Neg':
    case 'Erf':
    case 'Softmax':
    case 'LayerNormalization':
    case 'DequantizeLinear':
      return floats(first.shape);
    case 'Cast':
      return { shape: first.shape, type: castType(attributes.to as number) };
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Min':
    case 'Max':
      return { shape: broadcast(given), type: first.type };
    case 'Equal':
      return { shape: broadcast(given), type: 'uint8_t' };
    case 'Where':
      return { shape: broadcast(given), type: given[1].type };
    case 'Conv': {
      const [outputs] = given[1].shape;
      const [pictures, , height, width] = first.shape;
      const { kernel, stride, pad } = windowOf(attributes);
      const along = (length: number) => Math.floor((length + 2 * pad - kernel) / stride) + 1;
      return floats([pictures, outputs, along(height), along(width)]);
    }
    case 'MaxPool':
    case 'AveragePool': {
      const [pictures, channels, height, width] = first.shape;
      const { kernel, stride, pad } = windowOf(attributes);
      const along = (length: number) => Math.floor((length + 2 * pad - kernel) / stride) + 1;
      return floats([pictures, channels, along(height), along(width)]);
    }
    case 'MatMul':
    case 'MatMulInteger': {
      const shape = [...first.shape.slice(0, -1), given[1].shape.at(-1)!];
      return { shape, type: op === 'MatMul' ? 'float' : 'int32_t' };
    }
    case 'ReduceMin':
    case 'ReduceMax':
    case 'ReduceMean':
      return floats(reduced(first.shape, attributes));
    case 'Reshape':
      return { ...first, shape: reshaped(first.shape, wholeNumbers(constants[inputs[1]])) };
    case 'Transpose':
      return { ...first, shape: (attributes.perm as number[]).map((axis) => first.shape[axis]) };
    case 'Gather': {
      const axis = attributes.axis as number;
      return { ...first, shape: first.shape.toSpliced(axis, 1, ...given[1].shape) };
    }
    case 'Pad': {
      const pads = wholeNumbers(constants[inputs[1]]);
      const { length } = first.shape;
      return { ...first, shape: first.shape.map((size, i) => size + pads[i] + pads[length + i]) };
    }
    case 'Slice': {
      const [[start], [end], [axis]] = inputs.slice(1).map((name) => wholeNumbers(constants[name]));
      return { ...first, shape: first.shape.with(axis, end - start) };
    }
    default:
      throw new BadInput(`A network with the operator ${op} has no form in ${form}.`);
  }
}

/** The numbers of a shape or of indices. */
export const wholeNumbers = ({ data }: Constant): number[] => Array.from(data as BigInt64Array, Number);

/** The square window of a convolution or a pool, the same along both sides. */
export function windowOf({ kernel_shape, strides, pads }: Readonly<Record<string, Attribute>>) {
  const [kernel, stride, pad] = [kernel_shape, strides, pads ?? [0]].map((list) => (list as number[])[0]);
  return { kernel, stride, pad };
}

/** The axes that a reduction goes over, as a run of neighbours: what lies before, in, and behind it. */
export function reduction(shape: readonly number[], attributes: Readonly<Record<string, Attribute>>) {
  const axes = axesOf(shape, attributes);
  const [start, end] = [axes[0], axes[axes.length - 1] + 1];
  if (end - start !== axes.length) throw new Error(`Axes ${axes} are no neighbours.`);
  return {
    before: sizeOf(shape.slice(0, start)),
    within: sizeOf(shape.slice(start, end)),
    behind: sizeOf(shape.slice(end)),
  };
}

function axesOf(shape: readonly number[], { axes }: Readonly<Record<string, Attribute>>): number[] {
  if (axes === undefined) return shape.map((_, i) => i);
  return (axes as number[]).map((axis) => (axis < 0 ? axis + shape.length : axis));
}

function reduced(shape: readonly number[], attributes: Readonly<Record<string, Attribute>>): number[] {
  const axes = axesOf(shape, attributes);
  if (attributes.keepdims === 1) return shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return shape.filter((_, i) => !axes.includes(i));
}

/** 0 keeps a size, -1 is what is left. */
function reshaped(from: readonly number[], to: readonly number[]): number[] {
  const kept = to.map((size, i) => (size === 0 ? from[i] : size));
  const left = sizeOf(from) / sizeOf(kept.filter((size) => size !== -1));
  return kept.map((size) => (size === -1 ? left : size));
}

function broadcast(given: readonly Value[]): number[] {
  const rank = Math.max(...given.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, i) =>
    Math.max(...given.map(({ shape }) => shape[i - rank + shape.length] ?? 1)),
  );
}

/** ONNX's numbers for types (TensorProto.DataType). */
function castType(to: number): NumberType {
  if (to === 1) return 'float';
  return to === 2 ? 'uint8_t' : 'int32_t';
}

function typeOf(data: Constant['data']): NumberType {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Uint8Array) return 'uint8_t';
  return data instanceof Int8Array ? 'int8_t' : 'int32_t';
}
