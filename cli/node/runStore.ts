/**
 * A run's folder: `stages/<name>.json`, `models/<name>.safetensors`, `checkpoints/<identity>.safetensors`. The names are
 * for people; what a record is, the identity in it says. All of it carries a checksum.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { decodeAnyModel, encodeModel } from '../../src/lab/files/modelFile';
import type { AnyModel } from '../../src/lab/nn/model';
import { canonical } from '../../src/lab/recipe/identity';
import { slugOf } from '../../src/lab/recipe/names';
import { readRecipe } from '../../src/lab/recipe/parse';
import { sealed } from '../../src/lab/stage/seal';
import { isRecord, keyOf, type RunStore, type StageRecord } from '../../src/lab/stage/store';
import { readBytes, writeAtomically } from './files';
import { orNull, readSealed, type Say, sayOnError, setAside, writeSealed } from './kept';

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
 * runs on; another is refused. What is damaged there, or gone, is said, set aside, and as if it had not been made yet.
 */
export async function folderStore(
  folder: string,
  identity: Readonly<Record<string, unknown>>,
  say: Say = sayOnError,
): Promise<FolderStore> {
  await claim(folder, identity, say);
  const bases = await basesIn(folder, say);
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
      const found = await recordIn(recordFile(base), say);
      const model = found && (await modelOf(found, fileIn(folder, 'models', base), say));
      if (!found || model === 'gone') {
        // Told once; from now on it is to be made.
        bases.delete(key);
        return undefined;
      }
      const { record } = found;
      if (model === 'none') return { record };
      models.set(record.name, fileIn(folder, 'models', base));
      return { record, model: model! };
    },
    async saveStage(record, model) {
      const base = baseFor(record);
      if (model) {
        const saved = fileIn(folder, 'models', base);
        await writeAtomically(saved, encodeModel(model));
        models.set(record.name, saved);
      }
      await writeSealed(recordFile(base), record, model ? fingerprintOf(model) : null);
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
      if (!existsSync(saved)) return undefined;
      const checkpoint = await orNull(async () => decodeCheckpoint(await readBytes(saved), saved));
      if (!checkpoint) await setAside(saved, 'that training begins again', say);
      return checkpoint ?? undefined;
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

const AGAIN = 'that stage is made again';

interface Found {
  readonly record: StageRecord;
  /** As `Seal` says; undefined in records of earlier versions. */
  readonly network: string | null | undefined;
}

/** A record; null where it is gone, or damaged, which is then set aside. */
async function recordIn(file: string, say: Say): Promise<Found | null> {
  if (!existsSync(file)) return null;
  const found = await readSealed(file);
  if (found && isRecord(found.value)) return { record: found.value, network: found.seal?.network };
  await setAside(file, AGAIN, say);
  return null;
}

/** The network of a record: `none` was kept, or it is `gone`: missing, or damaged and set aside. */
async function modelOf(
  { record, network }: Found,
  file: string,
  say: Say,
): Promise<AnyModel | 'none' | 'gone'> {
  if (network === null) return 'none';
  if (!existsSync(file)) {
    if (network === undefined) return 'none';
    say(`"${file}", the network of the stage "${record.name}", is gone; ${AGAIN}.`);
    return 'gone';
  }
  const model = await orNull(async () => decodeAnyModel(await readBytes(file), file));
  if (model && (network === undefined || fingerprintOf(model) === network)) return model;
  await setAside(file, AGAIN, say);
  return 'gone';
}

/** Throws `BadInput` where the folder holds another run. */
async function claim(folder: string, identity: Readonly<Record<string, unknown>>, say: Say): Promise<void> {
  const header = path.join(folder, 'run.json');
  const write = () => writeAtomically(header, JSON.stringify(sealed(plain(identity)), null, 2));
  if (!existsSync(header)) return write();
  const found = await readSealed(header);
  if (!found || Object.keys(identity).some((key) => !(key in found.value))) {
    await setAside(
      header,
      'it was written anew, and of what is kept there all that is of this very run is used',
      say,
    );
    return write();
  }
  // One that lost the name of its seal has a key more than it had.
  const own = Object.fromEntries(Object.entries(found.value).filter(([key]) => key in identity));
  if (canonical(readAsNow(own)) === canonical(plain(identity))) return;
  throw new BadInput(
    `"${folder}" holds a run of another recipe, seed or dataset; nothing was changed there. Choose another --out.`,
  );
}

const plain = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value));

/** A header whose recipe is of an older version, as what it says now. */
function readAsNow(header: Readonly<Record<string, unknown>>): unknown {
  if (!header.recipe) return header;
  try {
    return { ...header, recipe: readRecipe(header.recipe).recipe };
  } catch (error) {
    if (error instanceof BadInput) return header;
    throw error;
  }
}

/** The file names of the records there, by what they are kept under. */
async function basesIn(folder: string, say: Say): Promise<Map<string, string>> {
  const stages = path.join(folder, 'stages');
  const bases = new Map<string, string>();
  if (!existsSync(stages)) return bases;
  for (const file of (await readdir(stages)).filter((each) => each.endsWith('.json')).sort()) {
    const found = await recordIn(path.join(stages, file), say);
    if (found) bases.set(keyOf(found.record), file.slice(0, -'.json'.length));
  }
  return bases;
}
