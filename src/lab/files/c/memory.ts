/** Where the values of a graph lie while it runs: one array for each type of number, used over and over. */
import type { Operator, OperatorGraph } from '../../families/operators';
import { sizeOf } from '../../nn/model';
import type { NumberType, Value } from './shapes';

/** Some numbers of the array of a type, and from which operator to which they are needed. */
interface Span {
  readonly type: NumberType;
  readonly length: number;
  readonly first: number;
  last: number;
  offset: number;
}

export interface Memory {
  /** Where a value begins. Constants and filters that are unrounded on the way have no place. */
  readonly places: ReadonlyMap<string, { readonly type: NumberType; readonly offset: number }>;
  /** Numbers of each type. */
  readonly lengths: ReadonlyMap<NumberType, number>;
}

/** What gives number by number, and may write where it reads. */
const IN_PLACE = new Set(['Relu', 'Clip', 'Round', 'Neg', 'Erf', 'Add', 'Sub', 'Mul', 'Div', 'Softmax']);

/** Values whose lives do not overlap share numbers; the largest are placed first, as low as they can be. */
export function planMemory(
  { operators, constants, input, output }: OperatorGraph,
  values: ReadonlyMap<string, Value>,
): Memory {
  const lastUse = lastUses(operators);
  // The answer is handed out after the last operator.
  lastUse.set(output, operators.length);
  const spans = new Map<string, Span>();
  const add = (name: string, first: number): void => {
    const { shape, type } = values.get(name)!;
    const last = lastUse.get(name) ?? first;
    spans.set(name, { type, length: sizeOf(shape), first, last, offset: 0 });
  };
  add(input, 0);
  for (const [at, each] of operators.entries()) {
    if (each.op === 'DequantizeLinear') continue;
    const shared = sharedBy(each, at);
    if (!shared) {
      add(each.output, at);
      continue;
    }
    shared.last = Math.max(shared.last, lastUse.get(each.output) ?? at);
    spans.set(each.output, shared);
  }

  function sharedBy({ op, inputs, output: to }: Operator, at: number): Span | undefined {
    if (op === 'Reshape') return spans.get(inputs[0]);
    if (!IN_PLACE.has(op)) return undefined;
    const { shape, type } = values.get(to)!;
    return inputs
      .filter((name) => !(name in constants))
      .map((name) => spans.get(name)!)
      .find((span) => span.type === type && span.length === sizeOf(shape) && span.last <= at);
  }

  const placed: Span[] = [];
  for (const span of [...new Set(spans.values())].sort((a, b) => b.length - a.length)) {
    const beside = placed
      .filter(({ type, first, last }) => type === span.type && first <= span.last && last >= span.first)
      .sort((a, b) => a.offset - b.offset);
    for (const { offset, length } of beside) {
      if (span.offset + span.length <= offset) break;
      span.offset = Math.max(span.offset, offset + length);
    }
    placed.push(span);
  }
  const lengths = new Map<NumberType, number>();
  for (const { type, offset, length } of placed)
    lengths.set(type, Math.max(lengths.get(type) ?? 0, offset + length));
  return { places: spans, lengths };
}

function lastUses(operators: readonly Operator[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const [at, { inputs }] of operators.entries()) for (const name of inputs) uses.set(name, at);
  return uses;
}
