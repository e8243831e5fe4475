/** One way to prune fields, as plain values: recipes and the page read this without the engine. */
import { BadInput } from '../../errors';
import type { GcnnModel } from '../../families/gcnn/model';
import type { CriterionId } from '../criteria';
import type { KeptFields } from './extract';
import type { Budget } from './rank';

export const FIELD_COMPENSATIONS = ['none', 'mean', 'norms'] as const;
/** `mean`: the next bias takes up the mean of what goes; `norms`: the norms are re-estimated on training tiles. */
export type FieldCompensation = (typeof FIELD_COMPENSATIONS)[number];

/**
 * A share of the fields of each block (of so many, where some are gone already), a budget met across blocks, or the very
 * fields that stay, by block: what was chosen once, by measuring perhaps, is not chosen again.
 */
export type FieldTarget =
  | { readonly ratio: number; readonly of?: readonly number[] }
  | { readonly budget: Budget }
  | { readonly kept: readonly (readonly number[])[] };

export interface FieldChoice {
  readonly method: CriterionId;
  readonly compensation: FieldCompensation;
  readonly target: FieldTarget;
  /** Blocks to prune, from 1; absent: all. */
  readonly blocks?: readonly number[];
  /** For the random criterion. */
  readonly seed: number;
}

/** Throws `BadInput` for a layer the trunk does not have. */
export function requireBlocks({ arch }: Pick<GcnnModel, 'arch'>, blocks: readonly number[]): void {
  const wrong = blocks.find((block) => !Number.isInteger(block) || block < 1 || block > arch.blocks.length);
  if (wrong === undefined && blocks.length > 0) return;
  throw new BadInput(
    `There is no layer ${wrong ?? '(none was named)'}: this network's convolutions are 1 to ${arch.blocks.length}.`,
  );
}

/** The named fields, checked. Throws `BadInput` where they are not some of each block's, ascending. */
export function requireFields(
  { arch }: Pick<GcnnModel, 'arch'>,
  kept: readonly (readonly number[])[],
): KeptFields {
  const fits =
    kept.length === arch.blocks.length &&
    kept.every(
      (fields, i) =>
        fields.length > 0 &&
        fields.every(
          (field, j) =>
            Number.isInteger(field) && field > (fields[j - 1] ?? -1) && field < arch.blocks[i].fields,
        ),
    );
  if (!fits) {
    const counts = arch.blocks.map(({ fields }) => fields).join(', ');
    throw new BadInput(
      `The fields that are to stay are not this network's: name at least one of each layer, ascending, of ${counts} fields.`,
    );
  }
  return kept.map((fields) => Uint32Array.from(fields));
}
