/** What a sweep costs: bounds that hold for any sweep, and sweeps small enough to be worked out by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CostedJob, sweepCost } from './cost';

const NONE = { jobSeconds: 0, jobMemory: 0 };
const job = (id: string, seconds: number, needs: readonly string[] = []): CostedJob => ({
  ...{ id, seconds, needs, kept: 100, taken: needs.length * 10 },
});

/** Jobs each of which waits for some of those before it. */
const sweeps = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(40), { maxLength: 3 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) =>
    rows.map(([seconds, needs], i) =>
      job(`${i}`, seconds, i === 0 ? [] : [...new Set(needs.map((need) => `${need % i}`))]),
    ),
  );

test('takes no less than its longest chain and its work over all cores, and no more than both together', () => {
  fc.assert(
    fc.property(sweeps, fc.integer({ min: 1, max: 60 }), (jobs, cores) => {
      const { work, chain, least, seconds, speedUp, busy } = sweepCost(jobs, cores, NONE);
      expect(seconds).toBeGreaterThanOrEqual(least);
      // Graham's bound for any order of jobs.
      expect(seconds).toBeLessThanOrEqual(work / cores + chain * (1 - 1 / cores) + 1e-9);
      expect(speedUp).toBeLessThanOrEqual(cores + 1e-9);
      expect(busy).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test('on one core takes all its work, and with a core for each job its longest chain', () => {
  fc.assert(
    fc.property(sweeps, (jobs) => {
      const one = sweepCost(jobs, 1, NONE);
      expect(one.seconds).toBeCloseTo(one.work, 9);
      const all = sweepCost(jobs, jobs.length, NONE);
      expect(all.seconds).toBeCloseTo(all.chain, 9);
    }),
  );
});

describe('by hand', () => {
  const jobs = [job('train', 100), job('a', 10, ['train']), job('b', 20, ['train']), job('c', 5, ['a', 'b'])];

  test('a training, two that need it, and one that needs both', () => {
    expect(sweepCost(jobs, 1, NONE)).toMatchObject({ work: 135, chain: 125, seconds: 135, speedUp: 1 });
    expect(sweepCost(jobs, 2, NONE)).toMatchObject({ seconds: 125, least: 125, speedUp: 135 / 125 });
    expect(sweepCost(jobs, 100, NONE).seconds).toBe(125);
  });

  test('cores take jobs in the order of the queue', () => {
    const independent = [job('short', 1), job('long', 10), job('later', 10)];
    // Both cores: 0–1 short, 0–10 long, 1–11 later.
    expect(sweepCost(independent, 2, NONE).seconds).toBe(11);
  });

  test('what passes at each job, what is kept, and what goes through the store', () => {
    const training = { ...job('train', 10), checkpoint: { bytes: 1000, times: 5 } };
    const cost = sweepCost([training, job('check', 1, ['train'])], 4, { jobSeconds: 0.5, jobMemory: 2000 });
    expect(cost).toMatchObject({ seconds: 12, kept: 200, written: 5200, read: 10, redis: 4000 });
    expect(cost.traffic).toBeCloseTo(5210 / 12, 9);
  });
});

test('jobs that wait for none, or for themselves, are refused', () => {
  expect(() => sweepCost([job('a', 1, ['x'])], 1, NONE)).toThrow(/waits for "x"/);
  expect(() => sweepCost([job('a', 1, ['b']), job('b', 1, ['a'])], 1, NONE)).toThrow(/waits for itself/);
});
