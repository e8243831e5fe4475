/** What can be opened under Prune: pairs of trained networks, and runs trained in this browser. */
import type { RunRow } from '../../storage/rows';
import type { PairChoice, Subject } from '../../worker/protocol/protocol';

/** Pairs worth offering: those for tests only while they are open. */
export function offeredPairs(pairs: readonly PairChoice[], open: Subject): PairChoice[] {
  return pairs.filter(
    ({ id, title }) => !title.includes('(for tests)') || (open.kind === 'pair' && open.id === id),
  );
}

/** Runs with a trained network in them: past their first epoch. */
export function offeredRuns(rows: readonly RunRow[]): RunRow[] {
  return rows.filter(({ history }) => history.length > 0);
}

/** Runs that a run can be held against: trained on the same tiles with the same split. */
export function comparableRuns(rows: readonly RunRow[], id: string): RunRow[] {
  const run = rows.find((row) => row.id === id);
  if (!run) return [];
  const tilesOf = ({ data, recipe }: RunRow) => JSON.stringify([data.hash, recipe.split]);
  return offeredRuns(rows).filter((row) => row.id !== id && tilesOf(row) === tilesOf(run));
}

/** A subject as the value of a form's field, and back. */
export const subjectValue = (subject: Subject): string => `${subject.kind} ${subject.id ?? ''}`;

export function subjectOf(value: string): Subject {
  const [kind, ...rest] = value.split(' ');
  const id = rest.join(' ');
  return kind === 'run' ? { kind: 'run', id, peer: null } : { kind: 'pair', id };
}
