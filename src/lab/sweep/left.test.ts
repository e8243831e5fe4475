import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeLeft } from './left';
import type { SweepJob } from './status';
import { runOf, type Wish } from './testing/sweeps';

const START = Date.parse('2026-11-28T08:00:00.000Z');
const at = (seconds: number): string => new Date(START + 1000 * seconds).toISOString();
const done = (from: number, to: number): Wish => ({
  ...{ state: 'done', startedAt: at(from), finishedAt: at(to), seconds: to - from },
});
const running = (from: number, now: number): Wish => ({
  ...{ state: 'running', startedAt: at(from), seconds: now - from },
});
const leftAt = (now: number, ...wishes: Wish[]) => timeLeft(runOf('a', wishes), START + 1000 * now);

/** One after the other, each of so many seconds. */
const inARow = (count: number, each: number): Wish[] =>
  Array.from({ length: count }, (_, i) => done(i * each, (i + 1) * each));

describe('time left', () => {
  test('is that of the open jobs at the pace of those that ended', () => {
    expect(leftAt(40, ...inARow(4, 10), 'ready', 'ready', 'waiting')).toBe(30);
    expect(leftAt(40, ...inARow(4, 10))).toBe(0);
  });

  test('is not told before three jobs ended', () => {
    expect(leftAt(20, ...inARow(2, 10), ...Array<Wish>(14).fill('ready'))).toBeNull();
    expect(leftAt(30, ...inARow(3, 10), ...Array<Wish>(13).fill('ready'))).toBe(130);
  });

  test('counts down while nothing ends, and is not told any more once it is over', () => {
    const told = [0, 4, 8, 12, 30].map((since) =>
      leftAt(40 + since, ...inARow(4, 10), running(40, 40 + since)),
    );
    expect(told).toEqual([10, 6, 2, null, null]);
  });

  test('is not told while a job takes longer than it and than any other', () => {
    // Short ones end beside a training that began with the first.
    expect(leftAt(40, ...inARow(4, 10), running(0, 40), 'ready')).toBeNull();
    // Among many more the one makes no difference.
    expect(leftAt(40, ...inARow(4, 10), running(0, 40), ...Array<Wish>(9).fill('ready'))).toBe(100);
  });

  test('goes by the last hour, however slow it was before', () => {
    const slow = inARow(4, 7200);
    const fast = Array.from({ length: 60 }, (_, i) => done(28_800 + 60 * i, 28_860 + 60 * i));
    expect(leftAt(32_400, ...slow, ...fast, 'ready', 'ready')).toBe(120);
    // Of less than three in an hour, by the last three.
    expect(leftAt(28_800, ...slow, 'ready')).toBe(7200);
  });

  test('never grows while nothing ends', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { minLength: 3, maxLength: 9 }),
        fc.integer({ min: 1, max: 20 }),
        fc.tuple(fc.nat(9000), fc.nat(9000)),
        (spans, open, [one, other]) => {
          const ended = spans.map(([from, took]) => done(from, from + took));
          const last = Math.max(...spans.map(([from, took]) => from + took));
          const [sooner, later] = [Math.min(one, other), Math.max(one, other)].map((since) =>
            leftAt(last + since, ...ended, ...Array<Wish>(open).fill('ready')),
          );
          if (later !== null) expect(later).toBeLessThanOrEqual(sooner!);
        },
      ),
    ));

  test('jobs that were in the store before tell nothing', () => {
    const jobs: SweepJob[] = runOf('a', ['done', 'done', 'done', 'done', 'ready']);
    expect(timeLeft(jobs, START)).toBeNull();
  });
});
