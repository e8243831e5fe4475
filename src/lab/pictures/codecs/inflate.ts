/** Inflates what promises a size, so that a few bytes cannot become gigabytes. */
import { Inflate } from 'pako';

/**
 * What was deflated, of at most so many bytes; a word for what is wrong with it else. Not the platform's stream: that
 * takes milliseconds for each piece, and files have thousands. `raw`: without zlib's head and checksum, as in a zip.
 */
export function inflate(packed: Uint8Array, most: number, raw = false): Uint8Array | 'larger' | 'broken' {
  const out = new Uint8Array(most);
  let length = 0;
  const inflater = new Inflate({ chunkSize: Math.min(most + 1, 2 ** 16), raw });
  inflater.onData = (piece) => {
    const bytes = piece as Uint8Array;
    if (length + bytes.length > most) throw new TooLarge();
    out.set(bytes, length);
    length += bytes.length;
  };
  inflater.onEnd = () => {};
  try {
    inflater.push(packed, true);
  } catch (error) {
    if (error instanceof TooLarge) return 'larger';
    throw error;
  }
  if (inflater.err || !(inflater as { ended?: boolean }).ended) return 'broken';
  return length === most ? out : out.slice(0, length);
}

class TooLarge extends Error {}
