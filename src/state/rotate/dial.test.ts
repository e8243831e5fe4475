import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnByDegrees } from '../../lab/symmetry/anyAngle';
import {
  angleAfterKey,
  angleOf,
  isRightAngle,
  nextRightAngle,
  pointAt,
  snapToRightAngle,
  wrapDegrees,
} from './dial';

const angle = fc.integer({ min: 0, max: 359 });

test('a point on the dial and its angle are each other’s inverse', () => {
  fc.assert(
    fc.property(angle, fc.double({ min: 0.1, max: 500, noNaN: true }), (degrees, radius) => {
      const { x, y } = pointAt(degrees, radius);
      expect(angleOf(x, y)).toBe(degrees);
    }),
  );
});

test('the dial turns the way the lab turns pictures: what was at the top follows the thumb', () => {
  for (const degrees of [0, 90, 180, 270, 40, 215]) {
    const size = 33;
    const centre = (size - 1) / 2;
    const picture = new Float32Array(size * size);
    // A blot halfway to the top.
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) picture[(8 + dy) * size + centre + dx] = 1;
    const turned = turnByDegrees(picture, size, 1, degrees);
    let [sum, x, y] = [0, 0, 0];
    turned.forEach((value, i) => {
      sum += value;
      x += value * ((i % size) - centre);
      y += value * (Math.floor(i / size) - centre);
    });
    const expected = pointAt(degrees, centre - 8);
    expect(x / sum).toBeCloseTo(expected.x, 0);
    expect(y / sum).toBeCloseTo(expected.y, 0);
  }
});

test('a pointer near a right angle means it, and others are left alone', () => {
  fc.assert(
    fc.property(angle, (degrees) => {
      const found = snapToRightAngle(degrees);
      const apart = Math.min(degrees % 90, 90 - (degrees % 90));
      if (apart <= 3) expect(isRightAngle(found)).toBe(true);
      else expect(found).toBe(degrees);
    }),
  );
  expect([snapToRightAngle(358), snapToRightAngle(4), snapToRightAngle(87)]).toEqual([0, 4, 90]);
});

test('keys stay on the dial, undo each other, and reach every right angle', () => {
  const pairs = [
    ['ArrowUp', 'ArrowDown', false],
    ['ArrowLeft', 'ArrowRight', false],
    ['PageUp', 'PageDown', false],
  ] as const;
  fc.assert(
    fc.property(angle, fc.constantFrom(...pairs), (degrees, [forward, back, shift]) => {
      const there = angleAfterKey(forward, shift, degrees)!;
      expect(there).toBe(wrapDegrees(there));
      expect(angleAfterKey(back, shift, there)).toBe(degrees);
    }),
  );
  fc.assert(
    fc.property(angle, (degrees) => {
      for (const direction of [1, -1] as const) {
        const next = nextRightAngle(degrees, direction);
        const way = wrapDegrees(direction * (next - degrees));
        expect(isRightAngle(next) && way > 0 && way <= 90).toBe(true);
      }
    }),
  );
  expect([
    angleAfterKey('Home', false, 77),
    angleAfterKey('End', false, 77),
    angleAfterKey('a', false, 77),
  ]).toEqual([0, 180, undefined]);
});
