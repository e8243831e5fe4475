/**
 * Measured prunings inside a trunk, kept in this browser: one row each; their networks lie under `stages`, and so does
 * what is kept of a fine-tuning that has not ended, with its checkpoints (of those the newest: see uses.ts).
 */

import type { TrunkChoice, Tuning } from '../lab/prune/trunk/choice';
import { sealed } from '../lab/stage/seal';
import { openLibrary } from './db';
import type { TrunkPoint } from './rows';
import { rowsIn } from './sealedRows';
import { writing } from './writing';

/** All points, the oldest first; none where the browser keeps nothing. Damaged ones are dropped, and `onDropped` is told. */
export async function listPoints(onDropped: (many: number) => void = () => {}): Promise<TrunkPoint[]> {
  const change = (await openLibrary())?.transaction('points', 'readwrite');
  if (!change) return [];
  const keys = await change.store.getAllKeys();
  const { rows, damaged } = rowsIn<TrunkPoint>(keys, await change.store.getAll());
  await Promise.all([...damaged.map((key) => change.store.delete(key)), change.done]);
  if (damaged.length > 0) onDropped(damaged.length);
  return rows.map(withFingerprint).sort((a, b) => a.created - b.created);
}

/** Points that were kept before call the fingerprint `print`. */
function withFingerprint(point: TrunkPoint): TrunkPoint {
  const { print, ...network }: TrunkPoint['network'] & { readonly print?: string } = point.network;
  return print === undefined ? point : { ...point, network: { ...network, fingerprint: print } };
}

/** Keeps a point, replacing what was measured in the same way before. */
export async function putPoint(point: TrunkPoint): Promise<void> {
  if (await openLibrary())
    await writing(['points'], (stores) => [stores('points').put(sealed(point), point.id)]);
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

/** The key that a pruned network has in the page's store. fingerprint: of the unpruned network. */
export const trunkKey = (fingerprint: string, choice: TrunkChoice, tuning: Tuning | null): string =>
  `trunk ${fingerprint} ${JSON.stringify(choice)} ${JSON.stringify(tuning)}`;

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
