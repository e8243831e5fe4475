/** From what was measured of every row, seed by seed, to a task's report. */
import { summariseFigure } from '../reproduce/measure';
import type { TaskScale } from './names';
import type { TaskReport, TaskReportRow } from './report';
import type { Figures, Task, TaskMaterial } from './task';
import { findingOn } from './verdict';

/** What a seed has left of a row. */
export interface MeasuredRow {
  /** The training taken; null: it needs no network. */
  readonly training: string | null;
  readonly figures: Figures;
  readonly seconds: number | null;
}

/** A report of rows measured: by seed, by row's id. */
export function taskReport(
  task: Task,
  scale: TaskScale,
  { archs, data }: TaskMaterial,
  measured: readonly ReadonlyMap<string, MeasuredRow>[],
  made: Pick<TaskReport, 'made' | 'command' | 'environment' | 'wallSeconds' | 'seeds' | 'sheets'>,
): TaskReport {
  const rows = task.rows.map(({ id, label, of }): TaskReportRow => {
    const each = measured.map((seed) => seed.get(id)!);
    const seconds = each.flatMap((one) => (one.seconds === null ? [] : [one.seconds]));
    return {
      ...{ id, label },
      chosen: of.length > 1 ? each.map(({ training }) => training!) : [],
      figures: Object.fromEntries(
        task.measures.map((measure) => [
          measure.id,
          summariseFigure(each.map((one) => one.figures.values[measure.id])),
        ]),
      ),
      curves: Object.fromEntries(
        task.curves.map((curve) => {
          const values = each.map((one) => [...one.figures.curves[curve.id]]);
          return [
            curve.id,
            { values, mean: values[0].map((_, i) => summariseFigure(values.map((all) => all[i])).mean) },
          ];
        }),
      ),
      seconds: seconds.length > 0 ? summariseFigure(seconds) : null,
    };
  });
  return {
    ...{ version: 1, kind: 'orbit-lab task report', task: task.name, title: task.title, scale, ...made },
    ...{
      notes: [...task.notes],
      data: [...data],
      measures: [...task.measures],
      curves: [...task.curves],
      rows,
    },
    findings: task.claims.map((claim) => findingOn(claim, scale, rows, task.measures)),
    settings: { task: task.settings(scale), archs, trainings: task.trainings(scale) },
  };
}
