/** Whether the rows of a section stand in the order that a paper prints: shown, refuted or undecided. */
import { points } from './format';
import type { Finding, Measured } from './report';
import { standing } from './verdict';

/** A row beside the one that the paper ranks right below it. */
export interface Step {
  readonly label: string;
  readonly below: string;
  readonly lab: Measured;
  readonly belowLab: Measured;
  /** Test tiles that the row has right and the one below has not, and the reverse, over all seeds. */
  readonly gained: number;
  readonly lost: number;
}

export function orderFinding(steps: readonly Step[]): Finding {
  const standings = steps.map(({ gained, lost }) => standing(gained, lost));
  const reproduces = standings.includes('below') ? false : standings.includes('undecided') ? null : true;
  const word = { true: 'Shown', false: 'Refuted', null: 'Undecided' }[`${reproduces}`];
  const clauses = steps.map(({ label, below, lab, belowLab, gained, lost }, i) => {
    const change = lab.accuracy.mean - belowLab.accuracy.mean;
    const how = standings[i] === 'undecided' ? 'no more than chance' : `${standings[i]} it`;
    return `“${label}” is ${points(Math.abs(change))} points ${change < 0 ? 'less' : 'more'} accurate than “${below}” (${gained} tiles gained, ${lost} lost: ${how})`;
  });
  return { title: 'The paper’s order', reproduces, sentence: `${word}: ${clauses.join('; ')}.` };
}
