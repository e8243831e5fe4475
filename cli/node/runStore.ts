/** A run's folder: `stages/<name>.json`, `models/<name>.safetensors`, `checkpoints/<name>.safetensors`. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { decodeAnyModel, encodeModel } from '../../src/lab/files/modelFile';
import type { RunStore, StageRecord } from '../../src/lab/stage/store';
import { readBytes, readJson, writeAtomically } from './files';

export interface FolderStore extends RunStore {
  /** Paths of the models saved so far, by stage. */
  readonly models: ReadonlyMap<string, string>;
}

/** Where a run keeps the network of a stage. */
export const modelFile = (folder: string, stage: string): string =>
  fileIn(folder, 'models', stage, 'safetensors');

function fileIn(folder: string, kind: string, stage: string, extension: string): string {
  const name = stage.replaceAll('%', '').replaceAll(/[^\w.-]+/g, '-');
  return path.join(folder, kind, `${name}.${extension}`);
}

/**
 * Opens (or begins) a run in a folder. `identity` is all that decides its numbers, such as the recipe with the data it
 * runs on; another is refused.
 */
export async function folderStore(
  folder: string,
  identity: Readonly<Record<string, unknown>>,
): Promise<FolderStore> {
  const header = path.join(folder, 'run.json');
  const text = JSON.stringify(identity, null, 2);
  if (existsSync(header)) {
    if (JSON.stringify(await readJson(header)) !== JSON.stringify(JSON.parse(text))) {
      throw new BadInput(
        `"${folder}" holds a run of another recipe, seed or dataset; nothing was changed there. Choose another --out.`,
      );
    }
  } else await writeAtomically(header, text);
  const models = new Map<string, string>();
  const file = (kind: string, stage: string, extension: string) => fileIn(folder, kind, stage, extension);
  return {
    models,
    async loadStage(name) {
      const record = file('stages', name, 'json');
      if (!existsSync(record)) return undefined;
      const saved = file('models', name, 'safetensors');
      const hasModel = existsSync(saved);
      if (hasModel) models.set(name, saved);
      return {
        record: (await readJson(record)) as StageRecord,
        model: hasModel ? decodeAnyModel(await readBytes(saved), saved) : undefined,
      };
    },
    async saveStage(record, model) {
      if (model) {
        const saved = file('models', record.name, 'safetensors');
        await writeAtomically(saved, encodeModel(model));
        models.set(record.name, saved);
      }
      await writeAtomically(file('stages', record.name, 'json'), JSON.stringify(record));
      await rm(file('checkpoints', record.name, 'safetensors'), { force: true });
    },
    async loadCheckpoint(stage) {
      const saved = file('checkpoints', stage, 'safetensors');
      return existsSync(saved) ? decodeCheckpoint(await readBytes(saved), saved) : undefined;
    },
    saveCheckpoint: (stage, checkpoint) =>
      writeAtomically(file('checkpoints', stage, 'safetensors'), encodeCheckpoint(checkpoint)),
    async forget(stage) {
      models.delete(stage);
      // The record first: without it the others are nothing.
      await rm(file('stages', stage, 'json'), { force: true });
      await rm(file('models', stage, 'safetensors'), { force: true });
      await rm(file('checkpoints', stage, 'safetensors'), { force: true });
    },
  };
}
