/**
 * What can be removed inside the blocks of a transformer, as a whole: a hidden field of an MLP (a neuron, where there is no
 * group) with its column of fc1 and its row of fc2, or a head of attention with its queries, keys and values and its rows of
 * the map behind it. A field goes with all its |G| channels, so what is left is as equivariant as before.
 */
import { blockName } from '../../families/vit/layout';
import type { VitModel } from '../../families/vit/model';
import type { VitSpec } from '../../families/vit/spec';
import { GROUPS } from '../../symmetry/group';
import type { UnitFilters } from '../units/filters';

export const BLOCK_UNITS = ['mlp', 'heads'] as const;
/** `mlp`: hidden fields of the MLPs; `heads`: heads of attention. */
export type BlockUnit = (typeof BLOCK_UNITS)[number];

/** The units of one block. */
export interface BlockUnits {
  readonly unit: BlockUnit;
  /** From 0. */
  readonly block: number;
  readonly count: number;
  /** Fields of a unit among those that the next map reads, one unit after the other. */
  readonly fields: number;
  /** The map that computes them, how often they occur in it (queries, keys and values), and the map that reads them. */
  readonly into: string;
  readonly copies: number;
  readonly outOf: string;
}

/** The units of every block, in order. */
export function unitsOf({ blocks, headFields }: VitSpec, unit: BlockUnit): BlockUnits[] {
  return blocks.map(({ heads, hidden }, block) => {
    const name = blockName(block);
    return unit === 'mlp'
      ? { unit, block, count: hidden, fields: 1, into: `${name}.fc1`, copies: 1, outOf: `${name}.fc2` }
      : {
          unit,
          block,
          count: heads,
          fields: headFields,
          into: `${name}.qkv`,
          copies: 3,
          outOf: `${name}.proj`,
        };
  });
}

/** Where the fields of a unit lie among the outputs of `into`: in each copy, one after the other. */
export function columnsOf({ count, fields, copies }: BlockUnits, unit: number): number[] {
  return Array.from({ length: copies * fields }, (_, i) => {
    const [copy, field] = [Math.floor(i / fields), i % fields];
    return (copy * count + unit) * fields + field;
  });
}

/** … and among the inputs of `outOf`. */
export function rowsOf({ fields }: BlockUnits, unit: number): number[] {
  return Array.from({ length: fields }, (_, field) => unit * fields + field);
}

/** The weights by which units are computed: for each its columns, (input field, orientation) after (output field). */
export function unitFilters({ arch, params }: VitModel, units: BlockUnits): UnitFilters {
  const { data, shape } = params[`${units.into}.weight`];
  const [fieldsIn, order, outputs] = shape;
  const inputs = fieldsIn * order;
  const width = units.copies * units.fields * inputs;
  const patterns = new Float32Array(units.count * width);
  for (let unit = 0, at = 0; unit < units.count; unit++) {
    for (const column of columnsOf(units, unit)) {
      for (let i = 0; i < inputs; i++) patterns[at++] = data[i * outputs + column];
    }
  }
  return { units: units.count, width, patterns, actions: actionsOn(arch, width) };
}

/** Another orientation of a unit reads its inputs shifted: (k·w)[h] = w[k⁻¹h]. */
function actionsOn({ group }: VitSpec, width: number): Uint32Array[] {
  const { elements, multiply, inverse, order } = GROUPS[group];
  return elements.map((_, k) =>
    Uint32Array.from({ length: width }, (_, i) => {
      const h = i % order;
      return i - h + multiply[inverse[k]][h];
    }),
  );
}
