/**
 * A network as a graph of ordinary operators, named and meant as ONNX does (opset 17: github.com/onnx/onnx,
 * docs/Operators.md). Plain values: families say what they compute, files/onnx writes it down.
 *
 * Maps are [N, channels, height, width], rows [N, numbers] or [N, tokens, numbers]. Names are those of the portable form:
 * <layer>.weight, <layer>.bias.
 */
import type { Int8 } from '../nn/arch';
import { type Int8Param, type Param, sizeOf } from '../nn/model';
import { HIGHEST_LEVEL, LEAST_ACTIVATION_SCALE, SCALE_OF_ZEROS } from '../nn/ops/levels';

/** Numbers of the graph's own: floats, 8-bit and 32-bit integers; as 64-bit integers shapes and indices. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
}

/** Whole numbers, lists of them, and what is a float even where it is whole. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface Operator {
  readonly op: string;
  /** Names of values; an empty one leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Operators in an order in which each reads what was made before it. */
export interface OperatorGraph {
  readonly operators: readonly Operator[];
  readonly constants: Readonly<Record<string, Constant>>;
  /** Normalised pictures [N, channels, S, S]. */
  readonly input: string;
  /** [N, classes] */
  readonly output: string;
}

/** A layer's numbers in PyTorch's layouts, [out, in, k, k] or [out, in]; integers beside their scales [out] or [1]. */
export interface LayerNumbers {
  readonly weight: Param | Int8Param;
  readonly scale?: Param | undefined;
  readonly bias: Param;
}

export interface ConvolutionSettings {
  readonly stride?: number;
  /** On all four sides. */
  readonly padding: number;
  /** Channels that are convolved apart; absent: 1. */
  readonly groups?: number;
}

export interface GraphBuilder {
  /** Adds an operator; returns the name of its value. */
  add(op: string, inputs: readonly string[], attributes?: Operator['attributes'], name?: string): string;
  constant(name: string, shape: readonly number[], data: Constant['data']): string;
  /** A float by itself. */
  float(value: number): string;
  /** 64-bit integers; by their content, so that the same are stored once. */
  whole(values: readonly number[]): string;
  reshape(value: string, shape: readonly number[]): string;
  convolution(layer: string, value: string, numbers: LayerNumbers, settings: ConvolutionSettings): string;
  /** x · weightᵀ + bias along the last axis. `range`: what shares one range where the weights are integers. */
  linear(layer: string, value: string, numbers: LayerNumbers, range?: Int8['range'] | null): string;
  /** The same without its bias. */
  product(layer: string, value: string, numbers: LayerNumbers, range?: Int8['range'] | null): string;
  build(output: string): OperatorGraph;
}

/** The name of a graph's input. */
export const INPUT = 'input';
/** The name of its output. */
export const OUTPUT = 'logits';

