/** The report of a classifier against cases counted by hand, and what must hold of any. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NotFinite } from '../../finite';
import { scoreLogits } from '../score';
import { type Answered, classReport, unsureTiles, wrongTiles } from './classReport';
import { compareReports } from './compare';
import { confusionOf, macroOf, mistakesOf, perClassOf, rowShares } from './confusion';
import { calibrationError, reliabilityOf } from './reliability';
import { COLDEST, fitTemperature, HOTTEST, meanLoss } from './temperature';

// Class 2 is never answered, class 3 never there.
const LABELS = [0, 0, 0, 1, 1, 2];
const ANSWERS = [0, 0, 1, 1, 3, 0];

test('a confusion counted by hand, its shares, and what is not defined', () => {
  const confusion = confusionOf(LABELS, ANSWERS, 5);
  expect(confusion).toEqual([
    [2, 1, 0, 0, 0],
    [0, 1, 0, 1, 0],
    [1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
  const shares = rowShares(confusion);
  expect(shares[0]).toEqual([2 / 3, 1 / 3, 0, 0, 0]);
  expect(shares[3]).toEqual([null, null, null, null, null]);
  const figures = perClassOf(confusion);
  expect(figures).toEqual([
    { n: 3, answered: 3, right: 2, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
    { n: 2, answered: 2, right: 1, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
    { n: 1, answered: 0, right: 0, precision: null, recall: 0, f1: 0 },
    { n: 0, answered: 1, right: 0, precision: 0, recall: null, f1: 0 },
    { n: 0, answered: 0, right: 0, precision: null, recall: null, f1: null },
  ]);
  const macro = macroOf(figures);
  expect(macro.precision).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12);
  expect(macro.recall).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12);
  expect(macro.f1).toBeCloseTo((2 / 3 + 1 / 2) / 4, 12);
  expect(macroOf(perClassOf(confusionOf([], [], 2)))).toEqual({ precision: null, recall: null, f1: null });
  expect(mistakesOf(confusion)).toEqual([
    { truth: 0, answer: 1, tiles: 1 },
    { truth: 1, answer: 3, tiles: 1 },
    { truth: 2, answer: 0, tiles: 1 },
  ]);
});

test('bins and error counted by hand: upper ends belong to a bin, lower ones do not', () => {
  const bins = reliabilityOf([0.5, 0.6, 1, 0.9], [true, false, true, true], 2);
  expect(bins).toEqual([
    { from: 0, to: 0.5, tiles: 1, confidence: 0.5, accuracy: 1 },
    { from: 0.5, to: 1, tiles: 3, confidence: expect.closeTo(2.5 / 3, 12), accuracy: 2 / 3 },
  ]);
  // ¼·|1 − ½| + ¾·|⅔ − 2.5/3|
  expect(calibrationError(bins)).toBeCloseTo(0.125 + 0.125, 12);
  expect(reliabilityOf([1], [true], 3).map(({ accuracy }) => accuracy)).toEqual([null, null, 1]);
  expect(calibrationError(reliabilityOf([], []))).toBeNull();
});

test('a temperature found by hand', () => {
  // Logits 2 and 0, right for three of four: the best probability is ¾, so 2/T = ln 3.
  const logits = [2, 0, 2, 0, 2, 0, 2, 0];
  const fitted = fitTemperature(logits, [0, 0, 0, 1], 2)!;
  expect(fitted.value).toBeCloseTo(2 / Math.log(3), 9);
  expect(fitted.lossAfter).toBeCloseTo(-(3 * Math.log(0.75) + Math.log(0.25)) / 4, 12);
  expect([fitted.tiles, fitted.atEdge]).toEqual([4, false]);
  // All right: the surer the better. All wrong: the less sure the better. All alike: nothing to win.
  expect(fitTemperature(logits, [0, 0, 0, 0], 2)).toMatchObject({ value: COLDEST, atEdge: true });
  expect(fitTemperature(logits, [1, 1, 1, 1], 2)).toMatchObject({ value: HOTTEST, atEdge: true });
  expect(fitTemperature([3, 3], [1], 2)).toMatchObject({ value: 1, atEdge: false });
  expect(fitTemperature([], [], 2)).toBeNull();
});

const CLASSES = 4;
const tilesOf = fc
  .array(
    fc.tuple(
      fc.nat(CLASSES - 1),
      fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: CLASSES, maxLength: CLASSES }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((tiles) => ({
    labels: tiles.map(([label]) => label),
    logits: Float32Array.from(tiles.flatMap(([, row]) => row)),
  }));

const answeredOf = ({ labels, logits }: { labels: number[]; logits: Float32Array }): Answered => ({
  classes: Array.from({ length: CLASSES }, (_, c) => `class ${c}`),
  keys: labels.map((_, t) => `${t}`),
  labels,
  logits: [logits],
  validation: { logits, labels },
});

test('counts add up, and the accuracy and loss are those of the score', () => {
  fc.assert(
    fc.property(tilesOf, (tiles) => {
      const report = classReport(answeredOf(tiles));
      const { n, confusion, perClass, calibration, accuracy } = report;
      const score = scoreLogits(tiles.logits, tiles.labels);
      const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      const bins = (each: typeof calibration.asIs | null) => total(each!.bins.map((bin) => bin.tiles));
      expect([
        total(confusion.flat()),
        total(perClass.map((each) => each.n)),
        total(perClass.map((each) => each.answered)),
        bins(calibration.asIs),
        bins(calibration.atTemperature),
      ]).toEqual([n, n, n, n, n]);
      expect(total(perClass.map(({ right }) => right)) / n).toBe(accuracy);
      expect(wrongTiles(report).length).toBe(n - total(perClass.map(({ right }) => right)));
      expect(accuracy).toBe(score.accuracy);
      expect(calibration.loss).toBeCloseTo(score.loss, 9);
      expect(calibration.asIs.error).toBeLessThanOrEqual(1);
    }),
  );
});

test('classes in another order: the same figures in that order', () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: CLASSES });
  const pairs = fc.array(fc.tuple(fc.nat(CLASSES - 1), fc.nat(CLASSES - 1)), { minLength: 1 });
  fc.assert(
    fc.property(pairs, order, (tiles, place) => {
      const figures = (by: (c: number) => number) =>
        perClassOf(
          confusionOf(
            tiles.map(([label]) => by(label)),
            tiles.map(([, answer]) => by(answer)),
            CLASSES,
          ),
        );
      const moved = figures((c) => place[c]);
      expect(place.map((to) => moved[to])).toEqual(figures((c) => c));
    }),
  );
});

test('a temperature leaves answers as they are, is where the loss is least, and never raises it', () => {
  fc.assert(
    fc.property(tilesOf, fc.double({ min: COLDEST, max: HOTTEST, noNaN: true }), (tiles, other) => {
      const { calibration, tiles: told } = classReport(answeredOf(tiles));
      const { value, lossBefore, lossAfter } = calibration.temperature!;
      expect(lossAfter).toBeLessThanOrEqual(lossBefore);
      expect(calibration.atTemperature!.loss).toBe(lossAfter);
      const elsewhere = meanLoss(tiles.logits, tiles.labels, CLASSES, other);
      expect(lossAfter).toBeLessThanOrEqual(elsewhere + 1e-9);
      expect(value).toBeGreaterThanOrEqual(COLDEST);
      expect(value).toBeLessThanOrEqual(HOTTEST);
      // The answer stays the most probable: one of CLASSES has at least 1/CLASSES.
      expect(told.filter(({ calibrated }) => calibrated! < 1 / CLASSES - 1e-12)).toEqual([]);
    }),
  );
});

test('the temperature is the validation tiles’ alone', () => {
  const logits = Float32Array.from([2, 0, 2, 0, 2, 0, 2, 0]);
  const validation = { logits, labels: [0, 0, 0, 1] };
  const of = (labels: number[]) =>
    classReport({ classes: ['a', 'b'], keys: ['0', '1', '2', '3'], labels, logits: [logits], validation });
  const [right, wrong] = [of([0, 0, 0, 0]), of([1, 1, 1, 1])];
  expect(right.calibration.temperature).toEqual(wrong.calibration.temperature);
  expect(right.accuracy).not.toBe(wrong.accuracy);
  const none = classReport({ classes: ['a', 'b'], keys: ['0'], labels: [0], logits: [logits.slice(0, 2)] });
  expect([none.calibration.temperature, none.calibration.atTemperature]).toEqual([null, null]);
  expect(none.tiles[0].calibrated).toBeNull();
});

test('tiles: wrong ones by how sure, unsure ones by how unsure, and what turns say', () => {
  // Probabilities of two classes from their difference: ln 3 gives ¾.
  const ln3 = Math.log(3);
  const upright = Float32Array.from([ln3, 0, 0, 2 * ln3, 0, ln3, 3 * ln3, 0]);
  const turned = Float32Array.from([ln3, 0, 2 * ln3, 0, 1, 1, 3 * ln3, 0]);
  const report = classReport({
    classes: ['a', 'b'],
    keys: ['right', 'wrong, sure', 'wrong', 'right, sure'],
    labels: [0, 0, 0, 0],
    logits: [upright, turned],
    unsureBelow: 0.8,
  });
  const names = (tiles: readonly { key: string }[]) => tiles.map(({ key }) => key);
  expect(names(wrongTiles(report))).toEqual(['wrong, sure', 'wrong']);
  expect(names(unsureTiles(report))).toEqual(['right', 'wrong']);
  // The third is too close to call when turned.
  expect(report.tiles.map(({ agrees }) => agrees)).toEqual([true, false, null, true]);
  expect(report.tiles.map(({ turned: [answer] }) => answer)).toEqual([0, 0, 0, 0]);
  expect(report.tiles[1].probability).toBeCloseTo(0.9, 6);
});

test('no figure is made of what is no number, or of no tile', () => {
  const classes = ['a', 'b'];
  const broken = { classes, keys: ['0'], labels: [0], logits: [Float32Array.from([Number.NaN, 1])] };
  expect(() => classReport(broken)).toThrow(NotFinite);
  expect(() => classReport({ classes, keys: [], labels: [], logits: [new Float32Array()] })).toThrow(
    /at least one tile/,
  );
});

test('before and after a step, counted by hand', () => {
  const of = (answers: number[], keys = ['p', 'q', 'r', 's', 't']) =>
    classReport({
      classes: ['a', 'b', 'c'],
      keys,
      labels: [0, 0, 1, 1, 1],
      logits: [
        Float32Array.from(answers.flatMap((answer) => [0, 1, 2].map((c) => (c === answer ? 3 : c / 9)))),
      ],
    });
  const compared = compareReports(of([0, 1, 0, 1, 0]), of([1, 0, 2, 1, 1]));
  expect(compared).toMatchObject({ gained: 2, lost: 1 });
  // Of three throws: none or three heads, and half of one or two.
  expect(compared.p).toBeCloseTo(2 / 8 + 3 / 8, 12);
  expect(compared.difference).toBeCloseTo(0.2, 12);
  expect(compared.changes.map(({ after: { key }, change }) => [key, change])).toEqual([
    ['p', 'lost'],
    ['q', 'gained'],
    ['r', 'otherwise wrong'],
    ['t', 'gained'],
  ]);
  expect(compared.recall).toEqual([
    { before: 1 / 2, after: 1 / 2 },
    { before: 1 / 3, after: 2 / 3 },
    { before: null, after: null },
  ]);
  expect(() => compareReports(of([0, 0, 0, 0, 0]), of([0, 0, 0, 0, 0], ['p', 'q', 'r', 's', 'u']))).toThrow(
    /same tiles/,
  );
});
