/**
 * Removing fields for real. A field is an orbit of |G| channels: it goes with its filters, its norm and its slices of
 * whatever reads it: the next convolution's input fields or, behind the last block, the head's inputs at all positions.
 * Masking (same shapes, the slices of the consumer zeroed) exists to check that extraction changes no logit.
 */

import { featureMap, headInputs } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { type Param, requireFloat } from '../../nn/model';
import { takeEntries, zeroEntries } from '../units/take';
import { removedUnits } from '../units/units';

/** By block, in order: the fields that stay, ascending. */
export type KeptFields = readonly Uint32Array[];

/** The model with only the kept fields. Throws `BadInput` for a network in integers. */
export function extractFields(model: GcnnModel, kept: KeptFields): GcnnModel {
  requireFloat(model);
  const params: Record<string, Param> = { ...model.params };
  const replace = (name: string, axis: number, chosen: Uint32Array) => {
    params[name] = takeEntries(params[name], axis, chosen);
  };
  kept.forEach((fields, i) => {
    replace(`conv${i + 1}.weight`, 3, fields);
    replace(`conv${i + 1}.bias`, 0, fields);
    for (const part of ['scale', 'shift', 'mean', 'variance']) replace(`norm${i + 1}.${part}`, 0, fields);
    if (i + 1 < kept.length) replace(`conv${i + 2}.weight`, 1, fields);
    else replace('dense1.weight', 0, headRows(model, fields));
  });
  const blocks = model.arch.blocks.map((block, i) => ({ ...block, fields: kept[i].length }));
  return { ...model, arch: { ...model.arch, blocks }, params };
}

/** The model with the removed fields silenced where they are read, and nothing shrunk. */
export function maskFields(model: GcnnModel, kept: KeptFields): GcnnModel {
  const params: Record<string, Param> = { ...model.params };
  kept.forEach((fields, i) => {
    const removed = removedUnits(fields, model.arch.blocks[i].fields);
    const [name, axis, slices] =
      i + 1 < kept.length
        ? ([`conv${i + 2}.weight`, 1, removed] as const)
        : (['dense1.weight', 0, headRows(model, removed)] as const);
    params[name] = zeroEntries(params[name], axis, slices);
  });
  return { ...model, params };
}

/** The rows of dense1 that read the given fields of the last block, in the order (y, x, field). */
export function headRows({ arch }: Pick<GcnnModel, 'arch'>, fields: Uint32Array): Uint32Array {
  const all = featureMap(arch).fields;
  const positions = headInputs(arch) / all;
  return Uint32Array.from(
    { length: positions * fields.length },
    (_, i) => Math.floor(i / fields.length) * all + fields[i % fields.length],
  );
}
