/**
 * What page and worker say to each other: commands one way, messages the other, both checked on arrival. `id` names
 * the job; a control command names the job it is about.
 */

import { z } from 'zod';
import { batchChoicesSchema } from '../../lab/batch/choices';
import { remoteFilesSchema } from '../../lab/data/fetch/manifest';
import { CLASS_LEVELS } from '../../lab/data/readers/entry';
import type { ShownScene } from '../../lab/detection/shown';
import type { TurnAnswer } from '../../lab/evaluate/classify';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { AngleAnswer } from '../../lab/evaluate/turned';
import { C_ROUNDINGS } from '../../lab/files/c/choices';
import { onnxChoicesSchema } from '../../lab/files/onnx/choices';
import type { TimedNetworks } from '../../lab/files/onnx/timing';
import { tfliteChoicesSchema } from '../../lab/files/tflite/choices';
import type { ShownFlow } from '../../lab/fluids/shown';
import type { AnyArch } from '../../lab/nn/arch';
import { type Bands, bandWishSchema } from '../../lab/pictures/bands';
import { FITS, type Fit } from '../../lab/pictures/cut';
import { RESIZES } from '../../lab/pictures/resize';
import { RANKINGS } from '../../lab/prune/blocks/rank';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import type { CascadeChecks, OrbitChecks } from '../../lab/prune/counterexamples/checks';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import type { Minds, ObliqueCheck } from '../../lab/prune/neurons/minds';
import type { Pictures } from '../../lab/prune/neurons/portraits';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import {
  RANKING_GRAINS,
  type TrunkRanking,
  trunkChoiceSchema,
  tuningSchema,
} from '../../lab/prune/trunk/choice';
import type { PrunedTrunk, TunedTrunk } from '../../lab/prune/trunk/trunk';
import type { NeighbourCheck } from '../../lab/quantize/neighbours';
import type { RunReport } from '../../lab/recipe/pipeline';
import { type Recipe, recipeSchema } from '../../lab/recipe/schema';
import type { BackendName, BackendReport } from '../../lab/runtime/backend';
import type { ThreadStart } from '../../lab/runtime/kernels/thread';
import { type Paces, PROBED } from '../../lab/runtime/probe';
import type { ClassMap } from '../../lab/scenes/cells';
import type { LabEvent } from '../../lab/stage/events';
import type { EpochRecord } from '../../lab/stage/history';
import type { GroupName } from '../../lab/symmetry/group';
import { TASK_NAMES } from '../../lab/tasks/names';
import type { Figures, Measure } from '../../lab/tasks/task';
import type { Race } from '../../lab/train/race';
import type { RateSweep } from '../../lab/train/rateSweep';
import type { TrainingCost } from '../../lab/train/trainingCost';
import type { TurnedLoss } from '../../lab/train/turnedLoss';
import type { UprightCheck } from '../../lab/train/upright';
import { type BatchRow, type DatasetRow, type Kept, RUN_KINDS, type RunRow } from '../../storage/rows';

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
const firstEngineSchema = z.object({ engine: z.enum(PROBED), adapter: z.string().nullable() });
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
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A decoded picture: height × width × 3 bytes. */
const pixelsSchema = z.object({
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
const nets = z.array(netRefSchema).min(1).max(MOST_NETS);

/** A field of the lifting layer, and the seats of it that are empty. */
const orbitShape = { field: z.int().min(0).nullable(), torn: z.array(z.int().min(0).max(7)).max(8) };

const seed = z.int().min(0).max(0xffffffff);
const id = z.int().min(1);
const command = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), id, ...shape });

/** Of a task: a training of it, and the seed of all trainings that lead to it. */
const taskNetwork = { task: z.enum(TASK_NAMES), training: z.string(), seed };
const shownByTask = { number: z.int().min(0), training: z.string().nullable(), seed };

