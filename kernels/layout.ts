/**
 * Pictures to planes and back: [tile][pixels][C] ↔ [tile][C][pixels]. Blocks of 64 pixels, all channels of one before the
 * next: a few whole cache lines of every plane, and rows that stay in the cache until their last channel.
 */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job.
export const X = 0;
export const Y = 1;
export const CHANNELS = 2;
export const PIXELS = 3; // of a tile

const BLOCK: usize = 64;

/** [pixels][C] → [C][pixels], one tile. */
export function toPlanesTile(job: usize, tile: usize): void {
  turnTile(job, tile, true);
}

/** [C][pixels] → [pixels][C], one tile. */
export function fromPlanesTile(job: usize, tile: usize): void {
  turnTile(job, tile, false);
}

// @ts-ignore: decorator
@inline
function turnTile(job: usize, tile: usize, toPlanes: bool): void {
  const channels = word(job, CHANNELS);
  const pixels = word(job, PIXELS);
  const bytes = (channels * pixels) << 2;
  const x = word(job, X) + tile * bytes;
  const y = word(job, Y) + tile * bytes;
  for (let p: usize = 0; p < pixels; p += BLOCK) {
    const end = min(p + BLOCK, pixels);
    for (let c: usize = 0; c < channels; c += 4) {
      for (let q = p; q < end; q += 4) {
        if (toPlanes) transpose(x, channels, q, pixels, c, y);
        else transpose(x, pixels, c, channels, q, y);
      }
    }
  }
}

/**
 * Rows r … r+3 and columns c … c+3 of x [rows][columns], as far as they exist, to y [columns][rows]. Rows that do not exist
 * are read as the last one.
 */
// @ts-ignore: decorator
@inline
function transpose(x: usize, columns: usize, r: usize, rows: usize, c: usize, y: usize): void {
  const from = columns << 2;
  const last = rows - 1;
  x += c << 2;
  const x0 = v128.load(x + r * from);
  const x1 = v128.load(x + min(r + 1, last) * from);
  const x2 = v128.load(x + min(r + 2, last) * from);
  const x3 = v128.load(x + min(r + 3, last) * from);
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  const to = rows << 2;
  const lanes = <i32>min<usize>(rows - r, 4);
  const left = columns - c;
  y += c * to + (r << 2);
  put(y, v128.shuffle<f64>(low01, low23, 0, 2), lanes);
  if (left > 1) put(y + to, v128.shuffle<f64>(low01, low23, 1, 3), lanes);
  if (left > 2) put(y + 2 * to, v128.shuffle<f64>(high01, high23, 0, 2), lanes);
  if (left > 3) put(y + 3 * to, v128.shuffle<f64>(high01, high23, 1, 3), lanes);
}
