/**
 * Numbers that are none. Infinity and NaN come from a training that went astray or from weights too large to multiply, and
 * every comparison with NaN is false: what does not look for it takes it for the smallest, for equal, for nothing.
 */
import { BadInput } from './errors';

/** Something was computed that is no finite number. The message says what. */
export class NotFinite extends BadInput {
  override readonly name: string = 'NotFinite';
}

/** "NaN", "Infinity". */
const called = (value: number): string => (Number.isNaN(value) ? 'NaN' : String(value));

/** The first value that is no finite number, or undefined. */
export function firstNotFinite(values: ArrayLike<number>): number | undefined {
  // What is finite is nothing times zero, and all others are NaN: one test for all of them.
  let poison = 0;
  for (let i = 0; i < values.length; i++) poison += values[i] * 0;
  if (poison === 0) return undefined;
  return Array.prototype.find.call(values, (value: number) => !Number.isFinite(value));
}

/** The values as they are. Throws `NotFinite` where one is no finite number; `what` they are: "The network's answers". */
export function requireFinite<Values extends ArrayLike<number>>(values: Values, what: string): Values {
  const wrong = firstNotFinite(values);
  if (wrong === undefined) return values;
  throw new NotFinite(
    `${what} hold ${called(wrong)}, which is no number to go on with: its weights are too large, or not those it was trained with.`,
  );
}

/** Where a record holds a number that is not finite: the way there and the number, "angles.0.accuracy is NaN"; or null. */
export function figureNotFinite(value: unknown, path: readonly string[] = []): string | null {
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : `${path.join('.') || 'a figure'} is ${called(value)}`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, each] of Object.entries(value)) {
    const found = figureNotFinite(each, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

/** Of weights by name, the first that is no finite number: "conv1.weight is NaN"; or null. */
export function weightNotFinite(
  params: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
): string | null {
  for (const [name, { data }] of Object.entries(params)) {
    const wrong = firstNotFinite(data);
    if (wrong !== undefined) return `${name} is ${called(wrong)}`;
  }
  return null;
}
