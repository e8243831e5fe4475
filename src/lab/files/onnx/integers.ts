/**
 * A graph of floats in 8-bit integers with fixed ranges: QuantizeLinear and DequantizeLinear around what is multiplied, as
 * runtimes with integer arithmetic look for (onnxruntime.ai, “Quantize ONNX models”, QDQ).
 *
 * What goes into a convolution or a matrix product is rounded to the range that it had on some pictures, in steps of 1/127
 * of it: unlike 255 steps, these overflow on no processor (pairs of products are added up in 16 bits on some). Weights are
 * symmetric, with a scale for each output or one for a layer. Each rounding is the same for all channels and positions, so an
 * equivariant network stays one: with scales by output too, for all orientations of a field share the magnitudes of one filter.
 */
import type { Constant, Operator, OperatorGraph } from '../../families/operators';
import { levelScale, roundHalfEven } from '../../nn/ops/levels';
import type { Scales } from './choices';

/** The smallest and the largest that a value was, by its name. */
export type Ranges = ReadonlyMap<string, readonly [low: number, high: number]>;

/** The operators that multiply by constant weights, and the axis of these that is the output. */
const MULTIPLYING: Readonly<Record<string, number>> = { Conv: 0, MatMul: 1 };

/** The values that go into products with weights: what ranges are needed of. */
export function roundedValues({ operators, constants }: OperatorGraph): string[] {
  return [...new Set(operators.filter((each) => isWeighted(each, constants)).map(({ inputs }) => inputs[0]))];
}

const isWeighted = ({ op, inputs }: Operator, constants: OperatorGraph['constants']): boolean =>
  op in MULTIPLYING && constants[inputs[1]]?.data instanceof Float32Array;

/** The graph in integers. Throws where a range is missing. */
export function inIntegers(graph: OperatorGraph, ranges: Ranges, scales: Scales): OperatorGraph {
  const constants: Record<string, Constant> = { ...graph.constants };
  const operators: Operator[] = [];
  const rounded = new Map<string, { value: string; scale: number }>();
  const add = (op: string, inputs: readonly string[], output: string, attributes = {}): string => {
    operators.push({ op, inputs, output, attributes });
    return output;
  };

  const roundValue = (name: string): { value: string; scale: number } => {
    const known = rounded.get(name);
    if (known) return known;
    const range = ranges.get(name);
    if (!range) throw new Error(`No range is known of ${name}.`);
    const { scale, zeroPoint } = levelScale(...range);
    constants[`${name}.scale`] = { shape: [], data: Float32Array.of(scale) };
    constants[`${name}.zero`] = { shape: [], data: Uint8Array.of(zeroPoint) };
    const levels = [`${name}.scale`, `${name}.zero`];
    const quantised = add('QuantizeLinear', [name, ...levels], `${name}.levels`);
    const found = { value: add('DequantizeLinear', [quantised, ...levels], `${name}.rounded`), scale };
    rounded.set(name, found);
    return found;
  };

  for (const each of graph.operators) {
    if (!isWeighted(each, graph.constants)) {
      operators.push(each);
      continue;
    }
    const [input, weight, bias] = each.inputs;
    const axis = MULTIPLYING[each.op];
    const { value, scale } = roundValue(input);
    const { integers, steps } = roundWeights(graph.constants[weight], axis, scales);
    const perOutput = scales === 'channel';
    const shape = perOutput ? [steps.length] : [];
    delete constants[weight];
    constants[`${weight}.integers`] = integers;
    constants[`${weight}.scale`] = { shape, data: steps };
    constants[`${weight}.zero`] = { shape, data: new Int8Array(steps.length) };
    const parts = [`${weight}.integers`, `${weight}.scale`, `${weight}.zero`];
    const inputs = [value, add('DequantizeLinear', parts, weight, perOutput ? { axis } : {})];
    if (bias) {
      const product = steps.map((step) => step * scale);
      delete constants[bias];
      constants[`${bias}.integers`] = roundBias(graph.constants[bias], product);
      constants[`${bias}.scale`] = { shape, data: product };
      constants[`${bias}.zero`] = { shape, data: new Int32Array(product.length) };
      const biasParts = [`${bias}.integers`, `${bias}.scale`, `${bias}.zero`];
      inputs.push(add('DequantizeLinear', biasParts, bias, perOutput ? { axis: 0 } : {}));
    }
    operators.push({ ...each, inputs });
  }
  return { ...graph, operators, constants };
}

/** The highest integer of a weight; the lowest is its negative. */
const HIGHEST = 127;

/** s = max|W|/127 of each output or of all, q = round-half-even(W/s). */
export function roundWeights(
  { shape, data }: Constant,
  axis: number,
  scales: Scales,
): { integers: Constant; steps: Float32Array } {
  const outputs = shape[axis];
  const after = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const values = data as Float32Array;
  const of = (i: number): number => (scales === 'tensor' ? 0 : Math.floor(i / after) % outputs);
  const steps = new Float32Array(scales === 'tensor' ? 1 : outputs);
  values.forEach((value, i) => {
    steps[of(i)] = Math.max(steps[of(i)], Math.abs(value) / HIGHEST);
  });
  const integers = Int8Array.from(values, (value, i) => {
    const step = steps[of(i)];
    return step === 0 ? 0 : Math.max(-HIGHEST, Math.min(HIGHEST, roundHalfEven(value / step)));
  });
  // A scale of nothing divides nothing where there is nothing.
  return { integers: { shape, data: integers }, steps: steps.map((step) => step || 1) };
}

/** 32-bit integers in steps of what inputs and weights are in together. */
function roundBias({ shape, data }: Constant, steps: Float32Array): Constant {
  const most = 2 ** 31 - 1;
  const integers = Int32Array.from(data as Float32Array, (value, i) => {
    const level = roundHalfEven(value / steps[steps.length === 1 ? 0 : i]);
    return Math.max(-most, Math.min(most, level));
  });
  return { shape, data: integers };
}
