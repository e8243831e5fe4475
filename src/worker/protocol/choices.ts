/** What page and worker name to each other: engines, settings of pruning, networks, tiles, and what a control does. */
import { z } from 'zod';
import { RANKINGS } from '../../lab/prune/blocks/rank';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import type { BackendName } from '../../lab/runtime/backend';
import { PROBED } from '../../lab/runtime/probe';

/** The network on the bench and the one it is held against. */
export const NETS = ['main', 'peer'] as const;
export type NetName = (typeof NETS)[number];
/** What may be asked for: an engine, the fastest that works, or the CPU with a single thread. */
export const BACKENDS = ['auto', 'webgpu', 'wasm', 'wasm-1', 'webgl', 'cpu'] as const satisfies (
  | BackendName
  | 'auto'
  | 'wasm-1'
)[];
export type BackendPreference = (typeof BACKENDS)[number];
/** Which engine `auto` begins with; `adapter`: the graphics card it was measured on, null where nothing was measured. */
export const firstEngineSchema = z.object({ engine: z.enum(PROBED), adapter: z.string().nullable() });
export type FirstEngine = z.infer<typeof firstEngineSchema>;
/** What fine-tuning may train without running the trunk again. */
export const PAGE_SCOPES = ['head', 'output'] as const;
export const ACTIONS = ['pause', 'resume', 'step', 'stop', 'cancel'] as const;
/** `stop` ends a job early with what it has; `cancel` drops it. */
export type Action = (typeof ACTIONS)[number];
/** One way to prune: what the address bar, the history and a fine-tuning job are about. */
export const settingSchema = z.object({
  method: z.enum(CRITERION_IDS),
  compensation: z.enum(COMPENSATIONS),
  /** Units removed. */
  removed: z.int().min(0),
  /** Of a network whose units stand inside blocks all of it is trained, whatever is said here. */
  scope: z.enum(PAGE_SCOPES),
});
export type Setting = z.infer<typeof settingSchema>;
/** Of a transformer: what is removed, and whether its blocks are ranked together. */
export const waySchema = z.object({ unit: z.enum(BLOCK_UNITS), ranking: z.enum(RANKINGS) });
export type Way = z.infer<typeof waySchema>;
/** One curve: what is ranked by, and what makes up for what has gone. */
export const fillingSchema = settingSchema.pick({ method: true, compensation: true });
/** What is opened: two networks of the catalogue; one made here, maybe with another beside it; one kept as a file. */
export const subjectSchema = z.discriminatedUnion('kind', [
  /** null: the first pair. */
  z.object({ kind: z.literal('pair'), id: z.string().nullable() }),
  z.object({
    kind: z.literal('run'),
    id: z.string(),
    /** Whose network it is; absent: of the first training, finished or not. */
    stage: z.string().optional(),
    peer: z.string().nullable(),
  }),
  z.object({ kind: z.literal('file'), id: z.string() }),
]);
export type Subject = z.infer<typeof subjectSchema>;
/** A file of a folder, with its path from the top. */
export interface PathedFile {
  readonly path: string;
  readonly file: File;
}
/**
 * Where tiles come from: one file (a zip, a packed data set, an official archive or batch); or the files of a folder,
 * as lists of `PathedFile` through a port, with null at the end (posting thousands at once would hold up the page for
 * seconds). Files are posted, not their bytes.
 */
export const importSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), file: z.instanceof(File) }),
  z.object({ kind: z.literal('folder'), count: z.int().min(1), port: z.instanceof(MessagePort) }),
]);
export type ImportSource = z.infer<typeof importSourceSchema>;
/** Over any kind of buffer: what `z.instanceof` makes of it is narrower. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
/** A decoded picture: height × width × 3 bytes. */
export const pixelsSchema = z.object({
  width: z.int(),
  height: z.int(),
  data: bytes,
  channels: z.int().min(1).optional(),
  empty: bytes.optional(),
  /** The picture's own, out of which a network of bands reads them; null where there is none. */
  file: z.instanceof(File).nullable().optional(),
});
/** A network to turn tiles in front of: one beside the page, one that a run left, one kept as a file, or one just made on this page. */
export const netRefSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shipped'), id: z.string() }),
  z.object({ kind: z.literal('run'), id: z.string(), stage: z.string() }),
  z.object({ kind: z.literal('kept'), id: z.string() }),
  /** Files of one key are the same. */
  z.object({ kind: z.literal('file'), key: z.string(), title: z.string(), bytes }),
  /** Keeps its place and says why it is empty. */
  z.object({ kind: z.literal('absent'), problem: z.string() }),
]);
export type NetRef = z.infer<typeof netRefSchema>;
/**
 * A network that is held against labelled tiles: one on the bench, as it was opened, pruned, or fine-tuned and kept under a
 * key; or what a stage of a run left.
 */
export const reportedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole'), net: z.enum(NETS) }),
  z.object({ kind: z.literal('pruned'), net: z.enum(NETS), setting: settingSchema }),
  z.object({ kind: z.literal('tuned'), net: z.enum(NETS), key: z.string() }),
  z.object({ kind: z.literal('stage'), run: z.string(), stage: z.string() }),
]);
export type Reported = z.infer<typeof reportedSchema>;
/** The parts of a split that a network is held against. */
export const REPORT_PARTS = ['val', 'test'] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];
/** How many networks are looked through at once. */
export const MOST_NETS = 4;
