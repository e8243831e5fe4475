/**
 * Shrinking for real: the kept neurons' columns of dense1 and, cascading, their rows of dense2.
 * Masking (same shapes, removed rows zeroed) exists to check that extraction changes no logit.
 */
import type { GcnnModel } from '../../families/gcnn/model';
import type { Params } from '../../nn/model';
import { takeEntries, zeroEntries } from '../units/take';
import { removedUnits } from '../units/units';

/** The model with only the `kept` hidden neurons (ascending indices). */
export function extract(model: GcnnModel, kept: Uint32Array): GcnnModel {
  return shrunk(model, kept, kept);
}

/**
 * What goes wrong when the next layer's inputs do not follow: the right neurons are kept, but the *first*
 * rows of dense2 instead of theirs. A named counter-example (science §3.6), never used to prune.
 */
export function extractMisaligned(model: GcnnModel, kept: Uint32Array): GcnnModel {
  return shrunk(
    model,
    kept,
    kept.map((_, i) => i),
  );
}

/** The model with the removed neurons silenced and nothing shrunk. */
export function mask(model: GcnnModel, kept: Uint32Array): GcnnModel {
  const weight = model.params['dense2.weight'];
  return withParams(model, {
    'dense2.weight': zeroEntries(weight, 0, removedUnits(kept, weight.shape[0])),
  });
}

/** `model` with some parameters replaced. */
export function withParams(model: GcnnModel, replaced: Params): GcnnModel {
  return { ...model, params: { ...model.params, ...replaced } };
}

function shrunk(model: GcnnModel, columns: Uint32Array, rows: Uint32Array): GcnnModel {
  const { params, arch } = model;
  return {
    ...model,
    arch: { ...arch, head: { ...arch.head, hidden: columns.length } },
    params: {
      ...params,
      'dense1.weight': takeEntries(params['dense1.weight'], 1, columns),
      'dense1.bias': takeEntries(params['dense1.bias'], 0, columns),
      'dense2.weight': takeEntries(params['dense2.weight'], 0, rows),
    },
  };
}
