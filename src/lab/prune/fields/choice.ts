/** One way to prune fields, as plain values: recipes and the page read this without the engine. */
import { BadInput } from '../../errors';
import type { GcnnModel } from '../../families/gcnn/model';
import type { CriterionId } from '../criteria';
import type { Budget } from './rank';

export const FIELD_COMPENSATIONS = ['none', 'mean', 'norms'] as const;
/** `mean`: the next bias takes up the mean of what goes; `norms`: the norms are re-estimated on training tiles. */
export type FieldCompensation = (typeof FIELD_COMPENSATIONS)[number];

export interface FieldChoice {
  readonly method: CriterionId;
  readonly compensation: FieldCompensation;
  /** A share of the fields of each block (of so many, where some are gone already), or a budget met across blocks. */
  readonly target: { readonly ratio: number; readonly of?: readonly number[] } | { readonly budget: Budget };
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
