/** What tells the kept runs apart, and what came of them, as the table and the comparison show it. */
import { differences } from '../../lab/recipe/difference';
import { bestEpoch } from '../../lab/stage/history';
import { adaptingOf } from '../../state/adapt/recipe';
import { agreementIn, cardsOf } from '../../state/pipeline/cards';
import { epochsIn } from '../../state/train/joined';
import { sameAnswers } from '../../state/words/runs';
import { fieldName, fieldValue } from '../../state/words/train';
import type { RunRow } from '../../storage/rows';

export interface FieldDifference {
  readonly path: string;
  readonly name: string;
  /** One for each run. */
  readonly values: readonly string[];
}

/** The fields of recipe and data set in which the runs differ; their names are theirs to choose and do not count. */
export function runDifferences(rows: readonly RunRow[]): FieldDifference[] {
  return differences(rows.map(settingsIn)).map(({ path, values }) => ({
    path,
    name: fieldName(path),
    values: values.map(fieldValue),
  }));
}

/** Of what was adapted the form says it in few words; its recipe says each thing many times. */
function settingsIn({ kind, data: { title, ref }, recipe }: RunRow): object {
  const plan = kind === 'adapting' ? adaptingOf(recipe, ref) : null;
  if (plan) return { ...plan, data: title, network: recipe.start?.[0].title };
  const { name: _, ...rest } = recipe;
  return { data: title, ...rest };
}

export const totalSeconds = ({ history }: RunRow): number =>
  history.reduce((sum, { seconds }) => sum + seconds, 0);

/** What a list of runs says of one. */
export interface RunFacts {
  /** "3 of 10": epochs of a training, stages of a pipeline. */
  readonly done: string;
  readonly accuracy: number | null;
  readonly params: number;
  /** As stored here and as exported; null where it is not known, or there is no such form. */
  readonly bytes: number | null;
  readonly exported: number | null;
  readonly same: number | null;
  readonly time: number;
}

export function factsOf(row: RunRow): RunFacts {
  return row.kind === 'training' ? trainingFacts(row) : pipelineFacts(row);
}

function trainingFacts(row: RunRow): RunFacts {
  const { history, params, check } = row;
  return {
    done: `${history.length} of ${plannedEpochs(row)}`,
    accuracy: bestEpoch(history)?.accuracy ?? null,
    params,
    bytes: row.bytes ?? null,
    exported: row.exported ?? null,
    same: check && sameAnswers(check),
    time: totalSeconds(row),
  };
}

/** The figures of its last finished stage. */
function pipelineFacts(row: RunRow): RunFacts {
  const cards = cardsOf(row, null);
  const done = cards.filter(({ state }) => state === 'done' || state === 'skipped').length;
  const last = cards.findLast(({ figures }) => figures !== null)?.figures;
  return {
    done: `${done} of ${cards.length}`,
    accuracy: last?.accuracy ?? null,
    params: last?.params ?? row.params,
    bytes: (last ?? row).bytes ?? null,
    exported: (last ?? row).exported ?? null,
    same: last ? agreementIn(last) : null,
    time: cards.reduce((sum, { figures }) => sum + (figures?.seconds ?? 0), 0),
  };
}

export const plannedEpochs = (row: RunRow): number => epochsIn(row) ?? row.history.length;
