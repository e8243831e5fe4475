/** How the page names and draws the pruning methods and compensations. */

import type { CriterionId } from '../../lab/prune/criteria';
import type { Compensation } from '../../lab/prune/neurons/compensate';

export interface MethodLook {
  readonly name: string;
  readonly colour: string;
  /** SVG dash pattern of the line while the method is not the chosen one: told apart without colour. */
  readonly dash: string;
}

export const METHOD_LOOKS: Record<CriterionId, MethodLook> = {
  l2: { name: 'L2', colour: 'var(--green)', dash: '7 3' },
  variance: { name: 'Variance', colour: 'var(--orange)', dash: '2 3' },
  taylor: { name: 'Taylor', colour: 'var(--vermillion)', dash: '12 3' },
  'geometric-median': { name: 'Geometric median', colour: 'var(--olive)', dash: '5 2 1 2 1 2' },
  l1: { name: 'L1', colour: 'var(--purple)', dash: '9 3 2 3' },
  random: { name: 'Random', colour: 'var(--quiet)', dash: '4 4' },
};

/** What lines carry to tell their compensation. */
export type MarkShape = 'ring' | 'square';

export const COMPENSATION_LOOKS: Record<
  Compensation,
  { readonly name: string; readonly mark: MarkShape | null }
> = {
  none: { name: 'None', mark: null },
  mean: { name: 'Mean', mark: 'ring' },
  ridge: { name: 'Ridge', mark: 'square' },
};
