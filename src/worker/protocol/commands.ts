/** What the page asks of the worker, checked on arrival. `id` names the job; a control command names the job it is about. */
import { z } from 'zod';
import { batchChoicesSchema } from '../../lab/batch/choices';
import { remoteFilesSchema } from '../../lab/data/fetch/manifest';
import { CLASS_LEVELS } from '../../lab/data/readers/entry';
import { C_ROUNDINGS } from '../../lab/files/c/choices';
import { onnxChoicesSchema } from '../../lab/files/onnx/choices';
import { tfliteChoicesSchema } from '../../lab/files/tflite/choices';
import type { AnyArch } from '../../lab/nn/arch';
import { bandWishSchema } from '../../lab/pictures/bands';
import { FITS } from '../../lab/pictures/cut';
import { RESIZES } from '../../lab/pictures/resize';
import { RANKING_GRAINS, trunkChoiceSchema, tuningSchema } from '../../lab/prune/trunk/choice';
import { recipeSchema } from '../../lab/recipe/schema';
import { TASK_NAMES } from '../../lab/tasks/names';
import { RUN_KINDS } from '../../storage/rows';
import {
  ACTIONS,
  BACKENDS,
  bytes,
  fillingSchema,
  firstEngineSchema,
  importSourceSchema,
  MOST_NETS,
  NETS,
  netRefSchema,
  pixelsSchema,
  REPORT_PARTS,
  reportedSchema,
  settingSchema,
  subjectSchema,
  waySchema,
} from './choices';

const nets = z.array(netRefSchema).min(1).max(MOST_NETS);
/** A field of the lifting layer, and the seats of it that are empty. */
const orbitShape = { field: z.int().min(0).nullable(), torn: z.array(z.int().min(0).max(7)).max(8) };
const seed = z.int().min(0).max(0xffffffff);
export const id = z.int().min(1);
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
