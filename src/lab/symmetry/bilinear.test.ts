import { describe, expect, test } from 'vitest';
import { anyDirection } from '../data/rotated';
import { hashKey, uniform } from '../random';
import { turnByDegrees } from './anyAngle';
import { turnBilinear } from './bilinear';
import { GROUPS } from './group';
import { turnPictures } from './turn';

/**
 * Hashes of what the two look-ups gave before they became one: floats with the border reflected at four angles, bytes
 * with black outside in four directions. Tiles of noise, named by their size.
 */
const BEFORE = [
  {
    shape: { size: 5, channels: 1 },
    floats: [337914202, 1912935467, 542525327, 2537692327],
    bytes: [1936142057, 382289751, 1237564706, 253874530],
  },
  {
    shape: { size: 8, channels: 3 },
    floats: [2978991867, 871742534, 341042456, 1835464013],
    bytes: [2934591709, 3348060021, 698760277, 2255095510],
  },
  {
    shape: { size: 9, channels: 2 },
    floats: [1756230411, 3325902306, 2071768990, 12984062],
    bytes: [3139013611, 1246548128, 3091331579, 3590103415],
  },
];

describe.each(BEFORE)('$shape.size × $shape.size × $shape.channels', ({ shape, floats, bytes }) => {
  const next = uniform(7, shape.size);
  const length = shape.size * shape.size * shape.channels;
  const noise = Float32Array.from({ length: 2 * length }, () => 2 * next() - 1);
  const tile = Uint8Array.from({ length }, () => 256 * next());

  test('floats, the border reflected: the bits of before', () => {
    const turned = [17, 45, 133.5, 359].map((degrees) =>
      turnByDegrees(noise, shape.size, shape.channels, degrees),
    );
    expect(turned.map(({ buffer }) => hashKey(...new Uint32Array(buffer)))).toEqual(floats);
  });

  test('bytes, black outside: the bits of before', () => {
    const turned = [1, 2, 3, 4].map((key) =>
      turnBilinear(tile, shape, anyDirection(key), 'black', new Uint8Array(length)),
    );
    expect(turned.map((pixels) => hashKey(...pixels))).toEqual(bytes);
  });

  test('a right angle moves values as the group does, whatever lies outside', () => {
    const quarters = [
      { cos: 1, sin: 0 },
      { cos: 0, sin: 1 },
      { cos: -1, sin: 0 },
      { cos: 0, sin: -1 },
    ];
    for (const [k, direction] of quarters.entries()) {
      for (const edge of ['black', 'reflected'] as const) {
        const expected = turnPictures(noise, shape.size, shape.channels, GROUPS.C4.elements[k]);
        const turned = turnBilinear(noise, shape, direction, edge, new Float32Array(noise.length));
        expect([...turned]).toEqual([...expected]);
      }
    }
  });

  test('all white stays white where the border is reflected, and darkens at the corners alone where it is black', () => {
    const white = new Uint8Array(length).fill(255);
    const diagonal = { cos: Math.SQRT1_2, sin: Math.SQRT1_2 };
    expect([...turnBilinear(white, shape, diagonal, 'reflected', new Uint8Array(length))]).toEqual([
      ...white,
    ]);
    const black = turnBilinear(white, shape, diagonal, 'black', new Uint8Array(length));
    expect(black[0]).toBeLessThan(255);
    const middle = Math.floor(shape.size / 2) * (shape.size + 1) * shape.channels;
    expect(black[middle]).toBe(255);
  });
});
