/**
 * What the page keeps by itself, a fine-tuning for each setting that was tried, does not grow for ever: what was wanted
 * longest ago goes. Never what some page works on just now, and never the network of a point, which the person sees in
 * a list and removes.
 */
import { openLibrary } from './db';
import { listHeldRuns } from './runLock';

/** Fine-tunings kept besides those; with its checkpoint one takes a few megabytes. */
export const MOST_KEPT = 32;

/** Notes that what lies under `key` in the store `run` is wanted now, and drops what there is too much. */
export async function noteUse(run: string, key: string, most = MOST_KEPT): Promise<void> {
  const db = await openLibrary();
  if (!db) return;
  const held = await listHeldRuns();
  const change = db.transaction(['stages', 'checkpoints', 'points', 'uses'], 'readwrite');
  const [stages, checkpoints, uses] = (['stages', 'checkpoints', 'uses'] as const).map((name) =>
    change.objectStore(name),
  );
  const whole = IDBKeyRange.bound([run], [run, []]);
  await change.objectStore('uses').put(Date.now(), [run, key]);
  const [points, stageKeys, checkpointKeys, useKeys, times] = await Promise.all([
    change.objectStore('points').getAll(),
    stages.getAllKeys(whole),
    checkpoints.getAllKeys(whole),
    uses.getAllKeys(whole),
    change.objectStore('uses').getAll(whole),
  ]);
  const staying = new Set([key, ...held, ...points.map((point) => point.key)]);
  const timeOf = new Map(useKeys.map(([, owner], i) => [owner, times[i]]));
  const keys = [...stageKeys, ...checkpointKeys];
  const owners = new Set(keys.map(([, each]) => ownerOf(each)));
  const dropped = [...owners]
    .filter((owner) => !staying.has(owner))
    // What was kept before uses were noted is the oldest.
    .sort((a, b) => (timeOf.get(b) ?? 0) - (timeOf.get(a) ?? 0))
    .slice(most);
  const isDropped = new Set(dropped);
  const isIdle = ([, owner]: [string, string]) => !staying.has(owner) && !owners.has(owner);
  await Promise.all([
    ...keys.flatMap((each) =>
      isDropped.has(ownerOf(each[1])) ? [stages.delete(each), checkpoints.delete(each)] : [],
    ),
    ...dropped.map((owner) => uses.delete([run, owner])),
    ...useKeys.filter(isIdle).map((each) => uses.delete(each)),
    change.done,
  ]);
}

/** What a fine-tuning keeps until it ends belongs to what it leaves (see points.ts and keptSteps.ts). */
const ownerOf = (key: string): string => key.replace(/ unfinished( step \d+)?$/, '');
