/**
 * Shrinking for real: the kept units' columns of the map into them and, cascading, their rows of the map out of them.
 * Masking (same shapes, removed rows zero) exists to check that extraction changes no logit.
 */
import type { VitModel } from '../../families/vit/model';
import type { VitBlock } from '../../families/vit/spec';
import type { Param } from '../../nn/model';
import { takeEntries, zeroEntries } from '../units/take';
import { removedUnits } from '../units/units';
import { type BlockUnit, columnsOf, rowsOf, unitsOf } from './units';

/** The model with only the `kept` units of every block (ascending indices). */
export function extractUnits(model: VitModel, unit: BlockUnit, kept: readonly Uint32Array[]): VitModel {
  const params: Record<string, Param> = { ...model.params };
  for (const units of unitsOf(model.arch, unit)) {
    const stays = kept[units.block];
    // Of each copy (queries, keys, values) all units, so that the copies stay one after the other.
    const perUnit = Array.from(stays, (each) => columnsOf(units, each));
    const columns = Array.from({ length: units.copies }, (_, copy) =>
      perUnit.flatMap((all) => all.slice(copy * units.fields, (copy + 1) * units.fields)),
    ).flat();
    const rows = Array.from(stays, (each) => rowsOf(units, each)).flat();
    const [weight, bias, next] = [`${units.into}.weight`, `${units.into}.bias`, `${units.outOf}.weight`];
    params[weight] = takeEntries(params[weight], 2, columns);
    params[bias] = takeEntries(params[bias], 0, columns);
    params[next] = takeEntries(params[next], 0, rows);
  }
  const left = (i: number): Partial<VitBlock> =>
    unit === 'mlp' ? { hidden: kept[i].length } : { heads: kept[i].length };
  const blocks = model.arch.blocks.map((block, i) => ({ ...block, ...left(i) }));
  return { ...model, arch: { ...model.arch, blocks }, params };
}

/** The model with all other units silenced and nothing shrunk. */
export function maskUnits(model: VitModel, unit: BlockUnit, kept: readonly Uint32Array[]): VitModel {
  const params: Record<string, Param> = { ...model.params };
  for (const units of unitsOf(model.arch, unit)) {
    const rows = Array.from(removedUnits(kept[units.block], units.count), (each) =>
      rowsOf(units, each),
    ).flat();
    const next = `${units.outOf}.weight`;
    params[next] = zeroEntries(params[next], 0, rows);
  }
  return { ...model, params };
}
