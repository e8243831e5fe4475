import fc from 'fast-check';
import { expect, test } from 'vitest';
import { previewOf } from './preview';

test('a preview is no larger than asked for, covers all of the picture, and keeps its mean', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 20 }), (width, height, most) => {
      const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
      const { width: across, height: down, step, data: rgba } = previewOf({ width, height, data }, most);
      expect(Math.max(across, down)).toBeLessThanOrEqual(most);
      expect(across * step >= width && (across - 1) * step < width).toBe(true);
      expect(down * step >= height && (down - 1) * step < height).toBe(true);
      if (step === 1) {
        data.forEach((value, i) => {
          expect(rgba[4 * Math.floor(i / 3) + (i % 3)]).toBe(value);
        });
      }
      // Blocks at the border cover less, so that means are weighted by what they cover.
      for (let c = 0; c < 3; c++) {
        let [sum, all] = [0, 0];
        for (let i = c; i < data.length; i += 3) all += data[i];
        for (let p = 0; p < across * down; p++) {
          const [x, y] = [p % across, Math.floor(p / across)];
          const area =
            (Math.min(width, (x + 1) * step) - x * step) * (Math.min(height, (y + 1) * step) - y * step);
          sum += rgba[4 * p + c] * area;
        }
        expect(Math.abs(sum - all) / (width * height)).toBeLessThanOrEqual(0.5);
      }
    }),
  );
});