export const commandSchema = z.discriminatedUnion('type', [
  /** Starts the engine. The worker holds the Web Lock `lock` for as long as it lives. */
  command('start', { backend: z.enum(BACKENDS), first: firstEngineSchema.optional(), lock: z.string() }),
  /** Trains a network of that design for a moment on each engine; in a worker of its own, which is of no use afterwards. */
  command('probe', {
    arch: z.custom<AnyArch>((value) => typeof value === 'object' && value !== null),
    lock: z.string(),
  }),
  /** What training a network of that design would take here. */
  command('cost', {
    arch: z.custom<AnyArch>((value) => typeof value === 'object' && value !== null),
    plan: z.object({
      ...{ batch: z.int().min(1), epochs: z.int().min(1) },
      ...{ train: z.int().min(1), val: z.int().min(0) },
    }),
  }),
  /**
   * Opens networks, those of a pair from a catalogue of models: sheets for a part of the tiles first, then for all. Where
   * curves come one at a time, that of `chosen` is made, and the others by `curves`.
   */
  command('open', {
    ...{ catalogue: z.string(), subject: subjectSchema, seed, firstTiles: z.int().min(1) },
    ...{ way: waySchema, chosen: fillingSchema },
    /** A tile (by its place in the data set) that is to be among those watched, where it is a validation tile. */
    pinned: z.int().min(0).nullable(),
  }),
  /**
   * Measures curves that are missing, those like `chosen` first; of other units, or by another ranking, from the beginning.
   * Ends as soon as anything else is asked for.
   */
  command('curves', { net: z.enum(NETS), way: waySchema, chosen: fillingSchema }),
  /**
   * Prunes and fine-tunes; what is kept of the same network and setting is told where it is finished, and gone on with
   * where it is not. `again`: from the beginning.
   */
  command('finetune', { net: z.enum(NETS), setting: settingSchema, again: z.boolean() }),
  /** Prunes for real, and holds the extracted network against the masked one. */
  command('extract', { net: z.enum(NETS), setting: settingSchema }),
  /** What goes wrong: the same pruning with the next layer broken, */
  command('cascades', { net: z.enum(NETS), setting: settingSchema }),
  /** and channels removed singly, with no eye for the symmetry. */
  command('orbits', { net: z.enum(NETS) }),
  /** Tiles on which the two networks on the bench differ when they turn, */
  command('minds', {}),
  /** and both at an angle between the right ones. */
  command('oblique', {}),
  /** What a network is right and wrong about on a part of its tiles, class by class and tile by tile, */
  command('report', { of: reportedSchema, part: z.enum(REPORT_PARTS) }),
  /** and pictures of tiles, by their rows in such a report. */
  command('tilePictures', {
    of: reportedSchema,
    part: z.enum(REPORT_PARTS),
    rows: z.array(z.int().min(0)),
  }),
  /** Nobody looks at a run's tiles any longer. */
  command('forgetTiles', {}),
  /** Rounds the dense layers of the network on the bench, and puts a glaring tile beside the others. */
  command('neighbours', {}),
  /** Trains small networks on painted tiles that have an up, and on some that have none. */
  command('upright', {}),
  /** How fast the network on the bench trains here, beside a plain one with as many channels. */
  command('race', {}),
  /** Ranks what can go inside the trunk of the network on the bench, as far as one pass of a kind tells. */
  command('rankTrunk', { grain: z.enum(RANKING_GRAINS) }),
  /** Prunes inside the trunk for real and measures; fine-tunes before, where it is said how. */
  command('pruneTrunk', { choice: trunkChoiceSchema, tuning: tuningSchema.nullable() }),
  /** The file of a network that was pruned and not fine-tuned. */
  command('pruned', { net: z.enum(NETS), setting: settingSchema }),
  /**
   * A network's file → a zip of all that is needed to run it without the lab, in a folder of that name. Its README says how
   * it does on the test tiles of the set that it learnt from, where they are at hand.
   */
  command('takeAlong', { file: bytes, folder: z.string().min(1), catalogue: z.string() }),
  /** A network's file → an ONNX file of it, run and held against the lab, alone and as a zip of a folder of that name. */
  command('onnx', { file: bytes, folder: z.string().min(1), choices: onnxChoicesSchema }),
  /** The same as a TFLite file. */
  command('tflite', { file: bytes, folder: z.string().min(1), choices: tfliteChoicesSchema }),
  /** How long networks take to answer here, the first of them whole; `stop` ends it with the rounds that are there. */
  command('time', {
    networks: z
      .array(z.object({ name: z.string(), file: bytes }))
      .min(1)
      .max(2),
    batches: z.array(z.int().min(1)).min(1),
    ...{ runs: z.int().min(1), seconds: z.number().positive() },
  }),
  /** A network's file → the same in plain C, made and not run. */
  command('cFile', { file: bytes, folder: z.string().min(1), rounding: z.enum(C_ROUNDINGS) }),
  /** The file of a network that was fine-tuned. */
  command('model', { key: z.string() }),
  /** A whole recipe on `synthetic` or a kept data set; what is finished is kept under `run`. */
  command('run', { run: z.string(), recipe: recipeSchema, data: z.string() }),
  /** Before a recipe's training: the learning rate it can take, */
  command('tryRates', { recipe: recipeSchema, data: z.string() }),
  /** and what its network makes of turned tiles. */
  command('tryTurns', { recipe: recipeSchema, data: z.string() }),
  /** A run kept under the id `run`, with its row: begun, or taken up after its last epoch. `stop` is for now. */
  command('train', {
    run: z.string(),
    kind: z.enum(RUN_KINDS),
    name: z.string(),
    recipe: recipeSchema,
    data: z.string(),
  }),
  /** What the networks trained on real tiles make of a picture, turned. */
  command('classify', { catalogue: z.string(), name: z.string(), picture: pixelsSchema, fit: z.enum(FITS) }),
  /** Reads tiles and keeps them under a name. Needs no engine; `lock` as for `start`. */
  command('import', {
    name: z.string().min(1),
    source: importSourceSchema,
    /** Of GeoTIFFs. */
    bands: bandWishSchema.default('rgb'),
    /** Side to scale every picture to, in pixels. */
    scale: z.int().min(4).max(4096).optional(),
    /** How those that are no square become one; absent: they are refused. */
    resize: z.enum(RESIZES).optional(),
    classes: z.enum(CLASS_LEVELS).default('topmost'),
    lock: z.string(),
  }),
  /** Downloads a published set and keeps it under a name; `stop` keeps what came for the next time. */
  command('download', {
    set: z.string(),
    name: z.string().min(1),
    files: remoteFilesSchema,
    lock: z.string(),
  }),
  /** Keeps a rotated draw of a kept data set under a name. */
  command('rotate', { from: z.string(), name: z.string().min(1), lock: z.string() }),
  /** The networks beside the page. */
  command('networks', { catalogue: z.string() }),
  /** Opens networks, and has them look at a square of a picture. */
  command('look', {
    ...{ catalogue: z.string(), nets, picture: pixelsSchema },
    square: z.object({ left: z.int().min(0), top: z.int().min(0), side: z.int().min(1) }),
  }),
  /** What each network says of the tile looked at, at some angles. */
  command('turn', { degrees: z.array(z.number()).min(1) }),
  /** One field of a block (null: the one that responds most) on the tile looked at, upright and turned. */
  command('fields', {
    ...{ net: z.int().min(0), block: z.int().min(0), field: z.int().min(0).nullable() },
    degrees: z.number(),
  }),
  /** A network's file, before it is kept: what it makes of a tile, upright and turned, and which layers turn with it. */
  command('tryOut', { file: bytes }),
  /** Whether a network's layers turn with the tile looked at, and where that breaks. */
  command('breaks', { net: z.int().min(0) }),
  /** The same field under its whole group, some of its seats torn off (null: the one on which a torn seat shows most). */
  command('orbit', { net: z.int().min(0), ...orbitShape }),
  /**
   * The same of a network on the bench, on a validation tile by its place among them (null: the first that is answered
   * rightly, and otherwise at some turn once a seat is torn off).
   */
  command('benchOrbit', { net: z.enum(NETS), tile: z.int().min(0).nullable(), ...orbitShape }),
  /** The class maps of a scene by each network at the quarter turns, each sent as it is there. */
  command('map', {
    ...{ catalogue: z.string(), name: z.string(), nets, picture: pixelsSchema },
    /** The side of a cell, and from one cell to the next, in pixels. */
    ...{ cell: z.int().min(1), stride: z.int().min(1) },
  }),
  /**
   * Classifies any number of pictures, a row each, going on where the same was ended; what came of another one is forgotten.
   * `stop` is for now.
   */
  command('batch', {
    ...{ catalogue: z.string(), name: z.string(), source: importSourceSchema },
    ...{ net: netRefSchema, choices: batchChoicesSchema },
  }),
  /**
   * A network of a task beside classification, by its training at the page's scale: what is kept of it, or, with `train`, all
   * of it, gone on with after the last epoch that is kept.
   */
  command('trainTask', { ...taskNetwork, train: z.boolean() }),
  /** The file of a trained one. */
  command('saveTask', taskNetwork),
  /** Opens such a file: it is kept as if it had been trained here. */
  command('openTask', { file: bytes, name: z.string() }),
  /** A flow by its number, turned and moved, and what a network makes of it; with `training` null the solver's alone. */
  command('flow', {
    ...shownByTask,
    element: z.object({ turns: z.int().min(0).max(3), mirror: z.boolean() }),
    /** By half the square, to the right and down. */
    moved: z.boolean(),
  }),
  /** A scene by its number at the quarter turns, and what a network finds on it. */
  command('scene', shownByTask),
  command('control', { action: z.enum(ACTIONS) }),
  /** Whether anybody can see the page. Of no job. */
  z.object({ type: z.literal('page'), hidden: z.boolean() }),
  /**
   * Whether the worker is there: answered with a pong at once, between two steps of its work. Of no job. `asked`: the
   * number of the job that was asked for last.
   */
  z.object({ type: z.literal('ping'), asked: z.int() }),
]);
export type Command = z.infer<typeof commandSchema>;
export type JobCommand = Exclude<Command, { type: 'control' | 'page' | 'ping' }>;
export type JobType = JobCommand['type'];

