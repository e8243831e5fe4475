/**
 * A report holds a table of the paper against what the lab measured: plain JSON, written by `lab reproduce`, printed
 * as Markdown, opened in the page. Accuracies, shares and agreements are 0 … 1 everywhere.
 */
import { z } from 'zod';
import { plain } from '../plain';
import { RANKINGS } from '../prune/blocks/rank';
import { STUDY_UNITS, TUNINGS } from '../recipe/studyPlan';

export const TABLES = ['table-2', 'table-4', 'table-5', 'vbp', 'vbp-vit', 'trunk', 'adapt'] as const;
export type TableName = (typeof TABLES)[number];
/** How much of the data, and whose settings: see `studies.ts`. */
export const SCALES = ['small', 'whole', 'full'] as const;
export type Scale = (typeof SCALES)[number];

/** One figure over the seeds: `sd` is the sample standard deviation, null for a single seed. */
export const figureSchema = z.object({
  mean: z.number(),
  sd: z.number().nullable(),
  values: z.array(z.number()).min(1),
});
export type Figure = z.infer<typeof figureSchema>;

/** What a source printed in a row, as far as it did. */
const printedSchema = z.object({
  accuracy: z.number().optional(),
  /** Mean accuracy over the four right angles. */
  rotated: z.number().optional(),
  /** 10⁶ bytes, as printed. */
  megabytes: z.number().optional(),
  /** Share of the original's size or parameters saved, as printed. */
  reduction: z.number().optional(),
  /** What else must be known to read the figures, in sentences: other tiles, another split, a contradiction in the source. */
  note: z.string().optional(),
});
export type Printed = z.infer<typeof printedSchema>;

const intervalSchema = z.tuple([z.number(), z.number()]);

/** What a comparison on the same test tiles tells, and what it would take (told.ts). Absent in reports made before there was. */
const toldSchema = z.object({
  /** What is asked: a claim of the paper, or without one the difference against the baseline. */
  kind: z.enum(['above', 'below', 'keeps', 'collapses', 'reaches', 'difference']),
  /** The row that it is held against; null: a printed figure. */
  against: z.string().nullable(),
  /** The contrast is accuracy here − times · accuracy there. */
  times: z.number(),
  tiles: z.number(),
  seeds: z.number(),
  folds: z.number().optional(),
  difference: z.number(),
  /** Holds the true contrast, for other tiles and other seeds, in 95 % of all cases. */
  interval: intervalSchema,
  /** What the contrast is held against: 0; how much may be lost; a printed accuracy. */
  bound: z.number(),
  /** Two-sided, alone; and among the claims of the section (Holm), null where nothing is claimed. */
  p: z.number(),
  adjusted: z.number().nullable(),
  /** Variances of one tile × seed; null of one seed. */
  components: z.object({ tiles: z.number(), seeds: z.number(), rest: z.number() }).nullable(),
  /** Distance from the bound that these tiles and seeds tell in 80 % of all cases; null of one seed. */
  smallest: z.number().nullable(),
  /** The contrast that is asked for: the paper's where it prints both, else what was measured here. */
  target: z.object({ difference: z.number(), from: z.enum(['paper', 'here']) }),
  /** What it takes to tell that from the bound: seeds with these tiles, tiles with so many seeds; null: more than the lab plans with. */
  needed: z.object({
    seeds: z.number().nullable(),
    tiles: z.array(z.object({ seeds: z.number(), tiles: z.number().nullable() })),
  }),
  /** Of one seed: tiles to tell these two networks apart. */
  pair: z.number().nullable().optional(),
});
export type Told = z.infer<typeof toldSchema>;

const measuredSchema = z.object({
  /** Accuracy on the test tiles as they are. */
  accuracy: figureSchema,
  /** 95 %, for other tiles and (of several seeds) other seeds. */
  interval: intervalSchema.optional(),
  /** Mean over the four right angles. */
  rotated: figureSchema,
  /** Share of decided test tiles with the same answer at all four turns. */
  agreement: figureSchema,
  /** Test tiles whose answer is a tie in floating point, over all seeds. */
  undecided: z.number(),
  /** Largest equivariance error of the logits over turns and seeds. */
  error: z.number(),
  params: z.number(),
  macs: z.number(),
  /** Bytes of the tensors in the file written. */
  bytes: z.number(),
  seconds: figureSchema,
  /** How far it is from equivariant, on validation tiles: R of each kind (adapt/penalties); absent where nobody asked. */
  discrepancies: z
    .object({
      logits: figureSchema.nullable(),
      features: figureSchema.nullable(),
      weights: figureSchema.nullable(),
    })
    .optional(),
  /** Against the section's `baseline` row, per seed on the same test tiles; null for that row itself. */
  paired: z
    .object({
      difference: figureSchema,
      gained: z.number(),
      lost: z.number(),
      interval: intervalSchema.optional(),
    })
    .nullable(),
});
export type Measured = z.infer<typeof measuredSchema>;

