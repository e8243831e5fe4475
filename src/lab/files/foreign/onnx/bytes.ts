/** Graphs that read bytes: what they do to a picture before the first layer. */
import { PICTURE } from '../../../families/imported/spec';
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { Misfit, type Reading } from './reading';
import type { Attributes } from './values';

/** What normalises bytes. */
const STEPS_OF_BYTES: ReadonlySet<string> = new Set(['Cast', 'Transpose', 'Add', 'Sub', 'Mul', 'Div']);

/** The graph's input is bytes as pictures lie in memory, [N, S, S, channels]. */
export function beginWithBytes(reading: Reading, name: string, channels: number): void {
  const ones = new Array<number>(channels).fill(1);
  reading.preludes.set(name, { factor: ones, shift: ones.map(() => 0), isTransposed: false });
}

/** What happens to bytes before the first layer; whether the node is a part of it. */
export function startsWithBytes(
  reading: Reading,
  { opType, input, output }: NodeProto,
  attributes: Attributes,
): boolean {
  const at = input.findIndex((name) => reading.preludes.has(name));
  if (at < 0) return false;
  const prelude = reading.preludes.get(input[at])!;
  if (prelude.isTransposed && !STEPS_OF_BYTES.has(opType)) return false;
  const next = { ...prelude };
  if (opType === 'Transpose') {
    if (attributes.list('perm')?.join() !== '0,3,1,2')
      throw new Misfit('puts the axes of a picture into an order that is not known');
    Object.assign(next, { isTransposed: true });
  } else if (opType !== 'Cast') {
    const constant = reading.constants.get(input[1 - at]);
    const isKnown =
      ['Add', 'Sub', 'Mul', 'Div'].includes(opType) &&
      constant &&
      (at === 0 || opType === 'Add' || opType === 'Mul');
    if (!isKnown) throw new Misfit('reads bytes, and only their normalisation is known there');
    const { factor, shift } = prelude;
    const numbers = factor.map((_, c) => constant.data[constant.data.length === 1 ? 0 : c]);
    if (constant.data.length !== 1 && constant.data.length !== factor.length)
      throw new Misfit('normalises by other than a number for each channel');
    const by = (c: number) => (opType === 'Div' ? 1 / numbers[c] : numbers[c]);
    const isFactor = opType === 'Mul' || opType === 'Div';
    Object.assign(next, {
      factor: factor.map((each, c) => (isFactor ? each * by(c) : each)),
      shift: shift.map((each, c) =>
        isFactor ? each * by(c) : opType === 'Sub' ? each - numbers[c] : each + numbers[c],
      ),
    });
  }
  reading.preludes.set(output[0], next);
  if (next.isTransposed) {
    // Any of these may be what the first layer reads.
    const dims = [next.factor.length, reading.size, reading.size];
    reading.values.set(output[0], { layer: PICTURE, dims, made: dims });
    reading.first = next;
  }
  return true;
}

/** What the graph itself does to bytes before its first layer, as mean and deviation of pixel/255. */
export function normalisationOf({ first }: Reading): {
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
} {
  if (!first) return {};
  const { factor, shift } = first;
  const std = factor.map((each) => 1 / (255 * each));
  return { mean: shift.map((each, c) => -each * std[c]), std };
}