export type NetKind = 'equivariant' | 'plain';

/** A network as the page introduces it. */
export interface NetInfo {
  /** "the … network" in a sentence: its kind, told apart where both are of one kind. */
  readonly name: string;
  readonly kind: NetKind;
  readonly title: string;
  readonly arch: string;
  readonly group: GroupName;
  /** The whole design. */
  readonly spec: AnyArch;
  readonly classes: readonly string[];
}

/** A pair of the catalogue that can be opened. */
export interface PairChoice {
  readonly id: string;
  readonly title: string;
}

export interface Opened {
  /** What was asked for; a pair by its id. */
  readonly subject: Subject;
  readonly title: string;
  readonly pairs: readonly PairChoice[];
  /** How a network trained here was made, so that a link to it can say so; null for a pair. */
  readonly recipe: Recipe | null;
  readonly dataset: {
    readonly ref: string;
    readonly title: string;
    readonly synthetic: boolean;
    readonly size: number;
  };
  readonly split: {
    readonly seed: number;
    readonly train: number;
    readonly val: number;
    readonly test: number;
  };
  /** For the random method and for shuffling. */
  readonly seed: number;
  readonly nets: { readonly main: NetInfo; readonly peer: NetInfo | null };
}

export interface Finetuned {
  /** Names the network for the command `model`. */
  readonly key: string;
  readonly tiles: number;
  /** Validation accuracy of the unpruned network, of the pruned one, and after fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly accuracy: number;
  /** After fine-tuning, at the four quarter turns. */
  readonly turned: readonly number[];
  readonly changed: number;
  readonly undecided: number;
  /** Share of decided tiles with the same answer at all four turns. */
  readonly agreement: number;
  /** Equivariance error of the logits over the quarter turns. */
  readonly error: number;
  /** The tiles watched on its sheet, each with its answers by quarter turn; absent where an earlier version kept it. */
  readonly watched?: readonly (readonly [tile: number, answers: readonly number[]])[];
  readonly epochs: readonly EpochRecord[];
  /** `excellent`, `acceptable`, `patience`, `epochs`, or `stopped` by the user. */
  readonly stop: string;
}

