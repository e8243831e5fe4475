/** The tables as jobs with costs: every step once for each seed, with the tiles of its protocol. */
import { describe, expect, test } from 'vitest';
import { planRecipe } from '../recipe/plan';
import { sweepCost } from '../sweep/cost';
import { costedJobs, tilesOf } from './tableCost';
import { tableNamed } from './tables';

const TABLES = ['table-2', 'table-4', 'table-5'];
const NONE = { jobSeconds: 0, jobMemory: 0 };

describe.each(TABLES)('%s', (name) => {
  const table = tableNamed(name);

  test('has a job for every step of every run and seed, and each waits for steps of its own run', () => {
    const jobs = costedJobs(table, 3);
    const steps = table.runs('full').flatMap(({ recipe }) => planRecipe(recipe));
    expect(jobs).toHaveLength(3 * steps.length);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
    for (const { id, needs, seconds, kept } of jobs) {
      expect(seconds).toBeGreaterThan(0);
      expect(kept).toBeGreaterThan(0);
      for (const need of needs) expect(need.split(':')[0]).toBe(id.split(':')[0]);
    }
  });

  test('costs as much again with each seed, and its longest chain stays', () => {
    const [one, five] = [1, 5].map((seeds) => sweepCost(costedJobs(table, seeds), 10_000, NONE));
    expect(five.work).toBeCloseTo(5 * one.work, 3);
    expect(five.chain).toBeCloseTo(one.chain, 6);
    expect(five.seconds).toBeCloseTo(five.chain, 6);
    expect(five.kept).toBeCloseTo(5 * one.kept, 0);
  });
});

test('tiles are those of the protocol: an official test part stays what it is', () => {
  const run = (name: string, data: string) =>
    tilesOf(
      tableNamed(name)
        .runs('full')
        .find((each) => each.data === data)!,
    );
  expect(run('table-2', 'eurosat')).toEqual({ train: 18_900, val: 2_700, test: 5_400 });
  expect(run('table-5', 'cifar10')).toEqual({ train: 43_750, val: 6_250, test: 10_000 });
  expect(run('table-4', 'rotated-mnist')).toEqual({ train: 10_500, val: 1_500, test: 50_000 });
});

test('at small scale no part has more tiles than it takes', () => {
  const limited = tableNamed('table-4')
    .runs('small')
    .find(({ data }) => data === 'rotated-mnist')!;
  expect(tilesOf(limited)).toEqual({ train: 2_000, val: 500, test: 1_000 });
  const work = (scale: 'small' | 'whole' | 'full') =>
    sweepCost(costedJobs(tableNamed('table-4'), 1, scale), 1, NONE).work;
  expect(work('small')).toBeLessThan(work('whole'));
  expect(work('whole')).toBeLessThan(work('full'));
});

test('the training of Table V’s heaviest network is the epochs that its protocol names, at the rate that was measured', () => {
  const jobs = costedJobs(tableNamed('table-5'), 1);
  const training = jobs.find(({ id }) => id.startsWith('cifar10-efficientnet-lite0, seed 1: train'))!;
  expect(training.seconds).toBeCloseTo(50 * (43_750 / 94.3 + 6_250 / 404), 6);
  expect(training.checkpoint?.times).toBe(50);
});

test('a table whose networks nobody has timed is refused', () => {
  expect(() => costedJobs(tableNamed('vbp-vit'), 1)).toThrow(/Nobody has measured/);
});
