/** A picture made by a formula: who runs a network elsewhere sees by its logits whether that is right. */

/** The formula in the notation of Python and of JavaScript: y down, x to the right, c the channel, all from 0. */
export const PATTERN = '(7*x*x + 13*y + 5*x*y + 61*c) % 256';

/** size × size × channels bytes. */
export function patternPixels(size: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(size * size * channels);
  let at = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < channels; c++) pixels[at++] = (7 * x * x + 13 * y + 5 * x * y + 61 * c) % 256;
    }
  }
  return pixels;
}
