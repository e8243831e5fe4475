/**
 * The report of a task: plain JSON, written by `lab reproduce fluids` and `detection`, and printed as Markdown. Every
 * measure is a share (0.5 is printed as 50.0 %).
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { requireOnce } from '../files/twice';
import { plain } from '../plain';
import { figureSchema } from '../reproduce/report';
import { TASK_NAMES, TASK_SCALES } from './names';

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

const KIND = 'orbit-lab task report';

export const taskReportSchema = z
  .object({
    version: z.literal(1),
    kind: z.literal(KIND),
    task: z.enum(TASK_NAMES),
    title: text,
    scale: z.enum(TASK_SCALES),
    made: text,
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
    curves: z.array(
      z.object({ id: z.string(), label: text, along: text, from: z.number(), step: z.number() }),
    ),
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
  })
  // Whoever draws it takes a figure for every measure, and all curves of one length.
  .superRefine(({ measures, curves, rows, sheets = [] }, { addIssue }) => {
    const misses = (path: (string | number)[], message: string) =>
      addIssue({ code: 'custom', path, message });
    for (const [i, row] of rows.entries()) {
      for (const { id } of measures)
        if (!Object.hasOwn(row.figures, id)) misses(['rows', i, 'figures', id], 'it is missing');
      for (const { id } of curves) {
        const own = Object.hasOwn(row.curves, id) ? row.curves[id] : null;
        const length = rows[0].curves[id]?.mean.length;
        if (!own || own.mean.length === 0 || own.mean.length !== length)
          misses(['rows', i, 'curves', id], 'it is missing, or of another length');
      }
    }
    for (const [i, { size, columns, rows: shown }] of sheets.entries())
      for (const [j, { grids }] of shown.entries())
        if (grids.length !== columns.length || grids.some((grid) => grid.length !== size ** 2))
          misses(['sheets', i, 'rows', j, 'grids'], 'not as many as there are places');
  });
export type TaskReport = z.infer<typeof taskReportSchema>;

/** Parsed JSON as a task's report; null where it is none. `BadInput` says what is wrong with one that is damaged. */
export function parseTaskReport(value: unknown, name: string): TaskReport | null {
  if ((value as { kind?: unknown } | null)?.kind !== KIND) return null;
  const parsed = taskReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(
    `${plain(name)} is a damaged report: "${plain(path.join('.'))}" does not fit (${plain(message)}). Make it again.`,
  );
}

/** The text of a file likewise; null for what is no JSON, too. */
export function readTaskReport(source: string, name: string): TaskReport | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  const report = parseTaskReport(value, name);
  if (report) requireOnce(source, plain(name));
  return report;
}
