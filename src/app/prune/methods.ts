/** How the page names and draws the pruning methods and compensations. */
import type { Compensation } from '../../lab/prune/compensate';
import type { CriterionId } from '../../lab/prune/criteria';

export interface MethodLook {
  readonly name: string;
  readonly colour: string;
  /** SVG dash pattern of the line while the method is not the chosen one: told apart without colour. */
  readonly dash: string;
}

export const METHOD_LOOKS: Record<CriterionId, MethodLook> = {
  l2: { name: 'L2', colour: 'var(--green)', dash: '7 3' },
  variance: { name: 'Variance', colour: 'var(--orange)', dash: '2 3' },
  l1: { name: 'L1', colour: 'var(--purple)', dash: '9 3 2 3' },
  random: { name: 'Random', colour: 'var(--quiet)', dash: '4 4' },
};

/** Lines with mean compensation carry rings. */
export const COMPENSATION_LOOKS: Record<Compensation, { readonly name: string; readonly rings: boolean }> = {
  none: { name: 'None', rings: false },
  mean: { name: 'Mean', rings: true },
};
