/** Operators that take number by number: maps stay as they lie. */
import type { Operator, OperatorGraph } from '../../families/operators';
import type { TfliteOperator } from './encode';
import { ACTIVATIONS, activationOf } from './fuse';
import { ActivationFunctionType } from './schema/tables';
import { type AnyTable, table } from './schema/write';
import type { Values } from './values';

/** The field of an operator's options that says what is done with each number of its result. */
export function activationField({ attributes }: Operator) {
  const name = ACTIVATIONS[(attributes.activation as number | undefined) ?? 0];
  return { fusedActivationFunction: ActivationFunctionType[name] };
}

interface Written {
  readonly op: TfliteOperator['op'];
  readonly options?: (each: Operator) => AnyTable;
}

const WRITTEN: Readonly<Record<string, Written>> = {
  Relu: { op: 'RELU' },
  Clip: { op: 'RELU6' },
  Round: { op: 'ROUND' },
  Neg: { op: 'NEG', options: () => table('NegOptions', {}) },
  Add: { op: 'ADD', options: (each) => table('AddOptions', activationField(each)) },
  Sub: { op: 'SUB', options: () => table('SubOptions', {}) },
  Mul: { op: 'MUL', options: () => table('MulOptions', {}) },
  Div: { op: 'DIV', options: () => table('DivOptions', {}) },
  Max: { op: 'MAXIMUM', options: () => table('MaximumMinimumOptions', {}) },
  Min: { op: 'MINIMUM', options: () => table('MaximumMinimumOptions', {}) },
  Equal: { op: 'EQUAL', options: () => table('EqualOptions', {}) },
  Where: { op: 'SELECT_V2', options: () => table('SelectV2Options', {}) },
};

export const isElementwise = (op: string): boolean => op in WRITTEN;

export function elementwise(values: Values, each: Operator): void {
  const { isMap, shapeOf, made } = values;
  const { op, output } = each;
  const written = WRITTEN[op];
  // The bounds of a clip are in its name.
  const given = op === 'Clip' ? each.inputs.slice(0, 1) : each.inputs;
  const isLast =
    isMap(output) &&
    given.some((name) => values.isLast(name)) &&
    given.every((name) => shapeOf(name).length === 0 || isMap(name));
  const inputs = given.map((name) => (isLast && isMap(name) ? values.mapAt(name) : values.at(name)));
  const shape = isLast ? values.mapShapeOf(output) : shapeOf(output);
  const result = made.operator(written.op, inputs, shape, {
    name: output,
    type: op === 'Equal' ? 'BOOL' : 'FLOAT32',
    ...(written.options && { options: written.options(each) }),
  });
  if (isLast) values.putMap(output, result);
  else values.put(output, result);
}

/** Between bounds: 0 and 6 have an operator of their own, others are a maximum and a minimum. */
export function clip(values: Values, each: Operator, graph: OperatorGraph): void {
  if (activationOf(each, graph) > 0) {
    elementwise(values, each);
    return;
  }
  const [x, low, high] = each.inputs;
  const floor = `${each.output}.floor`;
  values.name(floor, values.shapeOf(each.output));
  elementwise(values, { op: 'Max', inputs: [x, low], output: floor, attributes: {} });
  elementwise(values, { ...each, op: 'Min', inputs: [floor, high] });
}
