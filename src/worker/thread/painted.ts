/**
 * The page for tests has its synthetic tiles painted when it is built (scripts/paintedTiles.ts): the bytes that painting
 * gives. Where the file is not there, they are painted as everywhere else.
 */
import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { type Painted, SYNTHETIC_PER_CLASS, SYNTHETIC_SEED } from '../../lab/data/synthetic';
import { SIDE } from '../../lab/data/synthetic/canvas';

/** Bytes of a tile. */
const LENGTH = SIDE * SIDE * 3;

/** address: of the file; read when the first tile is asked for, all at once, because painting waits for nobody. */
export function paintedTiles(address: URL): Painted {
  let pixels: Uint8Array | undefined;
  return (classIndex, index, seed) => {
    if (seed !== SYNTHETIC_SEED || index >= SYNTHETIC_PER_CLASS) return null;
    pixels ??= bytesAt(address);
    if (pixels.length !== EUROSAT_CLASSES.length * SYNTHETIC_PER_CLASS * LENGTH) return null;
    const from = (classIndex * SYNTHETIC_PER_CLASS + index) * LENGTH;
    return pixels.slice(from, from + LENGTH);
  };
}

function bytesAt(address: URL): Uint8Array {
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch {
    // Offline.
    return new Uint8Array();
  }
  return new Uint8Array(request.response as ArrayBuffer);
}
