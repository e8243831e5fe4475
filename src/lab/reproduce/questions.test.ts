import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellInWords, cellTables } from './cellWords';
import { summariseFigure } from './measure';
import { answersTo, QUESTIONS, type Question } from './questions';
import type { Measured, ReportCell, ReportSection } from './report';

const measured = (accuracy: number, cost: Partial<Measured> = {}): Measured => ({
  accuracy: summariseFigure([accuracy, accuracy]),
  rotated: summariseFigure([accuracy]),
  agreement: summariseFigure([1, 1]),
  undecided: 0,
  error: 1e-7,
  ...{ params: 1000, macs: 1000, bytes: 4000 },
  seconds: summariseFigure([1]),
  paired: {
    difference: summariseFigure([accuracy - 0.8]),
    ...{ gained: 0, lost: 0, interval: [accuracy - 0.8 - 0.005, accuracy - 0.8 + 0.005] },
  },
  ...cost,
});
const whole = measured(0.8);
/** Half of the width of the intervals made up here. */
const HALF = 0.005;

/** A cell of fields by variance with mean compensation that keeps a share of 80 %. */
function cell(retained: number, more: Partial<ReportCell> = {}, cost: Partial<Measured> = {}): ReportCell {
  return {
    ...{ units: 'fields', method: 'variance', compensation: 'mean', ratio: 0.5, tuning: 'none' },
    lab: measured(0.8 * retained, { params: 500, macs: 300, ...cost }),
    validationChange: summariseFigure([0.8 * (retained - 1)]),
    retained: summariseFigure([retained]),
    retainedInterval: [retained - HALF, retained + HALF],
    tuned: null,
    convParams: { before: 900, after: 400 },
    speed: { before: summariseFigure([100]), after: summariseFigure([200]), ratio: summariseFigure([2]) },
    brokenFields: null,
    ...more,
  };
}

const answer = (question: Question, ...cells: ReportCell[]) =>
  answersTo([question], cells, whole, 400, (pairs) => {
    const gains = pairs.map(([a, b]) => cells[a].lab.accuracy.mean - cells[b].lab.accuracy.mean);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    return [mean - HALF, mean + HALF];
  })[0];
/** Where an interval lies to a bound. */
const sideOf = (retained: number, bound: number) =>
  Math.abs(retained - bound) < HALF ? null : retained > bound;
const share = fc.double({ min: 0.05, max: 1.1, noNaN: true });

