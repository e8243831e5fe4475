/** The criteria the lab offers, in the order they are shown. Adding one: a file here and a name in this list. */
import { BadInput } from '../../errors';
import type { Criterion } from './criterion';
import { geometricMedian } from './geometricMedian';
import { l1, l2 } from './norms';
import { random } from './random';
import { taylor } from './taylor';
import { variance } from './variance';

export const CRITERIA: readonly Criterion[] = [l2, variance, taylor, geometricMedian, l1, random];
export const CRITERION_IDS = ['l2', 'variance', 'taylor', 'geometric-median', 'l1', 'random'] as const;
export type CriterionId = (typeof CRITERION_IDS)[number];

/** The criterion called `id`. Throws `BadInput` when there is none. */
export function criterion(id: string): Criterion {
  const found = CRITERIA.find((each) => each.id === id);
  if (!found)
    throw new BadInput(`There is no pruning method "${id}". Choose one of: ${CRITERION_IDS.join(', ')}.`);
  return found;
}

export type { Criterion, Evidence } from './criterion';
