/** Each operator of a graph as statements in C, for one picture. */
import { BadInput } from '../../errors';
import type { Constant, Operator, OperatorGraph } from '../../families/operators';
import { sizeOf } from '../../nn/model';
import type { LibraryName } from './library';
import type { Memory } from './memory';
import { reduction, type Value, wholeNumbers, windowOf } from './shapes';
import { arrayOf, floatLiteral, identifier } from './write';

export interface Written {
  /** A line or a few for each operator. */
  readonly statements: readonly string[];
  /** Constant arrays that these read. */
  readonly arrays: readonly string[];
  /** Bytes of these. */
  readonly bytes: number;
  readonly used: ReadonlySet<LibraryName>;
}

/** C's name for the array in which values of a type lie. */
export const ARRAYS = { float: 'orbit_floats', uint8_t: 'orbit_levels', int32_t: 'orbit_sums' } as const;

export function statementsOf(
  { operators, constants }: OperatorGraph,
  values: ReadonlyMap<string, Value>,
  { places }: Memory,
): Written {
  const used = new Set<LibraryName>();
  const arrays = new Map<string, string>();
  let bytes = 0;
  /** Filters in integers, by the name under which a convolution reads them: the integers, and their scales. */
  const integers = new Map<string, readonly string[]>();

  const named = new Map<string, string>();
  const store = (name: string, { data }: Constant): string => {
    const stored = named.get(name);
    if (stored) return stored;
    // Names of layers from elsewhere may differ in signs alone that C does not have.
    const plainName = identifier(name);
    const known = arrays.has(plainName) ? `${plainName}_${arrays.size}` : plainName;
    named.set(name, known);
    // Positions in a map: no map has more than 65,535.
    const isIndex = data instanceof BigInt64Array;
    arrays.set(known, arrayOf(isIndex ? 'uint16_t' : values.get(name)!.type, known, data));
    bytes += isIndex ? 2 * data.length : data.byteLength;
    return known;
  };
  /** Where a value's numbers begin. */
  const at = (name: string): string => {
    if (name in constants) return store(name, constants[name]);
    const { type, offset } = places.get(name)!;
    return `${ARRAYS[type as keyof typeof ARRAYS]} + ${offset}`;
  };
  const shape = (name: string) => values.get(name)!.shape;
  const size = (name: string) => sizeOf(shape(name));
  const call = (name: LibraryName, ...given: (string | number)[]): string => {
    used.add(name);
    return `orbit_${name}(${given.join(', ')});`;
  };

  /** One number of a value, where an operator gives number i of its result. */
  const number = (name: string, result: readonly number[]): string => {
    const constant = constants[name];
    if (constant && constant.data.length === 1) return literal(constant);
    const index = indexOf(shape(name), result);
    const place = places.get(name);
    if (!place) return `${at(name)}[${index}]`;
    const { type, offset } = place;
    const where = offset === 0 ? index : index === '0' ? `${offset}` : `${offset} + ${index}`;
    return `${ARRAYS[type as keyof typeof ARRAYS]}[${where}]`;
  };
  /** Number by number. */
  const each = (output: string, formula: (...given: string[]) => string, ...inputs: string[]): string => {
    const result = shape(output);
    const given = inputs.map((name) => number(name, result));
    return `for (int i = 0; i < ${sizeOf(result)}; i++) ${number(output, result)} = ${formula(...given)};`;
  };
  const moved = (from: string, to: string, dims: readonly Dim[], fromOffset = 0, toOffset = 0): string =>
    `{ const ${values.get(from)!.type} *from = ${at(from)}; ${values.get(to)!.type} *to = ${at(to)}; ${nest(
      dims,
      (path) => `to[${sum(path('to'), toOffset)}] = from[${sum(path('from'), fromOffset)}];`,
    )} }`;

  function statementOf({ op, inputs, output, attributes }: Operator): string {
    const [x, y, z] = inputs;
    switch (op) {
      case 'Conv': {
        const [, channels, height, width] = shape(x);
        const filters = integers.get(y);
        const { kernel, stride, pad } = windowOf(attributes);
        const weights = (filters ?? [y]).map(at);
        const sizes = [channels, height, width, shape(output)[1], kernel, stride, pad];
        return call(
          filters ? 'convolve8' : 'convolve',
          ...[at(x), ...weights, at(z), at(output)],
          ...[...sizes, attributes.group as number],
        );
      }
      case 'DequantizeLinear':
        if (!(x in constants)) break;
        integers.set(output, [x, y]);
        return '';
      case 'MaxPool':
      case 'AveragePool': {
        const [, channels, height, width] = shape(x);
        const { kernel, stride, pad } = windowOf(attributes);
        const name = op === 'MaxPool' ? 'pool' : 'average';
        return call(name, at(x), at(output), channels, height, width, kernel, stride, pad);
      }
      case 'MatMul':
      case 'MatMulInteger': {
        const [inner, columns] = shape(y).slice(-2);
        const name = op === 'MatMul' ? 'multiply' : 'multiply8';
        const times = sizeOf(shape(y).slice(0, -2));
        const rows = size(x) / inner / times;
        if (times === 1) return call(name, at(x), at(y), at(output), rows, inner, columns);
        const step = (from: string, length: number) => `${at(from)} + i * ${length}`;
        const parts = [step(x, rows * inner), step(y, inner * columns), step(output, rows * columns)];
        return `for (int i = 0; i < ${times}; i++) ${call(name, ...parts, rows, inner, columns)}`;
      }
      case 'ReduceMax':
      case 'ReduceMin':
      case 'ReduceMean': {
        const name = ({ ReduceMax: 'largest', ReduceMin: 'smallest', ReduceMean: 'mean' } as const)[op];
        const { before, within, behind } = reduction(shape(x), attributes);
        return call(name, at(x), at(output), before, within, behind);
      }
      case 'LayerNormalization': {
        const length = shape(x).at(-1)!;
        const epsilon = floatLiteral((attributes.epsilon as { float: number }).float);
        return call('layer_norm', at(x), at(y), at(z), at(output), size(x) / length, length, epsilon);
      }
      case 'Softmax': {
        const length = shape(x).at(-1)!;
        return call('softmax', at(x), at(output), size(x) / length, length);
      }
      case 'Relu':
        return each(output, (a) => `${a} < 0.0f ? 0.0f : ${a}`, x);
      case 'Clip':
        return each(output, (a, low, high) => `orbit_larger(${low}, orbit_smaller(${high}, ${a}))`, x, y, z);
      case 'Max':
        return each(output, (a, b) => `orbit_larger(${a}, ${b})`, x, y);
      case 'Min':
        return each(output, (a, b) => `orbit_smaller(${a}, ${b})`, x, y);
      case 'Add':
        return each(output, (a, b) => `${a} + ${b}`, x, y);
      case 'Sub':
        return each(output, (a, b) => `${a} - ${b}`, x, y);
      case 'Mul':
        return each(output, (a, b) => `${a} * ${b}`, x, y);
      case 'Div':
        return each(output, (a, b) => `${a} / ${b}`, x, y);
      case 'Neg':
        return each(output, (a) => `-${a}`, x);
      case 'Round':
        return each(output, (a) => `rintf(${a})`, x);
      case 'Erf':
        return each(output, (a) => `erff(${a})`, x);
      case 'Equal':
        return each(output, (a, b) => `${a} == ${b}`, x, y);
      case 'Where':
        return each(output, (is, a, b) => `${is} ? ${a} : ${b}`, x, y, z);
      case 'Cast':
        return each(output, (a) => `(${values.get(output)!.type})${a}`, x);
      case 'Reshape':
        return '';
      case 'Transpose': {
        const [from, to] = [strides(shape(x)), strides(shape(output))];
        const perm = attributes.perm as number[];
        return moved(
          x,
          output,
          perm.map((axis, i) => ({ size: shape(x)[axis], from: from[axis], to: to[i] })),
        );
      }
      case 'Slice': {
        const [[start], , [axis]] = [y, z, inputs[3]].map((name) => wholeNumbers(constants[name]));
        return moved(
          x,
          output,
          alike(shape(output), shape(x), shape(output)),
          start * strides(shape(x))[axis],
        );
      }
      case 'Pad': {
        const pads = wholeNumbers(constants[y]);
        const begin = strides(shape(output)).reduce((total, step, i) => total + step * pads[i], 0);
        const empty = `for (int i = 0; i < ${size(output)}; i++) (${at(output)})[i] = 0.0f;`;
        return `${empty}\n    ${moved(x, output, alike(shape(x), shape(x), shape(output)), 0, begin)}`;
      }
      case 'Gather': {
        const axis = attributes.axis as number;
        const chosen = constants[y];
        const [before, behind] = [sizeOf(shape(x).slice(0, axis)), sizeOf(shape(x).slice(axis + 1))];
        const [all, count] = [shape(x)[axis], chosen.data.length];
        const outer = { size: before, from: all * behind, to: count * behind };
        const inner = { size: behind, from: 1, to: 1 };
        if (count === 1) return moved(x, output, [outer, inner], Number(chosen.data[0]) * behind);
        return `{ const float *from = ${at(x)}; float *to = ${at(output)}; ${nest(
          [outer, { size: count, from: 0, to: behind }, inner],
          (path, indices) =>
            `to[${path('to')}] = from[${sum(path('from'), 0)} + ${at(y)}[${indices[1]}]${behind === 1 ? '' : ` * ${behind}`}];`,
        )} }`;
      }
    }
    throw new BadInput(`A network with the operator ${op} has no form in C.`);
  }

  const statements = operators.map(statementOf).filter((line) => line !== '');
  return { statements, arrays: [...arrays.values()], bytes, used };
}

