import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisAround, countAxis, placeOn, ticksOf, tickTexts } from './axis';

const value = fc.double({ min: -1000, max: 1000, noNaN: true }).map((v) => Number(v.toFixed(3)));

test('an axis holds its values between round ticks, three to seven of them', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const axis = axisAround(values);
      expect(axis.from).toBeLessThanOrEqual(Math.min(...values) + 1e-9);
      expect(axis.to).toBeGreaterThanOrEqual(Math.max(...values) - 1e-9);
      const ticks = ticksOf(axis);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)).toBeCloseTo(axis.to, 6);
    }),
  );
});

test('ticks are written with the same decimals', () => {
  expect(tickTexts([0, 0.25, 0.5])).toEqual(['0.00', '0.25', '0.50']);
  expect(tickTexts([0, 20, 40])).toEqual(['0', '20', '40']);
});

test('bounds are kept', () => {
  expect(axisAround([100, 100], 0, 100)).toMatchObject({ to: 100 });
  expect(axisAround([0, 3.4], 0)).toEqual({ from: 0, to: 4, step: 1 });
});

test('counts have whole ticks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (to) => {
      const ticks = ticksOf(countAxis(to));
      expect(ticks.every(Number.isInteger)).toBe(true);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }),
  );
});

test('values stand on their axis, in their order, from 0 to 1', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const axis = axisAround(values);
      const sorted = values.toSorted((a, b) => a - b);
      const places = sorted.map((each) => placeOn(axis, each));
      expect(placeOn(axis, axis.from)).toBe(0);
      expect(placeOn(axis, axis.to)).toBe(1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places[0]).toBeGreaterThanOrEqual(-1e-9);
      expect(places.at(-1)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
