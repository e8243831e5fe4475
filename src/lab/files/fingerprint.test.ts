import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyModel } from '../nn/model';
import { quantiseModel } from '../quantize/quantise';
import { fingerprintOf } from './fingerprint';
import { decodeAnyModel, encodeModel } from './modelFile';
import { kinds } from './onnx/testing/kinds';

const shuffled = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length });

/** Every kind, in floats and in integers, as far as it can be rounded. */
function forms(): [string, AnyModel][] {
  const rounded = (name: string, model: AnyModel) =>
    (['dense', 'all'] as const).flatMap((layers): [string, AnyModel][] => {
      try {
        return [[`${name}, INT8 ${layers}`, quantiseModel(model, { layers, range: 'batch' })]];
      } catch {
        return [];
      }
    });
  return Object.entries(kinds()).flatMap(([name, model]): [string, AnyModel][] => [
    [name, model],
    ...rounded(name, model),
  ]);
}

describe.each(forms())('%s', (_, model) => {
  test('has the fingerprint of its own file', () => {
    expect(fingerprintOf(decodeAnyModel(encodeModel(model)))).toBe(fingerprintOf(model));
  });

  test('has the same bytes in whatever order its weights were put together', () => {
    const bytes = encodeModel(model);
    fc.assert(
      fc.property(
        shuffled(Object.entries(model.params)),
        shuffled(Object.entries(model.int8 ?? {})),
        (params, int8) => {
          const other = { ...model, params: Object.fromEntries(params) };
          const whole = model.int8 ? { ...other, int8: Object.fromEntries(int8) } : other;
          expect(encodeModel(whole)).toEqual(bytes);
        },
      ),
      { numRuns: 5 },
    );
  });
});
