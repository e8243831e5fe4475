/** What a host must keep for a run to survive a reload, a crash or a kill: finished stages and one checkpoint. */
import { z } from 'zod';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from './checkpoint';
import { mapEvents, type Stage } from './events';
import type { EpochRecord } from './history';

/** The row a finished stage leaves in the report. JSON. */
export interface StageRecord {
  /** What it is kept under: its identity (recipe/identity.ts). Absent in records of before there were any: the name. */
  readonly id?: string;
  readonly name: string;
  /** Validation accuracy after the stage, 0 … 1. */
  readonly accuracy: number;
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
  /** Bytes as exported; null where the family has no such form, absent in records of before it was counted. */
  readonly exported?: number | null;
  readonly seconds: number;
  readonly [own: string]: unknown;
}

/** The epochs of a finished training; none where a stage has none. */
export const epochsOf = ({ epochs }: StageRecord): readonly EpochRecord[] =>
  (epochs as readonly EpochRecord[] | undefined) ?? [];

/** What a stage has to say beside its figures: sentences. */
export const notesOf = ({ notes }: StageRecord): readonly string[] =>
  (notes as readonly string[] | undefined) ?? [];

/** What a record is kept under. */
export const keyOf = ({ id, name }: Pick<StageRecord, 'id' | 'name'>): string => id ?? name;

const recordSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  accuracy: z.number().min(0).max(1),
  ...{ params: z.number(), macs: z.number(), bytes: z.number(), seconds: z.number() },
});

/** Whether something that was kept can be a record at all. */
export const isRecord = (value: unknown): value is StageRecord => recordSchema.safeParse(value).success;

/** Where a host keeps a run. Everything is kept under keys: the identity of a stage, or a name where there is none. */
export interface RunStore {
  /** A stage finished earlier, with the model it left, or undefined. */
  loadStage(key: string): Promise<{ record: StageRecord; model?: AnyModel } | undefined>;
  /** Keeps a finished stage; all or nothing. */
  saveStage(record: StageRecord, model?: AnyModel): Promise<void>;
  loadCheckpoint(key: string): Promise<FitCheckpoint | undefined>;
  saveCheckpoint(key: string, checkpoint: FitCheckpoint): Promise<void>;
  /** Drops what is kept of a stage: record, model and checkpoint. */
  forget(key: string): Promise<void>;
}

/** A store that lasts as long as the program; for tests and for hosts that keep nothing. */
export function memoryStore(): RunStore {
  const stages = new Map<string, { record: StageRecord; model?: AnyModel }>();
  const checkpoints = new Map<string, FitCheckpoint>();
  return {
    loadStage: async (key) => stages.get(key),
    saveStage: async (record, model) => {
      stages.set(keyOf(record), { record, model });
      checkpoints.delete(keyOf(record));
    },
    loadCheckpoint: async (key) => checkpoints.get(key),
    saveCheckpoint: async (key, checkpoint) => {
      checkpoints.set(key, checkpoint);
    },
    forget: async (key) => {
      stages.delete(key);
      checkpoints.delete(key);
    },
  };
}

/** Passes a stage's events on, saving each checkpoint before the host sees it. */
export function keepingCheckpoints<T>(stage: Stage<T>, store: RunStore, key: string): Stage<T> {
  return mapEvents(stage, async (event) => {
    if (event.type === 'checkpoint') await store.saveCheckpoint(key, event.checkpoint);
    return event;
  });
}
