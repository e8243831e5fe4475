/** Statuses of sweeps as one JSON document: what `lab sweep --json` writes, what the live page is told, and what is read again. */
import { z } from 'zod';
import { BadInput } from '../errors';
import { plain, plainTexts } from '../plain';
import { SWEEPS_KIND } from './kind';
import { type SweepStatus, sweepStatusSchema } from './status';

/** What is asked of a sweep by whoever may. */
export const SWEEP_ACTIONS = ['pause', 'resume', 'retry', 'cancel'] as const;
export type SweepAction = (typeof SWEEP_ACTIONS)[number];

/** Validation accuracy (a share), or in a task the loss, after epochs, as far as they were seen; in the order of the epochs. */
const curveSchema = z.array(z.tuple([z.int().min(0), z.number()]));

export const sweepsSchema = z.object({
  kind: z.literal(SWEEPS_KIND),
  version: z.literal(1),
  /** When it was so, ISO. */
  at: z.string(),
  /** The newest first. */
  sweeps: z.array(sweepStatusSchema),
  /** By id of the job. */
  curves: z.record(z.string(), curveSchema),
  /** Whether whoever serves it takes wishes. */
  control: z.boolean(),
  /** Ids of the sweeps whose report is made and can be asked for. */
  reports: z.array(z.string()),
});
export type SweepsDocument = z.infer<typeof sweepsSchema>;
export type Curve = z.infer<typeof curveSchema>;
export type Curves = SweepsDocument['curves'];

/** The longest text: a reason is a sentence or two, a command has its options. */
const LONGEST = 2000;

export function sweepsDocument(
  sweeps: readonly SweepStatus[],
  {
    at = new Date(),
    curves = withCurves({}, sweeps),
    control = false,
    reports = [],
  }: { at?: Date; curves?: Curves; control?: boolean; reports?: readonly string[] } = {},
): SweepsDocument {
  const newest = [...sweeps].sort((one, other) => other.made.localeCompare(one.made));
  return {
    ...{ kind: SWEEPS_KIND, version: 1, at: at.toISOString() },
    ...{ sweeps: newest, curves, control, reports: [...reports] },
  };
}

/** The text of a file, or of an answer, as statuses; throws `BadInput` that calls it `name`. */
export function readSweeps(text: string, name: string): SweepsDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInput(`${plain(name)} is not JSON, so it is no status of a sweep.`, { cause });
  }
  const { kind, version } = (value ?? {}) as { kind?: unknown; version?: unknown };
  if (kind !== SWEEPS_KIND)
    throw new BadInput(
      `${plain(name)} is no status of a sweep; give what \`lab sweep … --json\` has written.`,
    );
  if (version !== 1)
    throw new BadInput(
      `${plain(name)} is a status of version ${plain(String(version))}, and this page reads version 1; follow the sweep with the version it was made by.`,
    );
  const parsed = sweepsSchema.safeParse(plainTexts(value, LONGEST));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(
    `${plain(name)} is a damaged status: "${path.join('.')}" does not fit (${message}). Write it again.`,
  );
}

/**
 * Curves with what newer statuses say; the same value where they say nothing new. A job that is done again from an
 * earlier epoch has the same numbers again, so nothing is taken back.
 */
export function withCurves(before: Curves, sweeps: readonly SweepStatus[]): Curves {
  const added: Record<string, Curve> = {};
  for (const { jobs } of sweeps)
    for (const { id, epoch, epochs, accuracy, loss } of jobs) {
      const score = accuracy ?? loss;
      if (!epochs || !epoch || score === undefined) continue;
      const curve = added[id] ?? (Object.hasOwn(before, id) ? before[id] : []);
      const known = curve.find(([each]) => each === epoch);
      if (known && known[1] === score) continue;
      const others = curve.filter(([each]) => each !== epoch);
      added[id] = [...others, [epoch, score] as Curve[number]].sort(([a], [b]) => a - b);
    }
  return Object.keys(added).length === 0 ? before : { ...before, ...added };
}
