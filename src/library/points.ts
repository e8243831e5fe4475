/** Measured prunings inside a trunk, kept in this browser: one row each; their networks lie under `stages`. */
import type { PrunedTrunk, TunedTrunk } from '../lab/prune/trunk';
import type { TrunkChoice, Tuning } from '../lab/prune/trunkChoice';
import { openLibrary } from './db';

export interface TrunkPoint {
  readonly id: string;
  readonly network: {
    readonly title: string;
    /** Changes with the network. */
    readonly print: string;
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
}

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

/** Forgets a point and its network, which lies in the store `run`. */
export async function deletePoint({ id, key }: TrunkPoint, run: string): Promise<void> {
  const db = await openLibrary();
  const change = db?.transaction(['points', 'stages'], 'readwrite');
  await Promise.all([
    change?.objectStore('points').delete(id),
    key === null ? undefined : change?.objectStore('stages').delete([run, key]),
    change?.done,
  ]);
}
