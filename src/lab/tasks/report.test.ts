import { expect, test } from 'vitest';
import { BadInput } from '../errors';
import { taskMarkdown } from './markdown';
import { TASK_SCALES, type TaskScale } from './names';
import { readTaskReport, type TaskReport } from './report';
import type { Task, TaskMaterial } from './task';
import { TASKS } from './tasks';
import { decided } from './verdict';
import { type MeasuredRow, taskReport } from './writing';

const [model] = TASKS;
const task: Task = {
  ...model,
  rows: [
    { id: 'none', label: 'nothing', of: [] },
    { id: 'one', label: 'the one', of: ['a', 'b'] },
  ],
  measures: [{ id: 'error', label: 'error, %', better: 'low' }],
  curves: [{ id: 'along', label: 'error along', along: 'steps', from: 1, step: 1 }],
  claims: [
    { title: 'It helps', row: 'one', against: 'none', measure: 'error' },
    { title: 'It harms', row: 'none', against: 'one', measure: 'error' },
  ],
};
const material = { archs: {}, data: ['Two flows.'] } as unknown as TaskMaterial;

function reportOf(gains: readonly number[], scale: TaskScale = 'small'): TaskReport {
  const row = (error: number, training: string | null): MeasuredRow => ({
    training,
    figures: { values: { error }, curves: { along: [error, 2 * error] } },
    seconds: training && 3 ? 3 : null,
  });
  const seeds = gains.map(
    (gain, i) =>
      new Map([
        ['none', row(0.5, null)],
        ['one', row(0.5 - gain, i % 2 === 0 ? 'a' : 'b')],
      ]),
  );
  return taskReport(task, scale, material, seeds, {
    ...{ made: '2026-01-02T00:00:00Z', command: 'lab reproduce', wallSeconds: 60 },
    environment: { backend: 'wasm', hardware: 'two cores', software: 'Node' },
    seeds: gains.map((_, i) => i + 1),
  });
}

test('a difference is told where it is more than chance, and not of one seed or a tiny run', () => {
  const held = (gains: number[], scale?: TaskScale) =>
    reportOf(gains, scale).findings.map(({ holds }) => holds);
  expect(held([0.1, 0.11, 0.09])).toEqual([true, false]);
  expect(held([-0.1, -0.11, -0.09])).toEqual([false, true]);
  expect(held([0.1, 0.11, -0.09])).toEqual([null, null]);
  expect(held([0.1])).toEqual([null, null]);
  expect(held([0.1, 0.11, 0.09], 'tiny')).toEqual([null, null]);
  // t(2) = 4.303: the mean is 0.1, so its standard error has to be below 0.0232, and the deviation below 0.0403.
  expect(decided([0.1 - 0.0402, 0.1, 0.1 + 0.0402])).toBe(true);
  expect(decided([0.1 - 0.0404, 0.1, 0.1 + 0.0404])).toBe(null);
  expect(decided([0, 0])).toBe(null);
});

test('a report says its figures with their spread, what was chosen, and what shows', () => {
  const report = reportOf([0.1, 0.12, 0.08]);
  const [none, one] = report.rows;
  expect(one.figures.error).toEqual({
    mean: expect.closeTo(0.4, 12),
    sd: expect.closeTo(0.02, 12),
    values: [0.4, 0.38, 0.42],
  });
  expect(one.curves.along.mean).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.8, 12)]);
  expect([none.seconds, one.seconds?.mean, none.chosen, one.chosen]).toEqual([null, 3, [], ['a', 'b', 'a']]);
  const text = taskMarkdown(report, [{ file: 'measures.svg', title: 'All' }]);
  expect(text).toContain('| the one | 40.0 ± 2.0 | 3 |');
  expect(text).toContain('- the one: the validation part chose “a”, “b”, “a”.');
  expect(text).toContain('| the one | 40.0 | 80.0 |');
  expect(text).toContain('**It helps: shows.**');
  expect(text).toContain(
    'In error “the one” has 40.0 %, “nothing” 50.0 %; difference −10.0 ± 2.0 points over 3 seeds.',
  );
  expect(text).toContain('![All](measures.svg)');
  expect(text).not.toContain('proves that all of it works');
  expect(taskMarkdown(reportOf([0.1], 'tiny'), [])).toContain('proves that all of it works');
});

test('a report is read as it was written, another thing is none, and a damaged one is refused', () => {
  const report = reportOf([0.1, 0.12]);
  const text = JSON.stringify(report);
  expect(readTaskReport(text, 'report.json')).toEqual(JSON.parse(text));
  expect(readTaskReport('{"kind":"orbit-lab report"}', 'report.json')).toBeNull();
  expect(readTaskReport('no JSON', 'report.json')).toBeNull();
  const damaged = { ...report, seeds: 'all' };
  expect(() => readTaskReport(JSON.stringify(damaged), 'report.json')).toThrow(BadInput);
  expect(() => readTaskReport(JSON.stringify(damaged), 'report.json')).toThrow(/"seeds" does not fit/);
});

test('a report whose parts do not know each other is refused: whoever draws it takes them all for there', () => {
  const report = JSON.parse(JSON.stringify(reportOf([0.1, 0.12]))) as TaskReport;
  const sheet = { ...{ id: 'fields', title: 'Fields', size: 2 }, columns: ['now'] };
  const withGrid = (grid: number[]) => ({
    ...report,
    sheets: [{ ...sheet, rows: [{ label: 'a', grids: [grid] }] }],
  });
  const read = (value: unknown) => () => readTaskReport(JSON.stringify(value), 'mine.json');
  expect(read(withGrid([0, 1, 2, 3]))()).not.toBeNull();
  expect(read(withGrid([0, 1, 2]))).toThrow(/"sheets.0.rows.0.grids" does not fit/);
  const [first, second] = report.rows;
  expect(read({ ...report, rows: [first, { ...second, figures: {} }] })).toThrow(
    /"rows.1.figures.error" does not fit/,
  );
  const short = { ...second, curves: { along: { mean: [0.1], values: [[0.1], [0.1]] } } };
  expect(read({ ...report, rows: [first, short] })).toThrow(/"rows.1.curves.along" does not fit/);
  expect(() =>
    readTaskReport(
      JSON.stringify(report).replace('"scale":"small"', '"scale":"small","scale":"tiny"'),
      'mine.json',
    ),
  ).toThrow(/twice/);
});

test.each(TASKS)('$name: rows, trainings, measures and claims know each other at every scale', (each) => {
  const has = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id);
  for (const scale of TASK_SCALES) {
    const trainings = each.trainings(scale);
    expect(new Set(trainings.map(({ id }) => id)).size).toBe(trainings.length);
    for (const [i, { from }] of trainings.entries()) {
      if (from !== null) expect(has(trainings.slice(0, i), from), from).toBe(true);
    }
    for (const { of } of each.rows) for (const id of of) expect(has(trainings, id), id).toBe(true);
    // Compared are networks that were adapted for as many steps.
    const adapted = trainings.filter(({ set }) => set === 'target');
    expect(new Set(adapted.map(({ epochs, batch }) => `${epochs}/${batch}`)).size).toBe(1);
  }
  for (const { row, against, measure } of each.claims) {
    expect([has(each.rows, row), has(each.rows, against), has(each.measures, measure)]).toEqual([
      true,
      true,
      true,
    ]);
  }
});