export interface RankedTrunk {
  /** Changes with the network. */
  readonly fingerprint: string;
  readonly ranking: TrunkRanking;
}

export interface MeasuredTrunk {
  readonly fingerprint: string;
  /** Names the network for the command `model`; null where there is none to be saved. */
  readonly key: string | null;
  readonly result: PrunedTrunk & Partial<Pick<TunedTrunk['result'], 'tuned'>>;
}

/** A picture's answers by the networks trained on real tiles, at the four quarter turns. */
export interface Classified {
  readonly name: string;
  /** How the tile was made of the picture: of the middle square of `side` pixels. */
  readonly fit: Fit;
  readonly side: number;
  /** What the networks saw: size × size × 3 bytes. */
  readonly size: number;
  readonly tile: Uint8Array;
  readonly nets: readonly {
    readonly role: NetKind;
    readonly title: string;
    readonly turns: readonly TurnAnswer[];
  }[];
}

/** What a network makes of one tile, upright and turned. */
export interface TriedOut {
  /** What the tile shows, and where it is from. */
  readonly name: string;
  /** size × size × channels bytes. */
  readonly size: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
  readonly turns: readonly TurnAnswer[];
  /** Of each layer that is looked at: its equivariance error, and whether that is but rounding. */
  readonly layers: readonly { readonly layer: string; readonly error: number; readonly turns: boolean }[];
  /** Where the symmetry breaks, in a sentence without its full stop. */
  readonly words: string;
}

