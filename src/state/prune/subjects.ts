/** What can be opened under Prune: pairs of trained networks, and runs trained in this browser. */

import { leavesNothing, networkNames } from '../../lab/recipe/networkNames';
import type { NetworkRow, RunRow } from '../../storage/rows';
import { type Subject, subjectSchema } from '../../worker/protocol/choices';
import type { PairChoice } from '../../worker/protocol/results';

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

/** A network of mine, as a form offers it. */
export interface Offered {
  readonly subject: Subject;
  readonly name: string;
  /** Rounded to 8-bit integers: it can be looked at, and not pruned. */
  readonly integers: boolean;
  /** Milliseconds since 1970. */
  readonly made: number;
}

/** Everything made in this browser or opened from a file, the newest first; of a run, what its last stage left first. */
export function ownNetworks(runs: readonly RunRow[], kept: readonly NetworkRow[]): Offered[] {
  const ofRuns = runs.flatMap((run) => networksOfRun(run).toReversed());
  const ofFiles = kept.map(
    ({ id, name, integers, added }): Offered => ({
      subject: { kind: 'file', id },
      name,
      integers,
      made: added,
    }),
  );
  return [...ofFiles, ...ofRuns].sort((a, b) => b.made - a.made);
}

/** The networks that a run has left so far, in the order of its stages. */
export function networksOfRun({ id, name, records, history, created }: RunRow): Offered[] {
  const left = records.filter((record) => !leavesNothing(record));
  const names = networkNames(name, left);
  const finished = left.map(({ name: stage, kind }, i): Offered => {
    const isFirst = i === 0 && (kind ?? stage) === 'train';
    return {
      subject: { kind: 'run', id, ...(!isFirst && { stage }), peer: null },
      name: names[i],
      integers: (kind ?? stage.split(' ')[0]) === 'quantise',
      made: created,
    };
  });
  if (finished.length > 0 || history.length === 0) return finished;
  return [{ subject: { kind: 'run', id, peer: null }, name, integers: false, made: created }];
}

/** A subject as the value of a form's field, and back. What a run is held against is a field of its own. */
export function subjectValue(subject: Subject): string {
  return JSON.stringify(subject.kind === 'run' ? { ...subject, peer: null } : subject);
}

export const subjectOf = (value: string): Subject => subjectSchema.parse(JSON.parse(value));
