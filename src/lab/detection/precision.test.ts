import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUPS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { areaOf, type Box, type Detection, overlap, overlapArea, type Truth, turnBox } from './boxes';
import { movedBoxes } from './moved';
import { averagePrecision, meanPrecision, OVERLAPS, tallyOf } from './precision';

const box = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const truth = (where: Box, label = 0): Truth => ({ box: where, label });
const crowd = (where: Box): Truth => ({ box: where, label: 0, isCrowd: true });
const found = (score: number, where: Box, label = 0): Detection => ({ box: where, label, score });

const A = box(0, 0, 10, 10);
const B = box(20, 0, 10, 10);
const C = box(40, 0, 10, 10);
const NOWHERE = box(60, 60, 10, 10);

describe('precision, counted by hand', () => {
  test('what is found exactly has 1 at every overlap', () => {
    expect(meanPrecision([[truth(A)]], [[found(0.9, A)]], 1)).toEqual({
      ...{ mean: 1, half: 1, threeQuarters: 1 },
      byClass: [1],
    });
  });

  test('an overlap of just 0.8 counts at the seven levels up to 0.8', () => {
    const short = box(0, 0, 8, 10);
    expect(overlap(A, short)).toBe(0.8);
    const { mean, half, threeQuarters } = meanPrecision([[truth(A)]], [[found(0.9, short)]], 1);
    expect(mean).toBeCloseTo(0.7, 12);
    expect([half, threeQuarters]).toEqual([1, 1]);
    expect(OVERLAPS).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
  });

  test('right, wrong, right of two: 51 recalls at 1 and 50 at 2/3', () => {
    const seen = [found(0.9, A), found(0.8, NOWHERE), found(0.7, B)];
    expect(averagePrecision([[truth(A), truth(B)]], [seen], 0.5)).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
    // The same on two pictures: it is the score that orders all of them.
    expect(averagePrecision([[truth(A)], [truth(B)]], [[seen[0], seen[1]], [seen[2]]], 0.5)).toBeCloseTo(
      (51 + 50 * (2 / 3)) / 101,
      12,
    );
  });

  test('wrong first: precision is made falling from the end', () => {
    const seen = [found(0.9, NOWHERE), found(0.8, A), found(0.7, B)];
    expect(averagePrecision([[truth(A), truth(B)]], [seen], 0.5)).toBeCloseTo(2 / 3, 12);
  });

  test('one of three found: 34 recalls are reached', () => {
    expect(averagePrecision([[truth(A), truth(B), truth(C)]], [[found(0.5, B)]], 0.5)).toBeCloseTo(
      34 / 101,
      12,
    );
  });

  test('the surer one takes the truth: a second is wrong, and where the first is too loose it is the second that counts', () => {
    const loose = box(0, 0, 6, 10);
    const seen = [found(0.9, loose), found(0.8, A)];
    expect(averagePrecision([[truth(A)]], [seen], 0.5)).toBe(1);
    expect(averagePrecision([[truth(A)]], [seen], 0.65)).toBe(0.5);
    // Twice the same thing, and the other never: 51 of 101 at 1.
    expect(averagePrecision([[truth(A), truth(B)]], [[found(0.9, A), found(0.8, A)]], 0.5)).toBeCloseTo(
      51 / 101,
      12,
    );
  });

  test('each takes what it overlaps most', () => {
    // Between two that it reaches; the other is left for the next one.
    const left = box(0, 0, 10, 10);
    const right = box(3, 0, 10, 10);
    const seen = [found(0.9, box(2, 0, 10, 10)), found(0.8, left)];
    expect(averagePrecision([[truth(left), truth(right)]], [seen], 0.5)).toBe(1);
  });

  test('what lies in a crowd counts as nothing, any number of times; a crowd alone is nothing to find', () => {
    const many = box(0, 0, 100, 10);
    const inside = [found(0.9, box(50, 0, 5, 5)), found(0.85, box(70, 0, 5, 5)), found(0.7, A)];
    expect(averagePrecision([[crowd(many), truth(A)]], [inside], 0.5)).toBe(1);
    // Without the crowd they are two wrong ones before it.
    expect(averagePrecision([[truth(A)]], [inside], 0.5)).toBeCloseTo(1 / 3, 12);
    expect(averagePrecision([[crowd(many)]], [inside], 0.5)).toBeNull();
  });

  test('nothing there: no class counts; nothing found: 0; a class that is nowhere is left out', () => {
    expect(meanPrecision([[]], [[found(0.9, A)]], 2)).toEqual({
      ...{ mean: null, half: null, threeQuarters: null },
      byClass: [null, null],
    });
    expect(meanPrecision([], [], 1).mean).toBeNull();
    expect(meanPrecision([[truth(A)]], [[]], 1).mean).toBe(0);
    const both = meanPrecision([[truth(A, 1)]], [[found(0.9, A, 1), found(0.8, A, 0)]], 3);
    expect(both).toEqual({ mean: 1, half: 1, threeQuarters: 1, byClass: [null, 1, null] });
    // One class right and one never found.
    expect(meanPrecision([[truth(A, 0), truth(B, 1)]], [[found(0.9, A, 0)]], 2).mean).toBe(0.5);
  });

  test('of a class on a picture the hundred surest count', () => {
    const wrong = Array.from({ length: 100 }, (_, i) => found(0.9 - i / 1000, NOWHERE));
    expect(averagePrecision([[truth(A)]], [[...wrong, found(0.1, A)]], 0.5)).toBe(0);
    expect(averagePrecision([[truth(A)]], [[...wrong.slice(1), found(0.1, A)]], 0.5)).toBeCloseTo(
      1 / 100,
      12,
    );
  });
});

