import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { GROUP_NAMES, GROUPS } from './group';
import { planeAt, putBack, seatAngles } from './seats';
import { turnPictures } from './turn';

describe.each(GROUP_NAMES)('seats of %s', (name) => {
  const { elements, order, multiply, inverse } = GROUPS[name];
  const angles = seatAngles(name);

  test('are as many as the group has elements, and no two stand in one place', () => {
    expect(new Set(angles.map((angle) => angle % 360)).size).toBe(order);
  });

  test('change as the group multiplies: moved by k, what stood on g stands on k·g', () => {
    for (const [k, { turns, mirror }] of elements.entries()) {
      for (let g = 0; g < order; g++) {
        // A picture is mirrored left-right first, and turned then.
        const moved = (90 * turns + (mirror ? -angles[g] : angles[g]) + 720) % 360;
        expect([k, g, moved]).toEqual([k, g, angles[multiply[k][g]]]);
      }
    }
  });

  test('maps that moved as a whole are put back to what they were', () => {
    const maps = fc.integer({ min: 1, max: 4 }).chain((size) =>
      fc
        .array(fc.integer({ min: -9, max: 9 }), {
          minLength: order * size ** 2,
          maxLength: order * size ** 2,
        })
        .map((values) => ({ size, upright: Float32Array.from(values) })),
    );
    fc.assert(
      fc.property(maps, fc.nat({ max: order - 1 }), ({ size, upright }, k) => {
        const turned = new Float32Array(upright.length);
        for (let s = 0; s < order; s++) {
          const from = planeAt(upright, size, multiply[inverse[k]][s]);
          turned.set(turnPictures(from, size, 1, elements[k]), s * size ** 2);
        }
        expect(putBack(turned, size, name, k)).toEqual(upright);
      }),
      { numRuns: cases(100) },
    );
  });
});
