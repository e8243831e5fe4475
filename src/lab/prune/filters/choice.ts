/** What may be chosen when filters are pruned. */
import type { CriterionId } from '../criteria';

/** `mean`: what a filter is on average goes into the biases of the layers that read it (VBP). */
export const FILTER_COMPENSATIONS = ['none', 'mean'] as const;
export type FilterCompensation = (typeof FILTER_COMPENSATIONS)[number];

export const isFilterCompensation = (name: string): name is FilterCompensation =>
  (FILTER_COMPENSATIONS as readonly string[]).includes(name);

export interface FilterChoice {
  readonly method: CriterionId;
  readonly compensation: FilterCompensation;
  /** Share of the filters of each bundle to remove, 0 ≤ ratio < 1. */
  readonly ratio: number;
  /** For the random criterion. */
  readonly seed: number;
}
