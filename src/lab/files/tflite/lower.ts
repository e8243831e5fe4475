/**
 * A graph of ordinary operators (families/operators.ts) in those of TensorFlow Lite. Maps have their channels last there; where
 * an operator means them channels first, they are transposed before it.
 */
import { BadInput } from '../../errors';
import type { Operator, OperatorGraph } from '../../families/operators';
import { valuesOf, wholeNumbers } from '../c/shapes';
import { activationField, clip, elementwise, isElementwise } from './elementwise';
import type { TfliteGraph, TfliteOperator } from './encode';
import { DENSE, fused, GELU } from './fuse';
import { permuted, TO_LAST } from './maps';
import { TensorType } from './schema/tables';
import { type AnyTable, table } from './schema/write';
import { type Collected, collect } from './tensors';
import { placeValues, type Values } from './values';
import { convolution, pool } from './windows';

export interface Lowering {
  /** [N, channels, S, S] of the graph's input. */
  readonly input: readonly number[];
  /** Weights as 8-bit integers with a scale for each output; what they multiply is rounded when the file is run. */
  readonly isRounded: boolean;
  /** Where bytes go in: what makes normalised floats of them, channel by channel. */
  readonly pixels?: Normalisation;
}

interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The name of what goes in where bytes do. */
const PIXELS = 'pixels';

/** Throws `BadInput` for an operator that has no counterpart. */
export function lowered(original: OperatorGraph, { input, isRounded, pixels }: Lowering): TfliteGraph {
  const found = [...valuesOf(original, input, 'TFLite')];
  const shapes = new Map(found.map(([name, { shape }]) => [name, shape]));
  const graph = fused(original);
  const made = collect();
  const values = placeValues(graph.constants, shapes, made, isRounded);
  const shape = permuted(input, TO_LAST);
  const entering = made.add({
    ...{ name: pixels ? PIXELS : graph.input, shape, type: pixels ? 'UINT8' : 'FLOAT32' },
  });
  values.putMap(graph.input, pixels ? normalised(made, entering, shape, pixels, graph.input) : entering);
  for (const each of graph.operators) lower(values, each, graph);
  return made.build(entering, values.at(graph.output));
}

/** (pixel/255 − mean)/std as one product and one sum for each channel. */
function normalised(
  made: Collected,
  bytes: number,
  shape: readonly number[],
  { mean, std }: Normalisation,
  name: string,
): number {
  const each = (part: string, numbers: readonly number[]): number =>
    made.add({
      ...{ name: part, shape: [numbers.length], type: 'FLOAT32', data: Float32Array.from(numbers) },
    });
  const [scale, shift] = [std.map((s) => 1 / (255 * s)), mean.map((m, i) => -m / std[i])];
  const floats = made.operator('CAST', [bytes], shape, {
    options: table('CastOptions', { inDataType: TensorType.UINT8, outDataType: TensorType.FLOAT32 }),
  });
  const scaled = made.operator('MUL', [floats, each('pixels.scale', scale)], shape, {
    options: table('MulOptions', {}),
  });
  return made.operator('ADD', [scaled, each('pixels.shift', shift)], shape, {
    ...{ name, options: table('AddOptions', {}) },
  });
}

