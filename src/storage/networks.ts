/** Networks kept as files: opened from the visitor's disk, or made on the page. */
import { BadInput } from '../lab/errors';
import { fingerprintOf } from '../lab/files/fingerprint';
import { decodeAnyModel, readModelFile } from '../lab/files/modelFile';
import type { AnyModel } from '../lab/nn/model';
import { plain, plainNames } from '../lab/plain';
import type { Given } from '../lab/recipe/prepare';
import { provenanceIn } from '../lab/recipe/provenance';
import type { Recipe } from '../lab/recipe/schema';
import { sealed } from '../lab/stage/seal';
import { isDiskFull, openLibrary, requireLibrary } from './db';
import type { NetworkRow } from './rows';
import { rowIn, rowsIn } from './sealedRows';
import { changing, writing } from './writing';

/** The longest name of a network. */
const LONGEST = 100;

/** All kept networks, the newest first; none where the browser keeps nothing. */
export async function listNetworks(): Promise<NetworkRow[]> {
  const db = await openLibrary();
  if (!db) return [];
  const change = db.transaction('networks');
  const [keys, values] = await Promise.all([change.store.getAllKeys(), change.store.getAll()]);
  const { rows, damaged } = rowsIn<NetworkRow>(keys, values);
  for (const id of damaged) {
    const again = await madeAgain(id);
    if (again) rows.push(again);
  }
  return rows.sort((a, b) => b.added - a.added);
}

/** The row of a network made again from its file, where that is what was kept; null where it is not either. */
async function madeAgain(id: string): Promise<NetworkRow | null> {
  const db = await requireLibrary();
  const file: unknown = await db.get('networkFiles', id);
  if (!(file instanceof Uint8Array)) return null;
  try {
    const model = modelIn(file, id, id);
    const row = rowOf(model, id, `network ${id.slice(0, 8)}`, file.length);
    await db.put('networks', sealed(row), id);
    return row;
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

/** The network of a kept file. Throws `BadInput` where it is another one than was kept. */
function modelIn(file: Uint8Array, id: string, name: string): AnyModel {
  const model = decodeAnyModel(file, `The kept file of "${name}"`);
  if (fingerprintOf(model) === id) return model;
  throw new BadInput(
    `The kept file of "${name}" is damaged: it is not what was written, so nothing of it is used. Remove it, and drop its file on the page again.`,
  );
}

function rowOf(model: AnyModel, id: string, name: string, bytes: number): NetworkRow {
  const { dataset } = model.provenance as { dataset?: unknown };
  return {
    ...{ id, name, bytes },
    arch: plain(model.arch.id),
    group: model.arch.group,
    integers: model.arch.int8 !== undefined,
    classes: plainNames(model.classes),
    dataset: provenanceIn(model)?.data.title ?? (typeof dataset === 'string' ? plain(dataset) : null),
    added: Date.now(),
  };
}

/**
 * Keeps the file of a network, its bytes as they are. One that is kept already keeps its name, and takes the newer file:
 * that one may say more of its origin. Throws `BadInput` for a file that holds no network, and when the disk is full.
 */
export async function keepNetwork(file: Uint8Array, name: string): Promise<NetworkRow> {
  const { model, note } = readModelFile(file, name);
  const id = fingerprintOf(model);
  const db = await requireLibrary();
  const known = rowIn<NetworkRow>(await db.get('networks', id));
  const free = known?.name ?? freeName(plain(name, LONGEST - 4) || model.arch.id, await listNetworks());
  const row = { ...rowOf(model, id, free, file.length), ...(note !== null && { note }) };
  try {
    await writing(['networks', 'networkFiles'], (stores) => [
      stores('networks').put(sealed(row), id),
      stores('networkFiles').put(file, id),
    ]);
  } catch (error) {
    if (isDiskFull(error)) throw new BadInput(DISK_FULL, { cause: error });
    throw error;
  }
  return row;
}

/** The name, or the name with the first number that no other network has. */
function freeName(name: string, rows: readonly NetworkRow[]): string {
  const taken = new Set(rows.map((row) => row.name));
  for (let number = 2, free = name; ; number++) {
    if (!taken.has(free)) return free;
    free = `${name} ${number}`;
  }
}

const DISK_FULL =
  'The disk is full, or this browser may keep no more, so the network was not kept. Nothing else of what is kept has changed; remove a network, a run or a data set, then try again.';

/** The file of a kept network. Throws `BadInput` where there is none, or it is damaged. */
export const loadNetworkFile = async (id: string): Promise<Uint8Array> => (await openKept(id)).file;

/** The file of a kept network, and what it holds. Throws as `loadNetworkFile`. */
async function openKept(id: string): Promise<{ file: Uint8Array; model: AnyModel }> {
  const file = await (await openLibrary())?.get('networkFiles', id);
  if (file) return { file, model: modelIn(file, id, id.slice(0, 8)) };
  throw new BadInput(
    `The network "${id}" is not kept in this browser. Drop its file on the page again, or open another network.`,
  );
}

/** A kept network with its row. Throws `BadInput` where there is none. */
export async function loadNetwork(id: string): Promise<{ row: NetworkRow; model: AnyModel }> {
  const { file, model } = await openKept(id);
  const found = rowIn<NetworkRow>(await (await requireLibrary()).get('networks', id));
  return { row: found ?? (await madeAgain(id)) ?? rowOf(model, id, id, file.length), model };
}

/** Gives a kept network another name; false when there is no such network (any more). */
export const renameNetwork = (id: string, name: string): Promise<boolean> =>
  changing(['networks'], async (stores) => {
    const row = rowIn<NetworkRow>(await stores('networks').get(id));
    if (row) await stores('networks').put(sealed({ ...row, name: plain(name, LONGEST) }), id);
    return row !== null;
  });

export async function deleteNetwork(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['networks', 'networkFiles'], 'readwrite');
  await Promise.all([
    change.objectStore('networks').delete(id),
    change.objectStore('networkFiles').delete(id),
    change.done,
  ]);
}

/** The networks that a recipe begins with, of those kept here. */
export async function loadStart({ start = [] }: Pick<Recipe, 'start'>): Promise<Given[]> {
  const db = start.length > 0 ? await openLibrary() : null;
  const given: Given[] = [];
  for (const { fingerprint } of start) {
    const file = await db?.get('networkFiles', fingerprint);
    if (file) given.push({ fingerprint, model: modelIn(file, fingerprint, fingerprint) });
  }
  return given;
}
