import { describe, expect, test } from 'vitest';
import { totalCost } from '../evaluate/cost';
import { encodeModel } from '../files/modelFile';
import { dataSectionBytes } from '../files/safetensors';
import { quantiseModel } from '../quantize/quantise';
import { planRecipe } from '../recipe/plan';
import { prepare } from '../recipe/prepare';
import { tinyTable } from '../testing/reproduction';
import { tinyDataset, tinyModel } from '../testing/tiny';
import { reportOf } from './build';
import { markdownOf } from './markdown';
import type { FinishedRun, RunMaterial } from './material';
import { comparePaired, summariseFigure } from './measure';
import { SCALES } from './report';
import { testStage } from './table';
import { KNOWN_TABLES, restrictTable, tableNamed } from './tables';

describe.each(KNOWN_TABLES.map((table) => [table.name, table] as const))('%s', (_, table) => {
  test.each(SCALES)('every row has a run that leaves and tests its network (%s)', (scale) => {
    const runs = new Map(table.runs(scale).map((run) => [run.id, run]));
    expect(runs.size).toBe(table.runs(scale).length);
    for (const { recipe } of runs.values()) expect(() => planRecipe(recipe)).not.toThrow();
    for (const { rows, baseline } of table.sections) {
      expect(rows.map(({ id }) => id)).toContain(baseline);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      expect(new Set(rows.map(({ run }) => runs.get(run)!.data)).size).toBe(1);
      for (const { run, stage, claims } of rows) {
        const planned = planRecipe(runs.get(run)!.recipe);
        const names = planned.map(({ name }) => name);
        expect(names).toContain(stage);
        // A study tests what it makes.
        if (!planned.some(({ name, kind }) => name === stage && kind === 'study'))
          expect(names).toContain(testStage(stage));
        for (const claim of claims) {
          if ('row' in claim) expect(rows.map(({ id }) => id)).toContain(claim.row);
        }
      }
    }
  });
});

test('a run that tables share is the same in each, so that its work is done once', () => {
  for (const scale of SCALES) {
    const seen = new Map<string, string>();
    for (const { id, data, recipe } of KNOWN_TABLES.flatMap((table) => table.runs(scale))) {
      const text = JSON.stringify([data, recipe]);
      expect(seen.get(id) ?? text, id).toBe(text);
      seen.set(id, text);
    }
  }
});

test('a table the lab does not know is refused with those it knows', () => {
  expect(() => tableNamed('table-9')).toThrow(/Choose one of: table-2, table-4/);
});

test('a table can be made of some of its data sets alone', () => {
  const trunk = tableNamed('trunk');
  const one = restrictTable(trunk, ['eurosat']);
  expect(one.runs('small').map(({ data }) => data)).toEqual(['eurosat', 'eurosat']);
  expect(one.sections.map(({ id }) => id)).toEqual(['eurosat', 'kernels']);
  expect(restrictTable(trunk, ['eurosat', 'cifar10']).sections).toEqual(trunk.sections);
  expect(() => restrictTable(trunk, ['eurosat', 'rotated-mnist'])).toThrow(
    /no section on "rotated-mnist" alone; it has: eurosat, cifar10/,
  );
});

test('the bytes counted from a design are those in its file', () => {
  for (const model of [
    tinyModel(),
    tinyModel({ group: 'D4', filters: 'steerable', head: 'flat' }),
    quantiseModel(tinyModel(), { layers: 'dense', range: 'batch' }),
    quantiseModel(tinyModel(), { layers: 'all', range: 'tile' }),
  ]) {
    expect(dataSectionBytes(encodeModel(model))).toBe(totalCost(model.arch).bytes);
  }
});

test('mean and sample standard deviation', () => {
  expect(summariseFigure([0.5])).toEqual({ mean: 0.5, sd: null, values: [0.5] });
  expect(summariseFigure([1, 2, 3, 4]).sd).toBeCloseTo(Math.sqrt(5 / 3), 12);
});

test('paired: tiles gained and lost, seed by seed', () => {
  const labels = [0, 1, 2, 0];
  const found = comparePaired(
    [
      [0, 1, 2, 1],
      [0, 0, 0, 0],
    ],
    [
      [0, 0, 0, 0],
      [0, 1, 0, 0],
    ],
    labels,
  );
  expect(found).toMatchObject({ gained: 2, lost: 2 });
  expect(found.difference.values).toEqual([0.25, -0.25]);
});

/** Runs whose figures are made up, so that the report's own arithmetic can be seen. */
function materials(accuracy: (stage: string) => number, bytes = 400, tiles = 15): RunMaterial[] {
  return tinyTable.runs('small').map((run) => {
    const { dataset, splits } = prepare(run.recipe, tinyDataset(tiles));
    const labels = Array.from(splits.test, (tile) => dataset.labels[tile]);
    const seeds = [1, 2].map((seed): FinishedRun => {
      const records = planRecipe(run.recipe).map(({ name }) => {
        const right = Math.round(accuracy(name) * labels.length);
        const answers = labels.map((label, i) => (i < right ? label : (label + 1) % 3));
        const share = right / labels.length;
        const angles = [0, 90, 180, 270].map((degrees) => ({ degrees, accuracy: share }));
        const check = { split: 'test', angles, agreement: 1, undecided: 1, answers };
        const cost = { params: 100, macs: 1000, bytes };
        const equivarianceError = [{ layer: 'logits', max: 1e-7 }];
        return { name, accuracy: share, ...cost, seconds: 1.5, equivarianceError, ...check };
      });
      return { seed, records: new Map(records.map((record) => [record.name, record])), fileBytes: () => 400 };
    });
    return { run, dataset, splits, seeds };
  });
}