const LONGEST_NAME = 200;
/** A name that stands in a table or over a chart. */
const name = z.string().overwrite((text) => plain(text, LONGEST_NAME));

const rowSchema = z.object({
  id: z.string(),
  label: name,
  paper: printedSchema.nullable(),
  /** PyTorch + e2cnn, measured for this project (on a subset: see its note). */
  reference: printedSchema.nullable(),
  lab: measuredSchema,
  /** Whether the paper's finding shows here; null where it says nothing. One plain sentence, made from the figures. */
  verdict: z.object({ reproduces: z.boolean().nullable(), sentence: z.string() }),
  /** The comparisons behind the verdict. */
  told: z.array(toldSchema).optional(),
  /** What happened on the way, such as why fine-tuning did not start. */
  remarks: z.array(z.string()),
});
export type ReportRow = z.infer<typeof rowSchema>;

/** One network of a study: a way to prune, and what was fine-tuned afterwards. */
const cellSchema = z.object({
  units: z.enum(STUDY_UNITS),
  /** null: the outer ring has none. */
  method: z.string().nullable(),
  compensation: z.string().nullable(),
  /** Share of the units removed; null: the outer ring of every kernel. */
  ratio: z.number().nullable(),
  /** Of blocks of a transformer: all ranked together, or each by itself. */
  ranking: z.enum(RANKINGS).optional(),
  tuning: z.enum(TUNINGS),
  lab: measuredSchema,
  /** Accuracy on validation tiles, less the unpruned network's. */
  validationChange: figureSchema,
  /** Test accuracy as a share of the unpruned network's, seed by seed. */
  retained: figureSchema,
  /** 95 %, for other tiles and other seeds. */
  retainedInterval: intervalSchema.optional(),
  /** Of how many seeds fine-tuning started; null where none was asked for. */
  tuned: z.number().nullable(),
  /** Parameters of convolutions and norms, unpruned and pruned; null of the counter-example, which saves none. */
  convParams: z.object({ before: z.number(), after: z.number() }).nullable(),
  /**
   * Tiles per second of processor time, unpruned and pruned, run in turn, and their ratio; one value for each measurement.
   * null of the counter-example.
   */
  speed: z.object({ before: figureSchema, after: figureSchema, ratio: figureSchema }).nullable(),
  /** Of the counter-example: fields that lost some of their channels but not all. */
  brokenFields: figureSchema.nullable(),
});
export type ReportCell = z.infer<typeof cellSchema>;

/** What a paper says of a whole study, held against its cells. */
const findingSchema = z.object({
  title: z.string(),
  reproduces: z.boolean().nullable(),
  sentence: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

const sectionSchema = z.object({
  id: z.string(),
  title: name,
  /** How the paper was read, and what to know before reading the rows. */
  notes: z.array(z.string()).optional(),
  data: z.object({
    name,
    title: name,
    size: z.number(),
    classes: z.array(name),
    splits: z.object({ train: z.number(), val: z.number(), test: z.number() }),
    /** `datasetHash` of the tiles, and a hash of each part's keys: equal hashes, equal tiles. */
    hash: z.string(),
    parts: z.object({ train: z.string(), val: z.string(), test: z.string() }),
  }),
  /** Id of the row that differences are taken against. */
  baseline: z.string(),
  rows: z.array(rowSchema),
  /** Of a study: every network of it, and what follows. */
  cells: z.array(cellSchema).optional(),
  findings: z.array(findingSchema).optional(),
});
export type ReportSection = z.infer<typeof sectionSchema>;

export const reportSchema = z.object({
  version: z.literal(1),
  kind: z.literal('orbit-lab report'),
  table: z.enum(TABLES),
  title: name,
  scale: z.enum(SCALES),
  /** ISO date. */
  made: z.string(),
  command: z.string(),
  seeds: z.array(z.number()),
  environment: z.object({
    backend: z.string(),
    hardware: z.string(),
    software: z.string(),
    /** Lowest and highest load average of the machine while it was measured: above the cores, others worked too. */
    load: z.tuple([z.number(), z.number()]).optional(),
  }),
  /** What the verdicts mean by their words. */
  definitions: z.array(z.string()).optional(),
  /** Of all processes side by side, from start to end of the measurement. */
  wallSeconds: z.number(),
  sections: z.array(sectionSchema),
  /** The recipes that were run, by name. */
  recipes: z.record(z.string(), z.unknown()),
});
export type Report = z.infer<typeof reportSchema>;
