/** The tensors and operators of a file while they are being collected. */
import type { Tensor, TfliteGraph, TfliteOperator } from './encode';
import type { AnyTable } from './schema/write';

export interface Collected {
  readonly tensors: readonly Tensor[];
  readonly operators: readonly TfliteOperator[];
  add(tensor: Tensor): number;
  /** A list of whole numbers: shapes, axes, indices. The same are stored once. */
  whole(values: readonly number[], shape?: readonly number[]): number;
  float(value: number): number;
  /** Adds an operator; returns the tensor of its floats. */
  operator(
    op: TfliteOperator['op'],
    inputs: readonly number[],
    shape: readonly number[],
    more?: More,
  ): number;
  build(input: number, output: number): TfliteGraph;
}

export interface More {
  readonly name?: string;
  readonly version?: number;
  readonly type?: Tensor['type'];
  readonly options?: AnyTable;
}

export function collect(): Collected {
  const tensors: Tensor[] = [];
  const operators: TfliteOperator[] = [];
  const stored = new Map<string, number>();
  const add = (tensor: Tensor): number => tensors.push(tensor) - 1;
  const once = (tensor: Tensor): number => {
    const key = `${tensor.name} [${tensor.shape}]`;
    const known = stored.get(key) ?? add(tensor);
    stored.set(key, known);
    return known;
  };
  return {
    tensors,
    operators,
    add,
    whole: (values, shape = [values.length]) =>
      once({ name: `int32_${values.join('_')}`, shape, type: 'INT32', data: Int32Array.from(values) }),
    float: (value) =>
      once({ name: `float_${value}`, shape: [], type: 'FLOAT32', data: Float32Array.of(value) }),
    operator(op, inputs, shape, { name, version = 1, type = 'FLOAT32', options } = {}) {
      const output = add({ name: name ?? `${op}_${operators.length}`, shape, type });
      operators.push({ op, version, inputs, output, ...(options && { options }) });
      return output;
    },
    build: (input, output) => ({ tensors, operators, input, output }),
  };
}
