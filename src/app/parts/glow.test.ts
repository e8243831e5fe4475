import fc from 'fast-check';
import { expect, test } from 'vitest';
import { glow, scaleOf } from './glow';

const values = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 20 });
const brightness = (value: number, scale: ReturnType<typeof scaleOf>) =>
  glow(value, scale).reduce((sum, part) => sum + part, 0);

test('every value has a colour, below nothing too, and more is brighter', () => {
  fc.assert(
    fc.property(values, fc.float({ noNaN: true }), (upright, other) => {
      const scale = scaleOf(upright);
      for (const value of [...upright, other])
        for (const part of glow(value, scale)) expect(part).toSatisfy((x: number) => x >= 0 && x <= 255);
      const bright = [...upright].sort((a, b) => a - b).map((value) => brightness(value, scale));
      bright.slice(1).forEach((each, i) => {
        expect(each).toBeGreaterThanOrEqual(bright[i] - 1e-9);
      });
    }),
  );
});

test('maps of a rectifier begin at nothing', () => {
  expect(scaleOf(Float32Array.of(1, 4))).toEqual({ least: 0, most: 4 });
  expect(scaleOf(Float32Array.of(-2, 1))).toEqual({ least: -2, most: 1 });
});
