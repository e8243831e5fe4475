/**
 * The report of a task: plain JSON, written by `lab reproduce fluids` and `detection`, and printed as Markdown. Every
 * measure is a share (0.5 is printed as 50.0 %).
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { plain } from '../plain';
import { summariseFigure } from '../reproduce/measure';
import { figureSchema } from '../reproduce/report';
import { TASK_NAMES, TASK_SCALES, type TaskScale } from './names';
import type { Figures, Task, TaskMaterial } from './task';
import { findingOn } from './verdict';

const text = z.string().overwrite((value) => plain(value, 2000));

const rowSchema = z.object({
  id: z.string(),
  label: text,
  /** The training taken, by seed, where there were several to choose from. */
  chosen: z.array(text),
  /** By the measures' ids. */
  figures: z.record(z.string(), figureSchema),
  /** By the curves' ids: the mean over the seeds, and each seed. */
  curves: z.record(z.string(), z.object({ mean: z.array(z.number()), values: z.array(z.array(z.number())) })),
  /** Of training, over all that led to the network, by seed. */
  seconds: figureSchema.nullable(),
});
export type TaskReportRow = z.infer<typeof rowSchema>;

export const taskReportSchema = z.object({
  version: z.literal(1),
  kind: z.literal('orbit-lab task report'),
  task: z.enum(TASK_NAMES),
  title: text,
  scale: z.enum(TASK_SCALES),
  made: z.string(),
  command: text,
  seeds: z.array(z.number()).min(1),
  environment: z.object({
    backend: text,
    hardware: text,
    software: text,
    load: z.tuple([z.number(), z.number()]).optional(),
  }),
  wallSeconds: z.number(),
  notes: z.array(text),
  data: z.array(text),
  measures: z.array(z.object({ id: z.string(), label: text, better: z.enum(['low', 'high']) })),
  curves: z.array(z.object({ id: z.string(), label: text, along: text, from: z.number(), step: z.number() })),
  rows: z.array(rowSchema).min(1),
  /** Fields of the first seed's networks, to look at; absent where there are none. */
  sheets: z
    .array(
      z.object({
        ...{ id: z.string(), title: text, size: z.int().min(1).max(256) },
        columns: z.array(text),
        rows: z.array(z.object({ label: text, grids: z.array(z.array(z.int().min(-5).max(5))) })),
      }),
    )
    .optional(),
  findings: z.array(z.object({ title: text, holds: z.boolean().nullable(), sentence: text })),
  /** What decided the numbers: data, networks, trainings. */
  settings: z.unknown(),
});
export type TaskReport = z.infer<typeof taskReportSchema>;

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

/** The text of a file as a task's report; null where it is none. `BadInput` says what is wrong with one that is damaged. */
export function readTaskReport(source: string, name: string): TaskReport | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  if ((value as { kind?: unknown } | null)?.kind !== 'orbit-lab task report') return null;
  const parsed = taskReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(
    `${plain(name)} is a damaged report: "${path.join('.')}" does not fit (${message}). Make it again.`,
  );
}
