/** What a training will take, in words. */
import type { TrainingCost } from './trainingCost';

/** "About 3.4 s an epoch here, 2 min 50 s for 50; 120 MB of memory at most; …" */
export function costSentence({ epochSeconds, seconds, memory, kept }: TrainingCost, epochs: number): string {
  const time = `About ${duration(epochSeconds)} an epoch here, ${duration(seconds)} for ${epochs === 1 ? 'the one' : `all ${epochs}`}`;
  const room = memory ? `; about ${size(memory.bytes)} of memory` : '';
  return `${time}${room}; ${size(kept.network)} kept, and ${size(kept.checkpoint)} more while it trains.`;
}

function duration(seconds: number): string {
  if (seconds < 10) return `${Math.max(0.1, seconds).toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
