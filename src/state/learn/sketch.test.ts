import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  blankSketch,
  drawn,
  fallAt,
  filled,
  HANDLES,
  isDrawn,
  missOf,
  moved,
  sampled,
  shareAt,
} from './sketch';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const spot = fc.record({ x: share, y: share });
const strokes = fc.array(fc.tuple(spot, spot), { minLength: 1, maxLength: 4 });
const near = (is: number, ought: number) => expect(Math.abs(is - ought)).toBeLessThan(1e-9);

test('whatever is drawn, the curve begins at what is known and never leaves 0 … 100 %', () => {
  fc.assert(
    fc.property(share, strokes, (whole, lines) => {
      const sketch = lines.reduce((each, [from, to]) => drawn(each, from, to), blankSketch(whole));
      const curve = filled(sketch);
      expect(curve[0]).toBe(whole);
      expect(curve.length).toBe(sketch.length);
      expect(curve.every((value) => value >= 0 && value <= 1)).toBe(true);
      // What was drawn is there as it was drawn.
      sketch.forEach((value, step) => {
        if (value !== null) expect(curve[step]).toBe(value);
      });
    }),
  );
});

test('a stroke to the right edge and back draws every step it passes; nothing drawn is level', () => {
  expect(isDrawn(blankSketch(0.9))).toBe(false);
  expect(new Set(filled(blankSketch(0.9)))).toEqual(new Set([0.9]));
  const curve = filled(drawn(blankSketch(1), { x: 0, y: 1 }, { x: 1, y: 0 }));
  for (const [step, value] of curve.entries()) near(value, 1 - shareAt(step));
  const back = filled(drawn(blankSketch(1), { x: 1, y: 0 }, { x: 0.5, y: 0.5 }));
  near(back.at(-1)!, 0);
  near(back[back.length >> 1], 0.5);
});

test('a handle takes the value it is given; the others stay where they were', () => {
  fc.assert(
    fc.property(share, strokes, fc.constantFrom(...HANDLES), share, (whole, lines, handle, value) => {
      const before = lines.reduce((each, [from, to]) => drawn(each, from, to), blankSketch(whole));
      const sketch = moved(before, handle, value);
      expect(filled(sketch)[handle]).toBe(value);
      const at = HANDLES.indexOf(handle);
      for (const other of HANDLES.slice(0, at)) near(filled(sketch)[other], filled(before)[other]);
      // Those after it follow only where nothing was drawn from there on.
      for (const other of HANDLES.slice(at + 1))
        if (before[other] !== null) near(filled(sketch)[other], filled(before)[other]);
    }),
  );
});

test('a curve is off by nothing from itself, and by as much as it is moved', () => {
  fc.assert(
    fc.property(
      fc.array(share, { minLength: 2, maxLength: 130 }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
      (values, by) => {
        const curve = sampled(values, values.length);
        expect(missOf(curve, curve)).toMatchObject({ mean: 0, most: 0 });
        const { mean, most } = missOf(
          curve.map((value) => value + by),
          curve,
        );
        near(mean, by);
        near(most, by);
      },
    ),
  );
});

test('of 128 neurons every 2.5 % is measured, the last with one left; a fall is where it is first too deep', () => {
  const measured = Array.from({ length: 128 }, (_, removed) =>
    removed < 96 ? 0.9 : 0.9 - (removed - 95) / 100,
  );
  const curve = sampled(measured, 128);
  near(curve[20], 0.9);
  near(curve.at(-1)!, measured[127]);
  expect(fallAt(curve, 0.02)).toBe(0.775);
  expect(fallAt(curve, 0.9)).toBe(null);
});
