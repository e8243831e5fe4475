import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { turnByDegrees } from './anyAngle';
import { GROUP_NAMES, GROUPS } from './group';
import { positionOrbits, turnPictures } from './turn';

const elementOf = (order: number) => fc.integer({ min: 0, max: order - 1 });

describe.each(GROUP_NAMES)('group %s', (name) => {
  const group = GROUPS[name];
  const { order, multiply, inverse } = group;

  test('is closed and associative, with identity 0 and inverses', () => {
    fc.assert(
      fc.property(elementOf(order), elementOf(order), elementOf(order), (a, b, c) => {
        expect(multiply[a][b]).toBeGreaterThanOrEqual(0);
        expect(multiply[multiply[a][b]][c]).toBe(multiply[a][multiply[b][c]]);
        expect(multiply[0][a]).toBe(a);
        expect(multiply[a][0]).toBe(a);
        expect(multiply[a][inverse[a]]).toBe(0);
        expect(multiply[inverse[a]][a]).toBe(0);
      }),
    );
  });

  test('acts on pictures as a group: (ab)·x = a·(b·x)', () => {
    const picture = fc
      .integer({ min: 1, max: 5 })
      .chain((n) =>
        fc.uint8Array({ minLength: n * n * 2, maxLength: n * n * 2 }).map((data) => ({ n, data })),
      );
    fc.assert(
      fc.property(elementOf(order), elementOf(order), picture, (a, b, { n, data }) => {
        const once = turnPictures(data, n, 2, group.elements[multiply[a][b]]);
        const twice = turnPictures(turnPictures(data, n, 2, group.elements[b]), n, 2, group.elements[a]);
        expect(once).toEqual(twice);
      }),
    );
  });
});

test('rot90 is numpy’s: counter-clockwise', () => {
  const turned = turnPictures(Uint8Array.of(1, 2, 3, 4), 2, 1, GROUPS.C4.elements[1]);
  expect(Array.from(turned)).toEqual([2, 4, 1, 3]);
});

test('D4 continues after the rotations with the left-right mirror', () => {
  const mirrored = turnPictures(Uint8Array.of(1, 2, 3, 4), 2, 1, GROUPS.D4.elements[4]);
  expect(Array.from(mirrored)).toEqual([2, 1, 4, 3]);
});

test('kernel positions fall into the orbits of the science notes', () => {
  expect(positionOrbits(3, GROUPS.C4.elements)).toHaveLength(3);
  expect(positionOrbits(5, GROUPS.C4.elements)).toHaveLength(7);
  expect(positionOrbits(5, GROUPS.D4.elements)).toHaveLength(6);
});

test('turning by any angle agrees with rot90 close to right angles and exactly at them', () => {
  const data = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i));
  for (const [i, element] of GROUPS.C4.elements.entries()) {
    const exact = turnPictures(data, 6, 1, element);
    expect(turnByDegrees(data, 6, 1, 90 * i - 360)).toEqual(exact);
    const near = turnByDegrees(data, 6, 1, 90 * i + 1e-7);
    near.forEach((value, p) => {
      expect(value).toBeCloseTo(exact[p], 5);
    });
  }
});
