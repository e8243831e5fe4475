/** The rows of what this browser keeps, and the room for them, as the page, its workers and the library itself read them. Plain data. */
import type { BatchChoices } from '../lab/batch/choices';
import type { BatchSummary } from '../lab/batch/summary';
import type { ContactSheet } from '../lab/data/contactSheet';
import type { SplitName } from '../lab/data/dataset';
import type { OfficialParts } from '../lab/data/split/splits';
import type { Ratio } from '../lab/evaluate/timing';
import type { Timing } from '../lab/files/onnx/timing';
import type { Bands } from '../lab/pictures/bands';
import type { BlockAnswers } from '../lab/prune/blocks/study';
import type { FilterAnswers } from '../lab/prune/filters/study';
import type { Features } from '../lab/prune/neurons/growingStudy';
import type { TrunkChoice, Tuning } from '../lab/prune/trunk/choice';
import type { PrunedTrunk, TunedTrunk } from '../lab/prune/trunk/trunk';
import type { Recipe } from '../lab/recipe/schema';
import type { EpochRecord } from '../lab/stage/history';
import type { StageRecord } from '../lab/stage/store';

/** What a data set says of itself without its tiles. */
export interface DatasetFacts {
  readonly id: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Tiles of each class. */
  readonly counts: readonly number[];
  /** Which part of the data set each tile of a class came in; null where it came as one. */
  readonly official: OfficialParts | null;
  readonly size: number;
  /** Absent in rows of before there were bands: 3, or 1 for grey. */
  readonly channels?: number;
  readonly bands?: Bands | undefined;
  readonly count: number;
  readonly sheet: ContactSheet;
}

