/**
 * Fresh parameters, drawn from a stream named by seed and parameter, so that the order of layers is irrelevant.
 * Which values a parameter starts with its layout says.
 */

import type { AnyArch } from '../nn/arch';
import { type Param, type Params, sizeOf } from '../nn/model';
import { uniform } from '../random';
import type { ParamLayout } from './family';
import { paramLayouts } from './layout';

/** Start values of all parameters of `arch` from `seed`. */
export function initialParams(arch: AnyArch, seed: number): Params {
  const params: Record<string, Param> = {};
  for (const layout of paramLayouts(arch)) {
    params[layout.name] = startParam(layout, seed);
  }
  return params;
}

/** What one parameter starts with. */
export const startParam = (layout: Pick<ParamLayout, 'name' | 'shape' | 'start'>, seed: number): Param => ({
  shape: layout.shape,
  data: initialData(layout, seed),
});

function initialData(
  { name, shape, start }: Pick<ParamLayout, 'name' | 'shape' | 'start'>,
  seed: number,
): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  if (typeof start === 'number') return data.fill(start);
  // A filter has fields_in · S_in · b free values; an orthonormal basis keeps the variance (science §2).
  const fanIn = sizeOf(shape) / shape.at(-1)!;
  const variance = start.gain / fanIn;
  const bound = Math.sqrt(3 * variance);
  const next = uniform(seed, 'init', name);
  for (let i = 0; i < data.length; i++) data[i] = (2 * next() - 1) * bound;
  return data;
}
