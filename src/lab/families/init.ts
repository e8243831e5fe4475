/**
 * Fresh parameters, drawn from a stream named by seed and parameter, so that the order of layers is irrelevant.
 * Uniform with variance 2/fan-in for convolutions (He) and 1/(3·fan-in) for dense layers (PyTorch's default: the
 * pooled features are positive and large, and He's variance would start with logits in the tens).
 */

import type { Param, Params } from '../nn/model';
import { uniform } from '../random';
import type { AnyArch } from './anyArch';
import { paramShapes, sizeOf } from './gcnn/layout';

/** Start values of all parameters of `arch` from `seed`. */
export function initialParams(arch: AnyArch, seed: number): Params {
  const params: Record<string, Param> = {};
  for (const [name, shape] of paramShapes(arch)) {
    params[name] = { shape, data: initialData(name, shape, seed) };
  }
  return params;
}

function initialData(name: string, shape: readonly number[], seed: number): Float32Array {
  const [layer, part] = name.split('.');
  const data = new Float32Array(sizeOf(shape));
  if (part === 'scale' || part === 'variance') return data.fill(1);
  if (part !== 'weight') return data;
  // A filter has fields_in · S_in · b free values; an orthonormal basis keeps the variance (science §2).
  const fanIn = sizeOf(shape) / shape.at(-1)!;
  const variance = (layer.startsWith('dense') ? 1 / 3 : 2) / fanIn;
  const bound = Math.sqrt(3 * variance);
  const next = uniform(seed, 'init', name);
  for (let i = 0; i < data.length; i++) data[i] = (2 * next() - 1) * bound;
  return data;
}
