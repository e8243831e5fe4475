/** Bytes on a canvas. */
import type { Pictures } from '../../lab/prune/neurons/portraits';

/** Draws red, green and blue bytes, or values in 0 … 255, of width × height pixels. */
export function paintRgb(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
  rgb: ArrayLike<number>,
): void {
  const context = canvas?.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = rgb[3 * p + c];
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Draws one of some pictures in rows, of colours or grey, pixel for pixel. */
export function paintPicture(
  canvas: HTMLCanvasElement | null,
  { size, channels, pixels }: Pictures,
  row: number,
): void {
  const length = size * size * channels;
  const own = pixels.subarray(row * length, (row + 1) * length);
  const rgb =
    channels === 1 ? Uint8Array.from({ length: 3 * own.length }, (_, i) => own[Math.floor(i / 3)]) : own;
  paintRgb(canvas, size, size, rgb);
}

/** Draws red, green, blue and alpha bytes as they are. */
export function paintRgba(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
  rgba: Uint8ClampedArray<ArrayBuffer>,
): void {
  canvas?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
}