/** A loop: how often, and how far each turn goes in what is read and in what is written. */
interface Dim {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

const INDICES = ['i', 'j', 'k', 'l', 'm', 'n'];

/** Loops around a statement. path: the sum of indices times steps. */
function nest(
  dims: readonly Dim[],
  body: (path: (which: 'from' | 'to') => string, indices: readonly string[]) => string,
): string {
  const indices = dims.map(({ size }, d) => (size === 1 ? '0' : INDICES[d]));
  const path = (which: 'from' | 'to') =>
    dims
      .flatMap((dim, d) => (dim.size === 1 || dim[which] === 0 ? [] : [product(indices[d], dim[which])]))
      .join(' + ') || '0';
  const loops = dims.flatMap(({ size }, d) =>
    size === 1 ? [] : [`for (int ${indices[d]} = 0; ${indices[d]} < ${size}; ${indices[d]}++) `],
  );
  return `${loops.join('')}${body(path, indices)}`;
}

const product = (index: string, step: number): string => (step === 1 ? index : `${index} * ${step}`);

const sum = (path: string, offset: number): string => (offset === 0 ? path : `${path} + ${offset}`);

/** Axis by axis between two shapes of the same axes. */
const alike = (dims: readonly number[], from: readonly number[], to: readonly number[]): Dim[] => {
  const [fromSteps, toSteps] = [strides(from), strides(to)];
  return dims.map((size, i) => ({ size, from: fromSteps[i], to: toSteps[i] }));
};

const strides = (shape: readonly number[]): number[] => shape.map((_, i) => sizeOf(shape.slice(i + 1)));

/** Which number of a value belongs to number i of a result that it is broadcast to. */
export function indexOf(shape: readonly number[], result: readonly number[]): string {
  const padded = [...Array<number>(result.length - shape.length).fill(1), ...shape];
  const terms: string[] = [];
  for (let axis = result.length - 1; axis >= 0; axis--) {
    if (padded[axis] === 1) continue;
    // Neighbouring axes that both have are counted as one.
    const behind = axis;
    while (axis > 0 && padded[axis - 1] === result[axis - 1]) axis--;
    const [after, step] = [sizeOf(result.slice(behind + 1)), sizeOf(padded.slice(behind + 1))];
    const apart = after === 1 ? 'i' : `i / ${after}`;
    const isAll = sizeOf(result.slice(0, axis)) === 1;
    const part = isAll ? apart : `${apart} % ${sizeOf(result.slice(axis, behind + 1))}`;
    terms.unshift(step === 1 ? part : `${part} * ${step}`);
  }
  return terms.length === 0 ? '0' : terms.join(' + ');
}

function literal({ data }: Constant): string {
  const [value] = data;
  return data instanceof Float32Array ? floatLiteral(value as number) : `${value}`;
}
