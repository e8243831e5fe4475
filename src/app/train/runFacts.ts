/** What tells the kept runs apart, and what came of them, as the table and the comparison show it. */
import { differences } from '../../lab/recipe/difference';
import { bestEpoch } from '../../lab/train/history';
import type { RunRow } from '../../library/runs';
import { fieldName, fieldValue } from './words';

export interface FieldDifference {
  readonly path: string;
  readonly name: string;
  /** One for each run. */
  readonly values: readonly string[];
}

/** The fields of recipe and data set in which the runs differ; their names are theirs to choose and do not count. */
export function runDifferences(rows: readonly RunRow[]): FieldDifference[] {
  const given = rows.map(({ data, recipe: { name: _, ...recipe } }) => ({ data: data.title, ...recipe }));
  return differences(given).map(({ path, values }) => ({
    path,
    name: fieldName(path),
    values: values.map(fieldValue),
  }));
}

export const totalSeconds = ({ history }: RunRow): number =>
  history.reduce((sum, { seconds }) => sum + seconds, 0);

export const bestAccuracy = ({ history }: RunRow): number | null => bestEpoch(history)?.accuracy ?? null;

export function plannedEpochs({ recipe, history }: RunRow): number {
  const stage = recipe.stages.find(({ kind }) => kind === 'train');
  return stage?.kind === 'train' ? stage.settings.epochs : history.length;
}