export interface DatasetRow extends DatasetFacts {
  /** Stands for pixels, labels, classes and own parts: `datasetHash`. */
  readonly hash: string;
  /** What was understood, changed or passed over in reading it, as sentences; absent in rows of before it was told. */
  readonly notes?: readonly string[];
  /** On disk. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly added: number;
}

/** The embedded synthetic set's reference. */
export const SYNTHETIC = 'synthetic';

/** `running` in a row nobody works on means cut off: by a reload, a crash, a closed tab. */
export type RunStatus = 'running' | 'stopped' | 'done' | 'failed';

/** Which view began it and lists it: a recipe file may well hold a training alone. */
export const RUN_KINDS = ['training', 'pipeline', 'adapting'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a run's store holds, as its row says it. */
export interface Kept {
  /** Of the finished stages, in order. */
  readonly records: readonly StageRecord[];
  /** Finished epochs of the first training. */
  readonly history: readonly EpochRecord[];
  /** The finished epochs of a later training that is not finished: a student's, a fine-tuning's. */
  readonly later: { readonly stage: string; readonly history: readonly EpochRecord[] } | null;
}

/** The data set a run was trained on. */
export interface RunData {
  /** `synthetic`, or the id of a kept data set. */
  readonly ref: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  readonly count: number;
  /** `datasetHash`: tells whether the tiles kept under `ref` are still the same. */
  readonly hash: string;
}

/** The trained network on the validation tiles at the four quarter turns. */
export interface RunCheck {
  readonly turned: readonly number[];
  readonly changed: number;
  readonly undecided: number;
  readonly tiles: number;
}

export interface RunRow extends Kept {
  readonly id: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly recipe: Recipe;
  readonly data: RunData;
  /** Tiles of each part of the split. */
  readonly tiles: Readonly<Record<SplitName, number>>;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly status: RunStatus;
  /** The engine and its adapter, in words. */
  readonly engine: string;
  readonly params: number;
  /** Of the network as stored and as exported (null: no such form); absent in rows of before they were counted. */
  readonly bytes?: number;
  readonly exported?: number | null;
  /** Why training ended: a stopping rule's name; null while it has not. */
  readonly stop: string | null;
  readonly check: RunCheck | null;
  /** What went wrong, where `status` is `failed`, or why training stopped unasked. */
  readonly message: string | null;
  /** Asked for, and no worker has looked at its tiles yet: what they decide is not known. Absent in all others. */
  readonly begun?: false;
  /** Found damaged, so its figures were dropped: what its recipe was, its stages are asked. Absent in all others. */
  readonly damaged?: true;
  /** Of a run begun with a recipe of version 1: what its stages are kept under, by the names they have now. */
  readonly formerNames?: Readonly<Record<string, string>>;
}

/** A row as it lies in the library: one written before there were pipelines has none of their fields. */
export type StoredRun = Omit<RunRow, 'kind' | 'records' | 'later'> & Partial<RunRow>;

/** A network that was opened from a file, or made on the page and kept. */
export interface NetworkRow {
  /** `fingerprintOf` the network: the same file opened twice is one row. */
  readonly id: string;
  /** Its own, which can be changed. */
  readonly name: string;
  /** The name of its design, and its group. */
  readonly arch: string;
  readonly group: string;
  /** Rounded to 8-bit integers: it can be looked at, and not pruned. */
  readonly integers: boolean;
  /** What it tells apart, and the title of the data it was trained on where its file says so. */
  readonly classes: readonly string[];
  readonly dataset: string | null;
  /** Of its file. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly added: number;
  /** What was done to its numbers so that they could be read, in a sentence; mostly nothing. */
  readonly note?: string;
}

/** A measured pruning inside a trunk. */
export interface TrunkPoint {
  readonly id: string;
  readonly network: {
    readonly title: string;
    /** Changes with the network. */
    readonly fingerprint: string;
    /** Shared by networks that differ in nothing but their seed. */
    readonly family: string;
    /** Of its training; null where it is not known. */
    readonly seed: number | null;
  };
  readonly choice: TrunkChoice;
  readonly tuning: Tuning | null;
  /** Names the network for the worker; null where there is none. */
  readonly key: string | null;
  readonly result: PrunedTrunk & Partial<Pick<TunedTrunk['result'], 'tuned'>>;
  /** The engine and its adapter, in words. */
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** How fast its network answers beside the unpruned one, where that was asked for. */
  readonly timed?: readonly PointTiming[];
}

/** By one engine, in turn with the unpruned network. */
export type PointTiming = Pick<Timing, 'engine' | 'threads' | 'batch' | 'runs' | 'p50' | 'p95'> & {
  /** To the unpruned network in the same rounds. */
  readonly ratio: Ratio;
};

/** What a network's trunk answered to its tiles, kept for the next visit. */
export interface KeptTrunk extends Features {
  /** Of tiles made by code: made again they would take longer than to read. */
  readonly pixels: Uint8Array | null;
}

/** What a network answered to its tiles, kept for the next visit: its trunk, or its units and all of it. */
export type KeptFeatures = KeptTrunk | BlockAnswers | FilterAnswers;

/** What curves depend on besides the features: the seed of the random method; of a transformer's units their ranking too. */
export type SheetName = number | string;

/** Of what is kept of one network: how much it takes, and when it was last wanted, in milliseconds since 1970. */
export interface KeptUse {
  readonly bytes: number;
  readonly used: number;
}

/** Many pictures that are classified: what was chosen, and how far it is. */
export interface BatchRow {
  /** What decides every byte of the file: `batchIdentity`. */
  readonly identity: string;
  /** What the pictures came as. */
  readonly name: string;
  /** The network. */
  readonly title: string;
  readonly classes: readonly string[];
  readonly choices: BatchChoices;
  readonly total: number;
  /** What was passed over, in a sentence; null where nothing was. */
  readonly note: string | null;
  readonly summary: BatchSummary;
  /** Portions of lines that are kept, the line of names among them. */
  readonly portions: number;
}

/** In bytes, as the browser says; some always say that a fixed amount is free, so a write can fail all the same. */
export interface Room {
  readonly used: number;
  readonly granted: number;
}