/** A network beside the page. */
export interface NetChoice {
  readonly id: string;
  readonly title: string;
  readonly role: NetKind;
  /** What it was trained on. */
  readonly dataset: string;
  readonly size: number;
}

/** A network that looks at a tile; or why it does not. */
export type LookedNet =
  /** The title: null where it could not be opened. */
  | { readonly problem: string; readonly title: string | null }
  | {
      readonly problem: null;
      readonly title: string;
      readonly kind: NetKind;
      readonly group: GroupName;
      /** Side of what it reads, in pixels. */
      readonly size: number;
      /** 3, or 1 for grey; of bands, how many. */
      readonly channels: number;
      readonly bands?: Bands | undefined;
      /** Metres along a pixel of its tiles; null where nobody knows. */
      readonly metres: number | null;
      /** The title of its data set; null where its file does not say. */
      readonly trained: { readonly dataset: string; readonly synthetic: boolean } | null;
      readonly classes: readonly string[];
      /** Fields of each block; none where a network's maps are no fields. */
      readonly blocks: readonly number[];
      /** Whether its first filters stand in turned copies, which can be shown. */
      readonly hasOrbit: boolean;
    };

export interface Looked {
  readonly nets: readonly LookedNet[];
  /** The tile as the network that reads the largest sees it: size × size × 3 bytes. */
  readonly size: number;
  readonly tile: Uint8Array;
}

/** Which network of a task. */
export interface TaskPlace {
  readonly task: (typeof TASK_NAMES)[number];
  readonly training: string;
  readonly seed: number;
}

/** What is there of a task's network. */
export interface TaskNetwork {
  /** The trainings that lead to it, in order, with their finished epochs. */
  readonly trainings: readonly {
    readonly id: string;
    readonly epochs: number;
    readonly history: readonly EpochRecord[];
  }[];
  /** Why it lasts only as long as the page, in a sentence; null where it is kept. */
  readonly problem: string | null;
  /** On the test part; null while an epoch is missing. */
  readonly figures: Figures | null;
  /** What is measured of a network of this task. */
  readonly measures: readonly Measure[];
  /** Free weights, and multiply-adds for one map. */
  readonly cost: { readonly params: number; readonly macs: number };
  /** What it learned from and was measured on, and the networks of the task: sentences. */
  readonly data: readonly string[];
}

/** A field of a network on the bench, and the tile it is shown on. */
export interface BenchOrbit {
  readonly orbit: OrbitMaps;
  /** Its place among the validation tiles. */
  readonly tile: number;
  /** size × size × channels bytes, as the network reads them. */
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly channels: number;
  /** Its true class. */
  readonly label: number;
  /**
   * How many tiles were looked at before it was taken, and whether its answer flips once a petal of the field found with it
   * is torn off; null where it was asked for.
   */
  readonly found: { readonly looked: number; readonly flips: boolean } | null;
}

/** A network's report on a part of its tiles. */
export interface PartReport {
  readonly report: ClassReport;
  /** "240 test tiles of EuroSAT". */
  readonly tiles: string;
  /** The title of their data set. */
  readonly data: string;
}

/** What each job ends with. */
export interface Results {
  start: BackendReport;
  probe: Paces;
  cost: TrainingCost;
  open: Opened;
  /** Whether none is missing any more. */
  curves: boolean;
  finetune: Finetuned;
  extract: Extraction;
  cascades: CascadeChecks;
  orbits: OrbitChecks;
  minds: Minds;
  oblique: ObliqueCheck;
  neighbours: NeighbourCheck;
  report: PartReport;
  tilePictures: Pictures;
  forgetTiles: null;
  upright: UprightCheck;
  race: Race;
  rankTrunk: RankedTrunk;
  pruneTrunk: MeasuredTrunk;
  pruned: Uint8Array;
  model: Uint8Array;
  run: RunReport;
  tryRates: RateSweep;
  tryTurns: TurnedLoss;
  train: RunRow;
  classify: Classified;
  networks: readonly NetChoice[];
  look: Looked;
  /** By angle, then by network; null for one that has a problem. */
  turn: readonly (readonly (AngleAnswer | null)[])[];
  fields: FieldMaps;
  /** A sentence. */
  breaks: string;
  tryOut: TriedOut;
  orbit: OrbitMaps;
  benchOrbit: BenchOrbit;
  map: null;
  batch: BatchEnd;
  trainTask: TaskNetwork;
  saveTask: Uint8Array;
  openTask: TaskPlace;
  flow: ShownFlow;
  scene: ShownScene;
  takeAlong: Uint8Array;
  onnx: ExportedFiles;
  tflite: ExportedFiles;
  cFile: ExportedFiles;
  time: TimedHere;
  import: DatasetRow;
  /** null where it was stopped. */
  download: DatasetRow | null;
  rotate: DatasetRow;
}