describe('a finding holds exactly where its figures do', () => {
  test('kept at once: of the largest network that saves as many parameters as VBP', () => {
    fc.assert(
      fc.property(share, share, (first, second) => {
        const cells = [
          cell(1, { ratio: 0.3 }, { params: 700 }),
          cell(first, { ratio: 0.5 }, { params: 640 }),
          cell(second, { ratio: 0.7 }, { params: 300 }),
        ];
        expect(answer('kept-at-once', ...cells).reproduces).toBe(sideOf(first, 0.7));
      }),
    );
    const none = answer('kept-at-once', cell(1, {}, { params: 900 }));
    expect(none).toMatchObject({ reproduces: null });
    expect(none.sentence).toContain('None saves as many parameters');
  });

  test('kept after tuning: of networks fine-tuned wholly', () => {
    fc.assert(
      fc.property(share, (retained) => {
        fc.pre(Math.abs(Math.abs(retained - 0.99) - HALF) > 1e-6);
        const found = answer('kept-after-tuning', cell(0.1), cell(retained, { tuning: 'network' }));
        expect(found.reproduces).toBe(sideOf(retained, 0.99));
      }),
    );
  });

  test('multiply-adds and speed: the saving and the accuracy in one network', () => {
    const dear = cell(
      0.9,
      { ratio: 0.3, speed: { ...cell(1).speed!, ratio: summariseFigure([1.1]) } },
      { macs: 800 },
    );
    for (const question of ['multiply-adds', 'faster'] as const) {
      expect(answer(question, dear, cell(0.71)).reproduces).toBe(true);
      expect(answer(question, dear, cell(0.69)).reproduces).toBe(false);
      expect(answer(question, dear, cell(0.702)).reproduces).toBe(null);
      expect(answer(question, dear).sentence).toContain('None reaches that.');
    }
  });

  test('compensation: cells are held against those of the same method and amount', () => {
    const plain = (accuracy: number, ratio: number) => cell(accuracy, { compensation: 'none', ratio });
    const found = answer(
      'compensation',
      ...[plain(0.5, 0.5), cell(0.75, { ratio: 0.5 }), plain(0.5, 0.9), cell(0.375, { ratio: 0.9 })],
    );
    expect(found.reproduces).toBe(true);
    expect(found.sentence).toContain(
      '“mean” gains 5.0 points on average (95 % interval 4.5 to 5.5) (better in 1 of 2 cells, worse in 1)',
    );
  });

  test('invariance: all extracted networks, and the counter-example breaks it', () => {
    const broken = cell(
      0.5,
      { units: 'channels', speed: null, convParams: null, brokenFields: summariseFigure([2]) },
      { agreement: summariseFigure([0.6]) },
    );
    expect(answer('invariance', cell(1), broken).reproduces).toBe(true);
    expect(answer('invariance', cell(1), { ...broken, lab: measured(0.5) }).reproduces).toBe(false);
    // Channels that happen to be whole fields show nothing.
    expect(answer('invariance', cell(1), { ...broken, brokenFields: summariseFigure([0]) }).reproduces).toBe(
      null,
    );
    expect(
      answer('invariance', cell(1, {}, { agreement: summariseFigure([1, 0.99]) }), broken).reproduces,
    ).toBe(false);
  });

  test('smaller and fast: validation tiles choose the network, test tiles judge it', () => {
    const tuned = (validation: number, retained: number, speed: number) =>
      cell(retained, {
        tuning: 'head',
        validationChange: summariseFigure([validation]),
        speed: { ...cell(1).speed!, ratio: summariseFigure([speed]) },
      });
    const slow = tuned(0, 1, 1.5);
    // Faster still, and good on test tiles, but validation tiles do not know.
    expect(answer('smaller-and-fast', slow, tuned(-0.1, 1, 9)).sentence).toContain(
      '1.50×, 55.6\u00a0% fewer',
    );
    expect(answer('smaller-and-fast', slow, tuned(-0.01, 0.5, 9)).reproduces).toBe(false);
    expect(answer('smaller-and-fast', tuned(-0.1, 1, 9)).sentence).toContain('none stays within');
    expect(answer('smaller-and-fast', slow).reproduces).toBe(true);
    expect(answer('smaller-and-fast', tuned(0, 1, 1.2)).reproduces).toBe(false);
  });

  test('a study that has made nothing yet answers nothing', () => {
    expect(answersTo(QUESTIONS, [], whole, 400, () => undefined)).toEqual([]);
  });
});

test('every cell stands in one table, under its way and amount', () => {
  const cells = [
    cell(0.5),
    cell(0.25, { ratio: 0.9 }, { params: 100, macs: 50 }),
    cell(0.75, { tuning: 'head', tuned: 0 }),
    cell(0.5, {
      units: 'channels',
      compensation: null,
      speed: null,
      convParams: null,
      brokenFields: summariseFigure([2, 3]),
    }),
  ];
  const row = { id: 'original', label: 'Unpruned', lab: whole };
  const section = { baseline: 'original', rows: [row], cells } as unknown as ReportSection;
  const [atOnce, head, costs, broken, ...rest] = cellTables(section);
  expect(rest).toEqual([]);
  expect(atOnce.head).toEqual(['removed', '50\u00a0%', '90\u00a0%']);
  expect(atOnce.rows).toEqual([['variance, mean', '40.0 ± 0.0 (50.0)', '20.0 ± 0.0 (25.0)']]);
  expect(head.rows).toEqual([['variance, mean', '60.0 ± 0.0 (75.0) *']]);
  expect(costs.rows.map(([name]) => name)).toEqual(['nothing', '50\u00a0%', '90\u00a0%']);
  expect(costs.rows[2].slice(1, 6)).toEqual(['100', '−90.0\u00a0%', '−55.6\u00a0%', '50', '−95.0\u00a0%']);
  expect(broken.rows[0][0]).toBe('50\u00a0% by variance');
  for (const { head: names, rows } of [atOnce, head, costs, broken]) {
    expect(new Set(names).size).toBe(names.length);
    for (const each of rows) expect(each).toHaveLength(names.length);
  }
  expect(cellInWords(cells[2])).toBe(
    'fields by variance, compensation mean, 50\u00a0% removed, head fine-tuned',
  );
});
