/** Bytes on a canvas. */

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

/** Draws red, green, blue and alpha bytes as they are. */
export function paintRgba(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
  rgba: Uint8ClampedArray<ArrayBuffer>,
): void {
  canvas?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
}