export function graphBuilder(): GraphBuilder {
  const operators: Operator[] = [];
  const constants: Record<string, Constant> = {};
  const counts = new Map<string, number>();

  const add: GraphBuilder['add'] = (op, inputs, attributes = {}, name) => {
    const count = (counts.get(op) ?? 0) + 1;
    counts.set(op, count);
    const output = name ?? `${op}_${count}`;
    operators.push({ op, inputs, output, attributes });
    return output;
  };
  const constant: GraphBuilder['constant'] = (name, shape, data) => {
    if (sizeOf(shape) !== data.length) throw new Error(`${name} has ${data.length} numbers: ${shape}`);
    constants[name] = { shape, data };
    return name;
  };
  const float = (value: number) => constant(`float_${value}`, [], Float32Array.of(value));
  const whole = (values: readonly number[]) =>
    constant(`int64_${values.join('_')}`, [values.length], BigInt64Array.from(values.map(BigInt)));

  const convolution: GraphBuilder['convolution'] = (layer, value, { weight, scale, bias }, settings) => {
    const { stride = 1, padding, groups = 1 } = settings;
    const name = `${layer}.weight`;
    let filters = constant(name, weight.shape, weight.data);
    if (scale) {
      const scales = constant(`${name}_scale`, scale.shape, scale.data);
      filters = add('DequantizeLinear', [filters, scales], { axis: 0 }, `${name}.float`);
    }
    const side = weight.shape[2];
    return add('Conv', [value, filters, constant(`${layer}.bias`, bias.shape, bias.data)], {
      dilations: [1, 1],
      group: groups,
      kernel_shape: [side, side],
      pads: [padding, padding, padding, padding],
      strides: [stride, stride],
    });
  };

  const product: GraphBuilder['product'] = (layer, value, { weight, scale }, range) => {
    const name = `${layer}.weight`;
    const [outputs, inputs] = weight.shape;
    const matrix = transposed(weight);
    if (!scale) return add('MatMul', [value, constant(name, [inputs, outputs], matrix)]);
    const { levels, zeroPoint, step } = toLevels(value, range === 'batch' ? undefined : [-1]);
    // Σ (level − zero point)·w: levels of 7 bits overflow in no engine's products, and zero points may differ by row.
    const totals = constant(`${name}.totals`, [outputs], columnTotals(matrix, outputs));
    const shift = add('Mul', [add('Cast', [zeroPoint], { to: INT32 }), totals]);
    const products = add('MatMulInteger', [levels, constant(name, [inputs, outputs], matrix)]);
    const sums = add('Cast', [add('Sub', [products, shift])], { to: FLOAT });
    const weightScale = constant(`${name}_scale`, [], Float32Array.of(scale.data[0]));
    return add('Mul', [sums, add('Mul', [step, weightScale])]);
  };

  /** The levels of activations, their zero points and their distance: nn/ops/levels.ts in operators. */
  const toLevels = (value: string, axes?: readonly number[]) => {
    const over = { ...(axes && { axes }), keepdims: 1 };
    const zero = float(0);
    const low = add('Min', [add('ReduceMin', [value], over), zero]);
    const high = add('Max', [add('ReduceMax', [value], over), zero]);
    const found = add('Div', [add('Sub', [high, low]), float(HIGHEST_LEVEL)]);
    const spread = add('Where', [add('Equal', [found, zero]), float(SCALE_OF_ZEROS), found]);
    const step = add('Max', [spread, float(LEAST_ACTIVATION_SCALE)]);
    const zeroPoint = add('Round', [add('Neg', [add('Div', [low, spread])])]);
    const rounded = add('Round', [add('Mul', [value, add('Div', [float(1), step])])]);
    const clipped = add('Clip', [add('Add', [rounded, zeroPoint]), zero, float(HIGHEST_LEVEL)]);
    return { levels: add('Cast', [clipped], { to: UINT8 }), zeroPoint, step };
  };

  return {
    add,
    constant,
    float,
    whole,
    reshape: (value, shape) => add('Reshape', [value, whole(shape)]),
    convolution,
    product,
    linear: (layer, value, numbers, range) => {
      const bias = constant(`${layer}.bias`, numbers.bias.shape, numbers.bias.data);
      return add('Add', [product(layer, value, numbers, range), bias]);
    },
    build: (output) => ({ operators: renamed(operators, output), constants, input: INPUT, output: OUTPUT }),
  };
}

/** ONNX's numbers for types (TensorProto.DataType). */
const FLOAT = 1;
const UINT8 = 2;
const INT32 = 6;

const renamed = (operators: readonly Operator[], last: string): Operator[] =>
  operators.map((each) => (each.output === last ? { ...each, output: OUTPUT } : each));

/** [out, in] → [in, out]. */
function transposed({ shape: [outputs, inputs], data }: Param | Int8Param): Float32Array | Int8Array {
  const out = data.slice();
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) out[i * outputs + o] = data[o * inputs + i];
  return out;
}

/** The sum of each column of a matrix [in, out] of integers. */
function columnTotals(matrix: ArrayLike<number>, outputs: number): Int32Array {
  const totals = new Int32Array(outputs);
  for (let i = 0; i < matrix.length; i++) totals[i % outputs] += matrix[i];
  return totals;
}

/** The numbers of a layer among tensors of a portable form. */
export function layerNumbers(
  tensors: Readonly<Record<string, Param | Int8Param>>,
  layer: string,
): LayerNumbers {
  return {
    weight: tensors[`${layer}.weight`],
    scale: tensors[`${layer}.weight_scale`] as Param | undefined,
    bias: tensors[`${layer}.bias`] as Param,
  };
}
