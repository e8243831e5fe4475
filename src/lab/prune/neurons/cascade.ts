/**
 * How the next layer follows when hidden neurons go. Only `aligned` is pruning; the others are named counter-examples
 * (science §3.6): what a published collapse looks like when the right neurons are kept and the layer after them is
 * broken. Nothing uses them but a person who asks for them by name.
 */

import type { GcnnModel } from '../../families/gcnn/model';
import { initialParams } from '../../families/init';
import { hashKey } from '../../random';
import { extract, extractMisaligned, withParams } from './extract';

export const CASCADES = ['aligned', 'misaligned', 're-initialised'] as const;
/** `misaligned`: the next matrix keeps its *first* rows; `re-initialised`: the next layer is drawn anew. */
export type Cascade = (typeof CASCADES)[number];

/** The model with only the `kept` hidden neurons (ascending); `seed` draws a layer that is made anew. */
export function extractWith(cascade: Cascade, model: GcnnModel, kept: Uint32Array, seed: number): GcnnModel {
  if (cascade === 'misaligned') return extractMisaligned(model, kept);
  const smaller = extract(model, kept);
  return cascade === 'aligned' ? smaller : withFreshOutput(smaller, seed);
}

/** From a stream of its own: the run's seed would give the rows the network was once trained from. */
function withFreshOutput(model: GcnnModel, seed: number): GcnnModel {
  const fresh = initialParams(model.arch, hashKey('re-initialised', seed));
  return withParams(model, {
    'dense2.weight': fresh['dense2.weight'],
    'dense2.bias': fresh['dense2.bias'],
  });
}
