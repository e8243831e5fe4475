/** Room on the disk: what the browser grants this page, and what to say where a data set does not fit. */
import { BadInput } from '../lab/errors';
import { listDatasets } from './datasets';
import type { DatasetRow, Room } from './rows';

/** null where the browser does not say. */
export async function estimateRoom(): Promise<Room | null> {
  // Offered on secure pages only.
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  if (estimate?.usage === undefined || !estimate.quota) return null;
  return { used: estimate.usage, granted: estimate.quota };
}

/** Throws `BadInput` when so many bytes do not fit: before minutes are spent on reading them. */
export async function requireRoom(title: string, bytes: number): Promise<void> {
  const room = await estimateRoom();
  if (room && bytes > room.granted - room.used) throw await diskFullError(title, bytes);
}

/** The error of a data set of so many bytes that the disk did not take. */
export async function diskFullError(title: string, bytes: number, cause?: unknown): Promise<BadInput> {
  return new BadInput(
    diskFullSentence(title, bytes, await estimateRoom(), await listDatasets().catch(() => [])),
    { cause },
  );
}

/** What was needed, what is free, what is kept, what to do. */
export function diskFullSentence(
  title: string,
  bytes: number,
  room: Room | null,
  kept: readonly Pick<DatasetRow, 'title' | 'bytes'>[],
): string {
  const needs = `${title} needs ${formatSize(bytes)} on the disk`;
  const free = room && Math.max(0, room.granted - room.used);
  let why = 'and the browser could not write that much';
  if (free !== null && free < bytes)
    why = `and the browser has ${formatSize(free, Math.floor)} left for this page`;
  else if (free !== null) {
    why += `, though it says that ${formatSize(free, Math.floor)} are free: the disk itself may be full`;
  }
  if (kept.length === 0) {
    return `${needs}, ${why}. Nothing was kept of it. Free space on the disk, or take fewer or smaller tiles.`;
  }
  const largest = [...kept].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const list = largest.map((row) => `${row.title} (${formatSize(row.bytes)})`).join(', ');
  const others = kept.length > 3 ? ` and ${kept.length - 3} more` : '';
  return `${needs}, ${why}. Everything kept before is still there: ${list}${others}. Remove what you no longer need, or free space on the disk, and try again.`;
}

/** In MB or GB, to one decimal; needs are rounded up, free space down. */
function formatSize(bytes: number, round: (x: number) => number = Math.ceil): string {
  const [unit, name] = bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${round((10 * bytes) / unit) / 10}\u00a0${name}`;
}