/** What came of a batch. */
export interface BatchEnd {
  readonly row: BatchRow;
  /** The file so far, where the browser keeps nothing; null where it is kept. */
  readonly text: readonly string[] | null;
}

/** Networks timed, by their names; ONNX Runtime's version, or why it was not timed. */
export interface TimedHere extends TimedNetworks {
  readonly names: readonly string[];
  readonly onnxruntime: string | null;
  readonly without: string | null;
}

/** A network for other programs, by itself and with a README in a zip, and what was found of it: sentences. */
export interface ExportedFiles {
  readonly network: Uint8Array;
  readonly zip: Uint8Array;
  readonly said: readonly string[];
}

export type JobEvent =
  | Exclude<LabEvent, { type: 'checkpoint' }>
  | { readonly type: 'queued'; readonly ahead: number }
  /** Another tab does this very work; its epochs by now. */
  | { readonly type: 'elsewhere'; readonly history: readonly EpochRecord[] }
  | { readonly type: 'opened'; readonly opened: Opened }
  | { readonly type: 'sheet'; readonly net: NetName; readonly sheet: Sheet }
  /** How far a batch is; `resumed`: pictures that were done before. */
  | { readonly type: 'classified'; readonly row: BatchRow; readonly resumed: number }
  /** The map of a scene by the network `net` (by its place in the list), turned back. */
  | { readonly type: 'map'; readonly net: number; readonly turn: number; readonly map: ClassMap }
  /** What is kept of a run: when its worker takes it up, and after each finished stage. */
  | ({ readonly type: 'kept' } & Kept);

const isTagged = (value: unknown): boolean => typeof (value as { type?: unknown } | null)?.type === 'string';

export const messageSchema = z.discriminatedUnion('type', [
  /** The lock is held: from now on the page can tell when the worker ends. */
  z.object({ type: z.literal('alive') }),
  /** To a ping, with its number and those of the jobs that are open here; without one, the worker's first word. */
  z.object({ type: z.literal('pong'), asked: z.int(), open: z.array(z.int()) }),
  z.object({ type: z.literal('event'), id, event: z.custom<JobEvent>(isTagged) }),
  z.object({ type: z.literal('done'), id, result: z.unknown() }),
  z.object({
    type: z.literal('failed'),
    id,
    /** Whether the person can mend it, or we have to. */
    kind: z.enum(['bad-input', 'failure']),
    message: z.string(),
    cause: z.string().nullable(),
  }),
  z.object({ type: z.literal('cancelled'), id }),
  /** Something came that is no command and names no job that could fail of it. */
  z.object({ type: z.literal('misfit'), what: z.string() }),
  /** The engine is lost (a GPU device, out of memory): a fresh worker is needed. */
  z.object({ type: z.literal('lost'), why: z.string() }),
  /**
   * A thread is wanted that helps with the kernels. By the port the page answers null when it is there, and else why not;
   * the worker says anything when it is to end.
   */
  z.object({
    type: z.literal('thread'),
    start: z.custom<ThreadStart>((value) => typeof value === 'object' && value !== null),
    port: z.instanceof(MessagePort),
  }),
]);
export type Message = z.infer<typeof messageSchema>;
export type ThreadWanted = Omit<Extract<Message, { type: 'thread' }>, 'type'>;

const named = z.object({ id });

/** The job that something names which need not fit the protocol otherwise; null where it names none. */
export const jobNamedIn = (data: unknown): number | null => named.safeParse(data).data?.id ?? null;

/** What of it does not fit, for the console and a failed job's cause: `at "seed": …`. */
export const misfitWords = ({ issues }: z.core.$ZodError): string =>
  issues
    .map(({ path, message }) => (path.length > 0 ? `at "${path.join('.')}": ${message}` : message))
    .join('; ');
