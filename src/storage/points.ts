/**
 * Measured prunings inside a trunk, kept in this browser: one row each; their networks lie under `stages`, and so does
 * what is kept of a fine-tuning that has not ended, with its checkpoints.
 */

import type { TrunkChoice, Tuning } from '../lab/prune/trunk/choice';
import { openLibrary } from './db';
import type { TrunkPoint } from './rows';

/** All points, the oldest first; none where the browser keeps nothing. */
export async function listPoints(): Promise<TrunkPoint[]> {
  const db = await openLibrary();
  const points = db ? await db.getAll('points') : [];
  return points.sort((a, b) => a.created - b.created);
}

/** Keeps a point, replacing what was measured in the same way before. */
export async function putPoint(point: TrunkPoint): Promise<void> {
  await (await openLibrary())?.put('points', point, point.id);
}

/** Forgets a point, its network, which lies in the store `run`, and what could be gone on with. */
export async function deletePoint({ id, key }: TrunkPoint, run: string): Promise<void> {
  const db = await openLibrary();
  const change = db?.transaction(['points', 'stages', 'checkpoints'], 'readwrite');
  await Promise.all([
    change?.objectStore('points').delete(id),
    key === null ? undefined : change?.objectStore('stages').delete(beginningWith(run, key)),
    key === null ? undefined : change?.objectStore('checkpoints').delete(beginningWith(run, key)),
    change?.done,
  ]);
}

/** Names the network that a pruning leaves, within the page's store. print: of the unpruned one. */
export const trunkKey = (print: string, choice: TrunkChoice, tuning: Tuning | null): string =>
  `trunk ${print} ${JSON.stringify(choice)} ${JSON.stringify(tuning)}`;

/** Where the fine-tuning of such a network is kept until it ends. */
export const unfinishedKey = (key: string): string => `${key} unfinished`;

/** Whether the store `run` has epochs of a fine-tuning that has not ended. */
export async function hasUnfinished(key: string, run: string): Promise<boolean> {
  const change = (await openLibrary())?.transaction(['stages', 'checkpoints']);
  const [step, epochs] = await Promise.all([
    change?.objectStore('stages').getKey([run, unfinishedKey(key)]),
    change?.objectStore('checkpoints').getKey(beginningWith(run, unfinishedKey(key))),
  ]);
  return step !== undefined && epochs !== undefined;
}

/** No key is the beginning of another one's but where that belongs to it: they end with JSON. */
const beginningWith = (run: string, key: string): IDBKeyRange =>
  IDBKeyRange.bound([run, key], [run, `${key}\uffff`]);
