/**
 * A run's folder: `stages/<name>.json`, `models/<name>.safetensors`, `checkpoints/<identity>.safetensors`. The names are
 * for people; what a record is, the identity in it says.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { decodeAnyModel, encodeModel } from '../../src/lab/files/modelFile';
import type { AnyModel } from '../../src/lab/nn/model';
import { canonical } from '../../src/lab/recipe/identity';
import { slugOf } from '../../src/lab/recipe/names';
import { readRecipe } from '../../src/lab/recipe/parse';
import { keyOf, type RunStore, type StageRecord } from '../../src/lab/stage/store';
import { readBytes, readJson, writeAtomically } from './files';

export interface FolderStore extends RunStore {
  /** Paths of the models there, by the name of their stage. */
  readonly models: ReadonlyMap<string, string>;
  /** Writes a network that no stage has left; returns the path of its file. */
  saveNetwork(name: string, model: AnyModel): Promise<string>;
}

/** Where a run keeps the network of a stage, by the stage's name. */
export const modelFile = (folder: string, name: string): string => fileIn(folder, 'models', slugOf(name));

const fileIn = (folder: string, kind: 'models' | 'checkpoints', base: string): string =>
  path.join(folder, kind, `${base}.safetensors`);

/**
 * Opens (or begins) a run in a folder. `identity` is all that decides its numbers, such as the recipe with the data it
 * runs on; another is refused.
 */
export async function folderStore(
  folder: string,
  identity: Readonly<Record<string, unknown>>,
): Promise<FolderStore> {
  await claim(folder, identity);
  const bases = await basesIn(folder);
  const models = new Map<string, string>();
  const recordFile = (base: string) => path.join(folder, 'stages', `${base}.json`);
  /** The file names of a record: its own name, or with the identity behind it where another record has that name. */
  const baseFor = (record: StageRecord) => {
    const taken = [...bases].some(([key, base]) => base === slugOf(record.name) && key !== keyOf(record));
    const base = slugOf(taken ? `${record.name} ${keyOf(record).slice(0, 8)}` : record.name);
    return bases.get(keyOf(record)) ?? base;
  };
  return {
    models,
    async loadStage(key) {
      const base = bases.get(key);
      if (base === undefined) return undefined;
      const record = (await readJson(recordFile(base))) as StageRecord;
      const saved = fileIn(folder, 'models', base);
      if (!existsSync(saved)) return { record };
      models.set(record.name, saved);
      return { record, model: decodeAnyModel(await readBytes(saved), saved) };
    },
    async saveStage(record, model) {
      const base = baseFor(record);
      if (model) {
        const saved = fileIn(folder, 'models', base);
        await writeAtomically(saved, encodeModel(model));
        models.set(record.name, saved);
      }
      await writeAtomically(recordFile(base), JSON.stringify(record));
      bases.set(keyOf(record), base);
      await rm(fileIn(folder, 'checkpoints', slugOf(keyOf(record))), { force: true });
    },
    async saveNetwork(name, model) {
      const saved = fileIn(folder, 'models', slugOf(name));
      await writeAtomically(saved, encodeModel(model));
      return saved;
    },
    async loadCheckpoint(key) {
      const saved = fileIn(folder, 'checkpoints', slugOf(key));
      return existsSync(saved) ? decodeCheckpoint(await readBytes(saved), saved) : undefined;
    },
    saveCheckpoint: (key, checkpoint) =>
      writeAtomically(fileIn(folder, 'checkpoints', slugOf(key)), encodeCheckpoint(checkpoint)),
    async forget(key) {
      const base = bases.get(key);
      bases.delete(key);
      await rm(fileIn(folder, 'checkpoints', slugOf(key)), { force: true });
      if (base === undefined) return;
      // The record first: without it the network is nothing.
      await rm(recordFile(base), { force: true });
      await rm(fileIn(folder, 'models', base), { force: true });
    },
  };
}

/** Throws `BadInput` where the folder holds another run. */
async function claim(folder: string, identity: Readonly<Record<string, unknown>>): Promise<void> {
  const header = path.join(folder, 'run.json');
  if (!existsSync(header)) return writeAtomically(header, JSON.stringify(identity, null, 2));
  if (canonical(await headerIn(header)) === canonical(JSON.parse(JSON.stringify(identity)))) return;
  throw new BadInput(
    `"${folder}" holds a run of another recipe, seed or dataset; nothing was changed there. Choose another --out.`,
  );
}

/** The header of a folder; a recipe of an older version is read as what it says now. */
async function headerIn(file: string): Promise<unknown> {
  const header = (await readJson(file)) as { readonly recipe?: unknown } | null;
  if (!header?.recipe) return header;
  try {
    return { ...header, recipe: readRecipe(header.recipe).recipe };
  } catch (error) {
    if (error instanceof BadInput) return header;
    throw error;
  }
}

/** The file names of the records there, by what they are kept under. */
async function basesIn(folder: string): Promise<Map<string, string>> {
  const stages = path.join(folder, 'stages');
  const bases = new Map<string, string>();
  if (!existsSync(stages)) return bases;
  for (const file of (await readdir(stages)).filter((each) => each.endsWith('.json')).sort()) {
    const record = (await readJson(path.join(stages, file))) as StageRecord;
    bases.set(keyOf(record), file.slice(0, -'.json'.length));
  }
  return bases;
}
