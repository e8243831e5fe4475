/** A picture made small enough to be drawn at once, as the red, green, blue and alpha bytes that a canvas takes. */
import type { Pixels } from './cut';

export interface Preview {
  readonly width: number;
  readonly height: number;
  /** height × width × 4 */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** Pixels of the picture along one of the preview; its last column and row may cover fewer. */
  readonly step: number;
}

/** Means of whole blocks, so that neither side is longer than `most`. */
export function previewOf({ width, height, data, empty }: Pixels, most: number): Preview {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / most));
  const [across, down] = [Math.ceil(width / step), Math.ceil(height / step)];
  const out = new Uint8ClampedArray(across * down * 4);
  /** Whether no pixel of a block has a value: what is behind the picture shows there. */
  const isEmpty = (block: { left: number; right: number; top: number; bottom: number }): boolean => {
    for (let row = block.top; row < block.bottom; row++)
      if (empty!.subarray(row * width + block.left, row * width + block.right).includes(0)) return false;
    return true;
  };
  for (let y = 0; y < down; y++) {
    const [top, bottom] = [y * step, Math.min(height, (y + 1) * step)];
    for (let x = 0; x < across; x++) {
      const [left, right] = [x * step, Math.min(width, (x + 1) * step)];
      let [red, green, blue] = [0, 0, 0];
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 3; at < (row * width + right) * 3; at += 3) {
          red += data[at];
          green += data[at + 1];
          blue += data[at + 2];
        }
      }
      const area = (bottom - top) * (right - left);
      out.set([red / area, green / area, blue / area, 255], 4 * (y * across + x));
      if (empty) out[4 * (y * across + x) + 3] = isEmpty({ left, right, top, bottom }) ? 0 : 255;
    }
  }
  return { width: across, height: down, data: out, step };
}