const circumstances = {
  made: '2025-01-02T03:04:05.000Z',
  command: 'npm run -s lab -- reproduce tiny',
  environment: {
    backend: 'wasm',
    hardware: 'two cores',
    software: 'Node',
    load: [0.5, 2.5] as [number, number],
  },
  wallSeconds: 240,
};
const report = (accuracy: (stage: string) => number, tiles?: number) =>
  reportOf(tinyTable, 'small', materials(accuracy, 400, tiles), circumstances);

test('figures that show the paper’s finding say so in the row, and others do not', () => {
  const collapsing = (stage: string) => (stage.includes('misaligned') ? 1 / 9 : 8 / 9);
  const collapsed = report(collapsing, 600);
  const verdicts = ({ sections }: typeof collapsed) =>
    Object.fromEntries(sections[0].rows.map(({ id, verdict }) => [id, verdict.reproduces]));
  expect(verdicts(collapsed)).toEqual({
    whole: null,
    tuned: true,
    misaligned: true,
    int8: true,
    plain: null,
  });
  const lost = report((stage) => (stage.includes('finetune') ? 4 / 9 : 8 / 9), 600);
  expect(verdicts(lost)).toMatchObject({ tuned: false, misaligned: false, int8: true });
  // The same shares of nine tiles tell nothing.
  expect(new Set(Object.values(verdicts(report(collapsing))))).toEqual(new Set([null]));
});

test('each row has the comparisons behind its verdict, adjusted together, and what they would take', () => {
  const { rows } = report((stage) => (stage.includes('finetune') ? 7 / 9 : 8 / 9), 600).sections[0];
  const told = Object.fromEntries(rows.map((row) => [row.id, row.told!]));
  // Of a printed figure, and of the claims that name a row; without one, against the baseline.
  expect(told.whole.map(({ kind, against }) => [kind, against])).toEqual([['reaches', null]]);
  expect(told.int8.map(({ kind, against }) => [kind, against])).toEqual([
    ['keeps', 'Row tuned'],
    ['difference', 'Row whole'],
  ]);
  const [lost] = told.tuned;
  expect(lost.difference).toBeCloseTo(-1 / 9, 2);
  expect(lost.interval[0]).toBeLessThan(lost.difference);
  expect(lost.interval[1]).toBeLessThan(lost.bound);
  expect(lost.adjusted).toBeGreaterThanOrEqual(lost.p);
  expect(lost.smallest).toBeGreaterThan(0);
  // The paper prints the same for both, so it is two points from the bound.
  expect(lost.target).toEqual({ difference: 0, from: 'paper' });
  const needed = lost.needed.tiles.map(({ tiles }) => tiles!);
  expect(needed).toEqual([...needed].sort((a, b) => b - a));
  const [left, right] = rows[1].lab.paired!.interval!;
  expect([left, right]).toEqual(lost.interval);
});

test('a file with other bytes than were counted stops the report', () => {
  expect(() =>
    reportOf(
      tinyTable,
      'small',
      materials(() => 1, 401),
      circumstances,
    ),
  ).toThrow(/401 bytes counted, 400 in the file/);
});

test('rows on different tiles are not put into one section', () => {
  const [first, second] = materials(() => 1);
  const other = { ...second, splits: { ...second.splits, test: second.splits.test.slice(1) } };
  expect(() => reportOf(tinyTable, 'small', [first, other], circumstances)).toThrow(/different tiles/);
});

test('Markdown holds every row’s figures, every verdict, and what it was measured with', () => {
  const made = report((stage) => (stage.includes('misaligned') ? 1 / 9 : 8 / 9));
  const text = markdownOf(made, new Map([['pipeline', 'pipeline.svg']]));
  for (const { label, verdict, paper } of made.sections[0].rows) {
    expect(text).toContain(`- **${label}.** ${verdict.sentence}`);
    expect(text).toContain(`${label}, paper: ${paper!.note}`);
  }
  expect(text).toContain('| Row misaligned | 90 | – | 11.1 ± 0.0 | −77.8 ± 0.0 | 0 / 14 | 11.1 ± 0.0 |');
  expect(text).toContain('](pipeline.svg)');
  expect(text).toMatch(/Backend wasm; two cores; Node; 4 minutes .*load average .* 0\.5 … 2\.5/);
  for (const hash of Object.values(made.sections[0].data.parts)) expect(text).toContain(hash);
  const tables = text.split('\n').filter((line) => line.startsWith('|'));
  // Figures and costs; then a line for each of four comparisons and one more of the row that two claims hold against others.
  const compared = made.sections[0].rows.flatMap(({ told }) =>
    told!.filter(({ against }) => against !== null),
  );
  expect(compared).toHaveLength(5);
  expect(tables).toHaveLength(2 * (2 + 5) + (2 + compared.length) + (2 + 4 * compared.length));
  expect(text).toContain('### What it would take to tell');
});
