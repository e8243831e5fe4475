/** What a host must keep for a run to survive a reload, a crash or a kill: finished stages and one checkpoint. */
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from './checkpoint';
import { mapEvents, type Stage } from './events';
import type { EpochRecord } from './history';

/** The row a finished stage leaves in the report. JSON. */
export interface StageRecord {
  readonly name: string;
  /** Validation accuracy after the stage, 0 … 1. */
  readonly accuracy: number;
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly [own: string]: unknown;
}

/** The epochs of a finished training; none where a stage has none. */
export const epochsOf = ({ epochs }: StageRecord): readonly EpochRecord[] =>
  (epochs as readonly EpochRecord[] | undefined) ?? [];

/** Where a host keeps a run. */
export interface RunStore {
  /** A stage finished earlier, with the model it left, or undefined. */
  loadStage(name: string): Promise<{ record: StageRecord; model?: AnyModel } | undefined>;
  /** Keeps a finished stage; all or nothing. */
  saveStage(record: StageRecord, model?: AnyModel): Promise<void>;
  loadCheckpoint(stage: string): Promise<FitCheckpoint | undefined>;
  saveCheckpoint(stage: string, checkpoint: FitCheckpoint): Promise<void>;
  /** Drops what is kept of a stage: record, model and checkpoint. */
  forget(stage: string): Promise<void>;
}

/** A store that lasts as long as the program; for tests and for hosts that keep nothing. */
export function memoryStore(): RunStore {
  const stages = new Map<string, { record: StageRecord; model?: AnyModel }>();
  const checkpoints = new Map<string, FitCheckpoint>();
  return {
    loadStage: async (name) => stages.get(name),
    saveStage: async (record, model) => {
      stages.set(record.name, { record, model });
      checkpoints.delete(record.name);
    },
    loadCheckpoint: async (stage) => checkpoints.get(stage),
    saveCheckpoint: async (stage, checkpoint) => {
      checkpoints.set(stage, checkpoint);
    },
    forget: async (stage) => {
      stages.delete(stage);
      checkpoints.delete(stage);
    },
  };
}

/** Passes a stage's events on, saving each checkpoint before the host sees it. */
export function keepingCheckpoints<T>(stage: Stage<T>, store: RunStore, name: string): Stage<T> {
  return mapEvents(stage, async (event) => {
    if (event.type === 'checkpoint') await store.saveCheckpoint(name, event.checkpoint);
    return event;
  });
}