function lower(values: Values, each: Operator, graph: OperatorGraph): void {
  const { op, inputs, output, attributes } = each;
  const { made, at, shapeOf } = values;
  const [x, y] = inputs;
  const put = (written: TfliteOperator['op'], given: readonly number[], options: AnyTable): void =>
    values.put(output, made.operator(written, given, shapeOf(output), { name: output, options }));
  const numbers = (name: string): number[] => wholeNumbers(graph.constants[name]);
  switch (op) {
    case 'Conv':
      convolution(values, each);
      return;
    case 'MaxPool':
    case 'AveragePool':
      pool(values, each);
      return;
    case DENSE:
      dense(values, each);
      return;
    case 'Clip':
      clip(values, each, graph);
      return;
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceMin':
      reduction(values, each);
      return;
    case 'LayerNormalization':
      layerNorm(values, each);
      return;
    case 'DequantizeLinear':
      values.dequantise(output, x, y);
      return;
    case 'Cast':
      // Levels and their sums are counted in floats too.
      if (values.isLast(x)) values.putMap(output, values.mapAt(x));
      else values.put(output, at(x));
      return;
    case 'Reshape':
      put('RESHAPE', [at(x), made.whole(shapeOf(output))], table('ReshapeOptions', {}));
      return;
    case 'Transpose':
      put('TRANSPOSE', [at(x), made.whole(attributes.perm as number[])], table('TransposeOptions', {}));
      return;
    case 'Gather': {
      const indices = made.whole(numbers(y), graph.constants[y].shape);
      put('GATHER', [at(x), indices], table('GatherOptions', { axis: attributes.axis as number }));
      return;
    }
    case 'Pad': {
      const amounts = numbers(y);
      const rank = amounts.length / 2;
      const pairs = Array.from({ length: rank }, (_, i) => [amounts[i], amounts[rank + i]]).flat();
      put('PAD', [at(x), made.whole(pairs, [rank, 2])], table('PadOptions', {}));
      return;
    }
    case 'Slice': {
      const [[start], , [axis]] = inputs.slice(1).map(numbers);
      const begin = shapeOf(x).map((_, i) => (i === axis ? start : 0));
      const given = [at(x), made.whole(begin), made.whole(shapeOf(output))];
      put('SLICE', given, table('SliceOptions', {}));
      return;
    }
    case 'MatMul':
      put('BATCH_MATMUL', [at(x), at(y)], table('BatchMatMulOptions', {}));
      return;
    case 'Softmax':
      put('SOFTMAX', [at(x)], table('SoftmaxOptions', { beta: 1 }));
      return;
    case GELU:
      put('GELU', [at(x)], table('GeluOptions', { approximate: false }));
      return;
  }
  if (!isElementwise(op)) throw new BadInput(`A network with the operator ${op} has no form in TFLite.`);
  elementwise(values, each);
}

function dense(values: Values, each: Operator): void {
  const { made, at } = values;
  const { inputs, output } = each;
  const [x, weight, bias] = inputs;
  const weights = values.weightsAt(weight, [1, 0], 1);
  const isRounded = made.tensors[weights].type === 'INT8';
  const options = table('FullyConnectedOptions', {
    ...activationField(each),
    keepNumDims: true,
    asymmetricQuantizeInputs: isRounded,
  });
  const given = [at(x), weights, bias === undefined ? -1 : at(bias)];
  const more = { name: output, version: isRounded ? 12 : 6, options };
  values.put(output, made.operator('FULLY_CONNECTED', given, values.shapeOf(output), more));
}

const REDUCTIONS = { ReduceMean: 'MEAN', ReduceMax: 'REDUCE_MAX', ReduceMin: 'REDUCE_MIN' } as const;

function reduction(values: Values, { op, inputs: [x], output, attributes }: Operator): void {
  const { made, shapeOf } = values;
  const shape = shapeOf(x);
  const axes = ((attributes.axes as number[] | undefined) ?? shape.map((_, i) => i)).map((axis) =>
    axis < 0 ? axis + shape.length : axis,
  );
  // What is left of a map when its positions are gone lies alike in both orders.
  const isOverMap = values.isLast(x) && attributes.keepdims === 0 && `${axes}` === '2,3';
  const given = isOverMap ? [values.mapAt(x), made.whole([1, 2])] : [values.at(x), made.whole(axes)];
  const options = table('ReducerOptions', { keepDims: attributes.keepdims === 1 });
  const written = REDUCTIONS[op as keyof typeof REDUCTIONS];
  values.put(output, made.operator(written, given, shapeOf(output), { name: output, options }));
}

/** (x − mean) / √(variance + ε) · scale + shift along the last axis. */
function layerNorm({ made, at, shapeOf, put }: Values, { inputs, output, attributes }: Operator): void {
  const [x, scale, shift] = inputs.map(at);
  const shape = shapeOf(output);
  const one = shape.with(-1, 1);
  const axis = made.whole([shape.length - 1]);
  const operator = (op: TfliteOperator['op'], given: number[], options?: AnyTable, sums = shape): number =>
    made.operator(op, given, sums, options && { options });
  const mean = (value: number) =>
    operator('MEAN', [value, axis], table('ReducerOptions', { keepDims: true }), one);
  const multiply = (a: number, b: number) => operator('MUL', [a, b], table('MulOptions', {}));
  const centre = mean(x);
  const squares = operator('SQUARED_DIFFERENCE', [x, centre], table('SquaredDifferenceOptions', {}));
  const epsilon = made.float((attributes.epsilon as { float: number }).float);
  const variance = operator('ADD', [mean(squares), epsilon], table('AddOptions', {}), one);
  const inverse = operator('RSQRT', [variance], undefined, one);
  const centred = operator('SUB', [x, centre], table('SubOptions', {}));
  const scaled = multiply(multiply(centred, inverse), scale);
  put(
    output,
    made.operator('ADD', [scaled, shift], shape, { name: output, options: table('AddOptions', {}) }),
  );
}
