/** What is timed in turn, by a clock of the test's own; quantiles and ratios against what they mean. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../stage/events';
import { quantile, type Rounds, ratioOf, spreadOf, timeInTurn } from './timing';

/** Things that take so many milliseconds each, times a factor that differs from round to round; and in what order they ran. */
function machine(costs: readonly number[], factorOf: (round: number) => number = () => 1) {
  let now = 0;
  const ran: number[] = [];
  const timed = costs.map((cost, i) => ({
    run: async () => {
      now += cost * factorOf(Math.floor(ran.length / costs.length));
      ran.push(i);
    },
  }));
  const time = (rounds: Rounds, stop?: AbortSignal) => finish(timeInTurn(timed, rounds, () => now, stop));
  return { ran, time };
}

describe('in turn', () => {
  test('each runs once a round, and rounds to warm up are not told', async () => {
    const { ran, time } = machine([1, 10, 100]);
    expect(await time({ runs: 4, warm: 2 })).toEqual([1, 10, 100].map((cost) => Array(4).fill(cost)));
    for (let round = 0; round < 6; round++)
      expect(ran.slice(3 * round, 3 * round + 3).sort()).toEqual([0, 1, 2]);
  });

  test('none always follows the same other one', async () => {
    const { ran, time } = machine([1, 1, 1]);
    await time({ runs: 30, warm: 0 });
    const pairs = new Set(ran.slice(1).map((at, i) => `${ran[i]} ${at}`));
    for (const pair of ['0 1', '1 0', '0 2', '2 0', '1 2', '2 1']) expect(pairs).toContain(pair);
  });

  test('ratios within a round do not see that the machine is busy in some', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 }),
        async (busy) => {
          const { time } = machine([4, 1], (round) => busy[round]);
          const [slow, fast] = await time({ runs: 3, warm: 0 });
          expect(ratioOf(slow, fast)).toEqual({ p25: 4, p50: 4, p75: 4 });
        },
      ),
    );
  });

  test('ends after its seconds, with at least so many rounds', async () => {
    const { time } = machine([600]);
    expect((await time({ runs: 50, warm: 1, seconds: 2.9, least: 2 }))[0].length).toBe(4);
    expect((await time({ runs: 50, warm: 1, seconds: 0.1, least: 7 }))[0].length).toBe(7);
  });

  test('asked to stop it ends after the round under way', async () => {
    const stop = new AbortController();
    const { ran, time } = machine([1, 2]);
    stop.abort();
    expect((await time({ runs: 9, warm: 1, least: 2 }, stop.signal))[0]).toEqual([1, 1]);
    expect(ran.length).toBe(6);
  });
});

describe('quantiles', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

  test('the least value that so large a share does not exceed', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (given, share) => {
        const found = quantile(given, share);
        const upTo = (most: number) => given.filter((value) => value <= most).length;
        expect(given).toContain(found);
        expect(upTo(found)).toBeGreaterThanOrEqual(share * given.length - 1e-9);
        const below = given.filter((value) => value < found);
        if (below.length > 0) expect(below.length).toBeLessThan(share * given.length + 1e-9);
      }),
    );
  });

  test('by hand: of 1 … 20', () => {
    const given = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect(spreadOf(given)).toEqual({ runs: 20, least: 1, p50: 10, p95: 19 });
    expect(spreadOf([7])).toEqual({ runs: 1, least: 7, p50: 7, p95: 7 });
  });
});
