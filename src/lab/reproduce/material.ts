/** What a report is made from: finished runs, with their tiles and the speeds of their networks. */
import type { Dataset, Splits } from '../data/dataset';
import type { StageRecord } from '../stage/store';
import type { TableRun } from './table';

/** One finished run. */
export interface FinishedRun {
  readonly seed: number;
  readonly records: ReadonlyMap<string, StageRecord>;
  /** Bytes of the tensors in the file of a stage's network, as counted in the file; undefined where there is none. */
  fileBytes(stage: string): number | undefined;
}

/** Seconds per tile of the unpruned network and of a pruned one, run in turn; one pair for each measurement. */
export interface Speeds {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A run of the table with its tiles (at the network's input size) and what each seed left. */
export interface RunMaterial {
  readonly run: TableRun;
  readonly dataset: Dataset;
  readonly splits: Splits;
  readonly seeds: readonly FinishedRun[];
  /** By folds: which fold each test tile is tested in. */
  readonly folds?: Uint8Array;
  /** Of the networks of its studies, by stage. */
  readonly speeds?: ReadonlyMap<string, Speeds>;
}
