/** Whether one row is better than another, seed by seed: on the same data, from the same first weights where they share them. */
import { points } from '../reproduce/format';
import { summariseFigure } from '../reproduce/measure';
import type { Figure } from '../reproduce/report';
import { studentPoint } from '../statistics/distributions';
import type { TaskScale } from './names';
import type { Measure, TaskClaim } from './task';

export const TASK_DEFINITIONS: readonly string[] = [
  'A row is held against another seed by seed: “shows” where it is better by more than chance (paired t-test, 95 %, both ' +
    'sides), “does not show” where it is worse by so much, else it cannot be told; nor can it at the scale “tiny”, or of one ' +
    'seed. Few seeds find large differences alone, and of several findings tested at once one in twenty shows by chance.',
];

interface Finding {
  readonly title: string;
  readonly holds: boolean | null;
  readonly sentence: string;
}

interface Compared {
  readonly id: string;
  readonly label: string;
  readonly figures: Readonly<Record<string, Figure>>;
}

export const HOLDS = { true: 'shows', false: 'does not show', null: 'cannot be told' } as const;

export function findingOn(
  { title, row, against, measure: id }: TaskClaim,
  scale: TaskScale,
  rows: readonly Compared[],
  measures: readonly Measure[],
): Finding {
  const measure = measures.find((each) => each.id === id)!;
  const [one, other] = [row, against].map((name) => rows.find((each) => each.id === name)!);
  const [mine, theirs] = [one.figures[id], other.figures[id]];
  const gain = measure.better === 'low' ? -1 : 1;
  const gains = mine.values.map((value, seed) => gain * (value - theirs.values[seed]));
  const holds = scale === 'tiny' ? null : decided(gains);
  const change = summariseFigure(mine.values.map((value, seed) => value - theirs.values[seed]));
  const spread = change.sd === null ? '' : ` ± ${points(change.sd)}`;
  const sentence =
    `In ${measure.label.replace(/, %.*$/, '')} “${one.label}” has ${points(mine.mean)} %, “${other.label}” ` +
    `${points(theirs.mean)} %; difference ${change.mean < 0 ? '−' : '+'}${points(Math.abs(change.mean))}${spread} points over ` +
    `${gains.length === 1 ? 'one seed' : `${gains.length} seeds`}.`;
  return { title, holds, sentence };
}

/** true: better by more than chance; false: worse by so much; null: neither. */
export function decided(gains: readonly number[]): boolean | null {
  if (gains.length < 2) return null;
  const { mean, sd } = summariseFigure([...gains]);
  const least = (studentPoint(0.05, gains.length - 1) * sd!) / Math.sqrt(gains.length);
  return Math.abs(mean) <= least ? null : mean > 0;
}
