/** How the page names and draws the pruning methods and compensations. */

import type { MarkLook, Shape } from '../../charts/marks';
import type { CriterionId } from '../../lab/prune/criteria';
import type { FieldCompensation } from '../../lab/prune/fields/choice';
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

/** `mark`: the shape that lines carry to tell their compensation; null for the one without. */
export const COMPENSATION_LOOKS: Record<
  Compensation,
  { readonly name: string; readonly mark: 'circle' | 'square' | null }
> = {
  none: { name: 'None', mark: null },
  mean: { name: 'Mean', mark: 'circle' },
  ridge: { name: 'Ridge', mark: 'square' },
};

export const COMPENSATION_NAMES = Object.fromEntries(
  Object.entries(COMPENSATION_LOOKS).map(([id, { name }]) => [id, name]),
) as Readonly<Record<Compensation, string>>;

export const FIELD_COMPENSATION_NAMES: Readonly<Record<FieldCompensation, string>> = {
  none: 'None',
  mean: 'Mean',
  norms: 'Norms re-estimated',
};

/** A small mark on a curve. */
export const markOnLine = (shape: Shape, colour: string): MarkLook => ({
  ...{ shape, colour },
  hollow: true,
  size: 0.6,
});
