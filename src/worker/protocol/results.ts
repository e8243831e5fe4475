/** What the worker finds: what each job ends with, and what it tells on its way. */
import type { ShownScene } from '../../lab/detection/shown';
import type { TurnAnswer } from '../../lab/evaluate/classify';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { AngleAnswer } from '../../lab/evaluate/turned';
import type { TimedNetworks } from '../../lab/files/onnx/timing';
import type { ShownFlow } from '../../lab/fluids/shown';
import type { AnyArch } from '../../lab/nn/arch';
import type { Bands } from '../../lab/pictures/bands';
import type { Fit } from '../../lab/pictures/cut';
import type { CascadeChecks, OrbitChecks } from '../../lab/prune/counterexamples/checks';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import type { Minds, ObliqueCheck } from '../../lab/prune/neurons/minds';
import type { Pictures } from '../../lab/prune/neurons/portraits';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { TrunkRanking } from '../../lab/prune/trunk/choice';
import type { PrunedTrunk, TunedTrunk } from '../../lab/prune/trunk/trunk';
import type { NeighbourCheck } from '../../lab/quantize/neighbours';
import type { RunReport } from '../../lab/recipe/pipeline';
import type { Recipe } from '../../lab/recipe/schema';
import type { BackendReport } from '../../lab/runtime/backend';
import type { Paces } from '../../lab/runtime/probe';
import type { ClassMap } from '../../lab/scenes/cells';
import type { LabEvent } from '../../lab/stage/events';
import type { EpochRecord } from '../../lab/stage/history';
import type { GroupName } from '../../lab/symmetry/group';
import type { TASK_NAMES } from '../../lab/tasks/names';
import type { Figures, Measure } from '../../lab/tasks/task';
import type { Race } from '../../lab/train/race';
import type { RateSweep } from '../../lab/train/rateSweep';
import type { TrainingCost } from '../../lab/train/trainingCost';
import type { TurnedLoss } from '../../lab/train/turnedLoss';
import type { UprightCheck } from '../../lab/train/upright';
import type { BatchRow, DatasetRow, Kept, RunRow } from '../../storage/rows';
import type { NetName, Subject } from './choices';

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
