/** A graph of ordinary operators with those put together that TensorFlow Lite has as one. */
import type { Constant, Operator, OperatorGraph } from '../../families/operators';

/** x · W + bias with constant weights [in, out]: inputs [x, W, bias?]. */
export const DENSE = 'Dense';
/** x · ½(1 + erf(x/√2)) */
export const GELU = 'Gelu';

/** What is done with each number of a result: attribute `activation` of Conv, Dense and Add. */
export const ACTIVATIONS = ['NONE', 'RELU', 'RELU6'] as const;

/**
 * Products with constants and the biases that follow become `Dense`, the operators of a GELU one, and a ReLU that alone reads
 * a convolution, a product or a sum becomes a part of it. What the graph computes is the same.
 */
export function fused(graph: OperatorGraph): OperatorGraph {
  return [withDense, withGelu, withActivations].reduce((made, step) => step(made), graph);
}

/** Who reads each value: the last one is read by the world. */
function readersOf({ operators, output }: OperatorGraph): (name: string) => readonly Operator[] {
  const readers = new Map<string, Operator[]>([[output, [WORLD]]]);
  for (const each of operators)
    for (const name of each.inputs) readers.set(name, [...(readers.get(name) ?? []), each]);
  return (name) => readers.get(name) ?? [];
}
const WORLD: Operator = { op: '', inputs: [], output: '', attributes: {} };

function withDense(graph: OperatorGraph): OperatorGraph {
  const readers = readersOf(graph);
  const gone = new Set<Operator>();
  const operators = graph.operators.flatMap((each): Operator[] => {
    if (gone.has(each)) return [];
    const [x, weight] = each.inputs;
    const isDense = (each.op === 'MatMul' || each.op === 'MatMulInteger') && weight in graph.constants;
    if (!isDense) return [each];
    const sum = onlyReader(readers, each.output, 'Add');
    const bias = sum?.inputs.find((name) => name !== each.output);
    const isBias = bias !== undefined && isRow(graph.constants[bias], graph.constants[weight].shape[1]);
    if (!sum || !isBias) return [{ ...each, op: DENSE }];
    gone.add(sum);
    return [{ ...each, op: DENSE, inputs: [x, weight, bias], output: sum.output }];
  });
  return { ...graph, operators };
}

const isRow = (constant: Constant | undefined, length: number): boolean =>
  constant?.shape.length === 1 && constant.shape[0] === length;

function onlyReader(
  readers: (name: string) => readonly Operator[],
  name: string,
  op: string,
): Operator | undefined {
  const [reader, ...others] = readers(name);
  return others.length === 0 && reader?.op === op ? reader : undefined;
}

function withGelu(graph: OperatorGraph): OperatorGraph {
  const makers = new Map(graph.operators.map((each) => [each.output, each]));
  const readers = readersOf(graph);
  const number = (name: string): number | undefined => {
    const constant = graph.constants[name];
    return constant?.data.length === 1 ? Number(constant.data[0]) : undefined;
  };
  /** The other input of an operator of two, of which one is this number. */
  const beside = (each: Operator | undefined, op: string, value: number): string | undefined => {
    if (each?.op !== op) return undefined;
    const at = each.inputs.findIndex((name) => number(name) === Math.fround(value));
    return at === -1 ? undefined : each.inputs[1 - at];
  };
  const gone = new Set<Operator>();
  const gelus = new Map<Operator, string>();
  for (const erf of graph.operators.filter(({ op }) => op === 'Erf')) {
    const inner = makers.get(erf.inputs[0]);
    const x = beside(inner, 'Mul', Math.SQRT1_2);
    const sum = onlyReader(readers, erf.output, 'Add');
    const half = sum && beside(sum, 'Add', 1) === erf.output && onlyReader(readers, sum.output, 'Mul');
    const product =
      half && beside(half, 'Mul', 0.5) === sum.output && onlyReader(readers, half.output, 'Mul');
    if (x === undefined || !product || !product.inputs.includes(x)) continue;
    for (const each of [inner!, erf, sum, half]) gone.add(each);
    gelus.set(product, x);
  }
  const operators = graph.operators
    .filter((each) => !gone.has(each))
    .map((each) => {
      const x = gelus.get(each);
      return x === undefined ? each : { ...each, op: GELU, inputs: [x] };
    });
  return { ...graph, operators };
}

function withActivations(graph: OperatorGraph): OperatorGraph {
  const readers = readersOf(graph);
  const gone = new Set<Operator>();
  const operators = graph.operators.flatMap((each): Operator[] => {
    if (gone.has(each)) return [];
    if (!['Conv', DENSE, 'Add'].includes(each.op)) return [each];
    const [reader, ...others] = readers(each.output);
    const activation = others.length === 0 ? activationOf(reader, graph) : 0;
    if (activation === 0) return [each];
    gone.add(reader);
    return [{ ...each, output: reader.output, attributes: { ...each.attributes, activation } }];
  });
  return { ...graph, operators };
}

/** By its place among ACTIVATIONS. */
export function activationOf({ op, inputs }: Operator, { constants }: OperatorGraph): number {
  if (op === 'Relu') return ACTIVATIONS.indexOf('RELU');
  const [low, high] = inputs.slice(1).map((name) => constants[name]?.data[0]);
  return op === 'Clip' && low === 0 && high === 6 ? ACTIVATIONS.indexOf('RELU6') : 0;
}
