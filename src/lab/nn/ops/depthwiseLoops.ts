/** The loop behind depthwise.ts, on plain arrays: channels last, sums in float64. */

/**
 * dw[i, j, c] = Σ_nyx x[n, s·y+i−p, s·x+j−p, c] · dy[n, y, x, c], positions outside the map left out.
 * x: [N, H, W, C], dy: [N, Ho, Wo, C], dw: [k, k, C, 1].
 */
export function depthwiseFilterGradientLoop(
  x: Float32Array,
  dy: Float32Array,
  dw: Float32Array,
  [tiles, height, width, channels]: readonly number[],
  [, rows, columns]: readonly number[],
  kernel: number,
  stride: number,
): void {
  const pad = (kernel - 1) / 2;
  for (let i = 0; i < kernel; i++) {
    for (let j = 0; j < kernel; j++) {
      const sums = new Float64Array(channels);
      for (let n = 0; n < tiles; n++) {
        for (let row = 0; row < rows; row++) {
          const y = row * stride + i - pad;
          if (y < 0 || y >= height) continue;
          for (let column = 0; column < columns; column++) {
            const at = column * stride + j - pad;
            if (at < 0 || at >= width) continue;
            const from = ((n * rows + row) * columns + column) * channels;
            const seen = ((n * height + y) * width + at) * channels;
            for (let c = 0; c < channels; c++) sums[c] += x[seen + c] * dy[from + c];
          }
        }
      }
      dw.set(sums, (i * kernel + j) * channels);
    }
  }
}
