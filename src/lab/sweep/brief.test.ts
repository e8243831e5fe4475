import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foremost, isLarge, lineUrgency, runLines } from './brief';
import { pictureOf } from './picture';
import type { JobState } from './status';
import { runOf } from './testing/sweeps';

describe('a large sweep', () => {
  const many = (runs: number, steps: number) =>
    Array.from({ length: runs }, (_, i) => runOf(`run ${i}`, Array<JobState>(steps).fill('ready'))).flat();

  /** A training, and so many steps that need it. */
  const beside = (count: number) => [
    ...runOf('a', ['done']),
    ...Array.from({ length: count }, (_, i) => ({ ...runOf(`${i}`, ['ready'], ['a/0'])[0], run: 'a' })),
  ];

  test('is one with many jobs, many after each other, or many in one place', () => {
    for (const [jobs, large] of [
      [many(100, 4), false],
      [many(101, 4), true],
      [many(1, 24), false],
      [many(1, 25), true],
      [beside(12), false],
      [beside(13), true],
    ] as const)
      expect(isLarge(pictureOf(jobs), jobs)).toBe(large);
  });

  test('is a line for each run, with what failed by itself and what needs it', () => {
    const jobs = [...runOf('a', ['done', 'failed', 'failed']), ...runOf('b', ['running', 'waiting'])];
    const [one, other] = runLines(jobs);
    expect(one).toMatchObject({ run: 'a', counts: { done: 1, failed: 1, blocked: 1, running: 0 } });
    expect(other).toMatchObject({ run: 'b', counts: { running: 1, waiting: 1, done: 0 } });
    expect([...one.jobs, ...other.jobs]).toEqual(jobs);
    expect(lineUrgency(one)).toBeLessThan(lineUrgency(other));
  });

  test('of too many the most urgent are kept, in their order', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(6)), fc.nat(20), (ranks, most) => {
        const all = ranks.map((rank, i) => ({ rank, i }));
        const kept = foremost(all, ({ rank }) => rank, most);
        expect(kept).toHaveLength(Math.min(most, all.length));
        expect(kept).toEqual(all.filter((each) => kept.includes(each)));
        const left = all.filter((each) => !kept.includes(each));
        if (kept.length > 0 && left.length > 0)
          expect(Math.max(...kept.map(({ rank }) => rank))).toBeLessThanOrEqual(
            Math.min(...left.map(({ rank }) => rank)),
          );
      }),
    ));
});