const boxes = fc
  .tuple(fc.nat(12), fc.nat(12), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .map(([left, top, width, height]) =>
    box(left, top, Math.min(width, 16 - left), Math.min(height, 16 - top)),
  );
const SIZE = 16;

test('precision lies between 0 and 1, falls with the overlap, and does not mind the order of pictures or a turn', () => {
  const scene = fc.tuple(fc.array(boxes, { maxLength: 4 }), fc.array(boxes, { maxLength: 5 }));
  fc.assert(
    fc.property(
      fc.array(scene, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...GROUPS.D4.elements),
      (scenes, g) => {
        let score = 1;
        const truths = scenes.map(([there]) => there.map((each) => truth(each)));
        const seen = scenes.map(([, these]) =>
          these.map((each) => {
            score *= 0.9;
            return found(score, each);
          }),
        );
        const { mean } = meanPrecision(truths, seen, 1);
        if (mean === null) return;
        expect(mean).toBeGreaterThanOrEqual(0);
        expect(mean).toBeLessThanOrEqual(1);
        const levels = OVERLAPS.map((least) => averagePrecision(truths, seen, least)!);
        for (const [i, level] of levels.slice(1).entries())
          expect(level).toBeLessThanOrEqual(levels[i] + 1e-12);
        expect(meanPrecision([...truths].reverse(), [...seen].reverse(), 1).mean).toBe(mean);
        const turned = <T extends { box: Box }>(all: T[][]) =>
          all.map((each) => each.map((one) => ({ ...one, box: turnBox(one.box, SIZE, g) })));
        expect(meanPrecision(turned(truths), turned(seen), 1).mean).toBe(mean);
      },
    ),
    { numRuns: 60 },
  );
});

test('a box turned holds the pixels that it held', () => {
  fc.assert(
    fc.property(boxes, fc.constantFrom(...GROUPS.D4.elements), (where, g) => {
      const mask = ({ left, top, right, bottom }: Box) =>
        Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
          const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
          return Number(x >= left && x < right && y >= top && y < bottom);
        });
      expect(turnPictures(mask(where), SIZE, 1, g)).toEqual(mask(turnBox(where, SIZE, g)));
    }),
    { numRuns: 40 },
  );
});

test('overlaps', () => {
  expect(overlap(A, box(5, 0, 10, 10))).toBeCloseTo(50 / 150, 12);
  expect(overlap(A, B)).toBe(0);
  expect(overlap(A, box(10, 0, 10, 10))).toBe(0);
  expect(overlap(box(0, 0, 0, 5), box(0, 0, 0, 5))).toBe(0);
  expect([areaOf(A), overlapArea(A, box(8, 8, 10, 10))]).toEqual([100, 4]);
});

test('a tally of one picture: found, missed and wrong, class by class', () => {
  const truths = [truth(A, 0), truth(B, 1), truth(C, 1)];
  const seen = [found(0.9, A, 0), found(0.8, A, 0), found(0.7, B, 0), found(0.6, C, 1)];
  expect(tallyOf(truths, seen, 0.5)).toEqual({ found: 2, missed: 1, wrong: 2 });
  expect(tallyOf([crowd(A)], [found(0.9, A)], 0.5)).toEqual({ found: 0, missed: 0, wrong: 0 });
});

test('boxes that turned with their scene are none apart, whichever; each that did not counts on its side', () => {
  const place = fc.tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 3, max: 20 }), fc.nat(2));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 6 }), fc.nat(3), (places, turns) => {
      const upright = places.map(([x, y, side, label]) => found(0.5, box(x, y, side, side + 2), label));
      const turned = upright.map((one) => ({ ...one, box: turnBox(one.box, 64, { turns, mirror: false }) }));
      const counts = { upright: upright.length, turned: upright.length };
      expect(movedBoxes(upright, turned, 64, turns)).toEqual({ ...counts, apart: 0 });
    }),
  );
  const [upright, turned] = [[found(0.9, A, 0), found(0.9, B, 0)], [found(0.9, B, 1)]];
  expect(movedBoxes(upright, turned, 64, 0)).toEqual({ upright: 2, turned: 1, apart: 3 });
});
