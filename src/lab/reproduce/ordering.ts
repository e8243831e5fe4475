/** Whether the rows of a section stand in the order that a paper prints: shown, refuted or undecided. */
import { holm } from '../statistics/holm';
import { points, whole } from './format';
import type { Finding, Measured, Told } from './report';
import { sideOf } from './told';
import { signedBetween } from './verdict';

/** A row beside the one that the paper ranks right below it. */
export interface Step {
  readonly label: string;
  readonly below: string;
  readonly lab: Measured;
  readonly belowLab: Measured;
  /** Test tiles that the row has right and the one below has not, and the reverse, over all seeds. */
  readonly gained: number;
  readonly lost: number;
  /** The difference of both, alone. */
  readonly told: Told;
}

/**
 * Shown where every step alone is above the one before it (an order holds only if all its steps do: no adjustment is due,
 * Berger 1982); refuted where one lies below it by Holm's adjustment over the steps.
 */
export function orderFinding(steps: readonly Step[]): Finding {
  const adjusted = holm(steps.map(({ told }) => told.p));
  const standings = steps.map(({ told }, i) => {
    const alone = sideOf({ ...told, adjusted: null });
    return alone === 'below'
      ? (sideOf({ ...told, adjusted: adjusted[i] }) ?? 'undecided')
      : (alone ?? 'undecided');
  });
  const reproduces = standings.includes('below') ? false : standings.includes('undecided') ? null : true;
  const word = { true: 'Shown', false: 'Refuted', null: 'Undecided' }[`${reproduces}`];
  const clauses = steps.map(({ label, below, lab, belowLab, gained, lost, told }, i) => {
    const change = lab.accuracy.mean - belowLab.accuracy.mean;
    const how = standings[i] === 'undecided' ? 'cannot be told' : `${standings[i]} it`;
    return (
      `“${label}” is ${points(Math.abs(change))} points ${change < 0 ? 'less' : 'more'} accurate than “${below}” ` +
      `(95 % interval ${signedBetween(told.interval)}; ${whole(gained)} tiles gained, ${whole(lost)} lost: ${how})`
    );
  });
  return { title: 'The paper’s order', reproduces, sentence: `${word}: ${clauses.join('; ')}.` };
}
