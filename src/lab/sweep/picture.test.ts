import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestChain, pictureOf, waitingFor } from './picture';
import { JOB_STATES, type SweepJob } from './status';
import { runOf } from './testing/sweeps';

/** Jobs that need only such as come before them in a hidden order, then shuffled. */
const graphs = fc
  .array(
    fc.record({
      run: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom(...JOB_STATES),
      needs: fc.array(fc.nat(30), { maxLength: 3 }),
    }),
    { maxLength: 14 },
  )
  .map((drawn) =>
    drawn.map(
      ({ needs, ...rest }, i): SweepJob => ({
        ...rest,
        ...{ id: `j${i}`, label: `j${i}`, step: `s${i % 3}`, attempts: 0 },
        needs: i === 0 ? [] : [...new Set(needs.map((n) => `j${n % i}`))],
      }),
    ),
  )
  .chain((jobs) => fc.shuffledSubarray(jobs, { minLength: jobs.length }));

/** The longest chain's length by trying all of them. */
function tried(jobs: readonly SweepJob[]): number {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const upTo = (id: string): number => {
    const before = (byId.get(id)!.needs ?? []).filter((need) => byId.has(need)).map(upTo);
    return 1 + Math.max(0, ...before);
  };
  return Math.max(0, ...jobs.map(({ id }) => upTo(id)));
}

describe('the picture of a sweep', () => {
  test('every job stands in it once, in its run’s row, and to the right of all it needs', () =>
    fc.assert(
      fc.property(graphs, (jobs) => {
        const { columns, rows } = pictureOf(jobs);
        const column = new Map<string, number>();
        for (const { run, cells } of rows) {
          expect(cells).toHaveLength(columns.length);
          for (const [i, cell] of cells.entries())
            for (const job of cell) {
              expect(job.run).toBe(run);
              expect(column.has(job.id)).toBe(false);
              column.set(job.id, i);
              if (columns[i] !== null) expect(job.step).toBe(columns[i]);
            }
        }
        expect(column.size).toBe(jobs.length);
        if (jobs.some(({ needs }) => needs!.length > 0))
          for (const { id, needs } of jobs)
            for (const need of needs!) expect(column.get(need)).toBeLessThan(column.get(id)!);
        // No column is empty.
        expect(new Set(column.values()).size).toBe(columns.length);
      }),
    ));

  test('the longest chain is a chain of what is open, and none is longer', () =>
    fc.assert(
      fc.property(graphs, (jobs) => {
        const chain = longestChain(jobs);
        for (const [i, job] of chain.entries()) {
          expect(['done', 'cancelled']).not.toContain(job.state);
          if (i > 0) expect(job.needs).toContain(chain[i - 1].id);
        }
        const open = jobs.filter(({ state }) => state !== 'done' && state !== 'cancelled');
        expect(chain).toHaveLength(tried(open));
      }),
    ));

  test('what waits for a job is what cannot be reached without it', () =>
    fc.assert(
      fc.property(graphs, (jobs) => {
        const needs = new Map(jobs.map((job) => [job.id, job.needs!]));
        const reaches = (id: string, target: string): boolean =>
          needs.get(id)!.some((need) => need === target || reaches(need, target));
        for (const { id } of jobs.slice(0, 3))
          expect(new Set(waitingFor(jobs, id))).toEqual(new Set(jobs.filter((job) => reaches(job.id, id))));
      }),
    ));

  test('a run that begins with what another one left stands behind it; all steps of a column alike name it', () => {
    const first = runOf('cnn', ['done', 'running']);
    const second = runOf('adapted', ['waiting'], ['cnn/1']);
    const { columns, rows } = pictureOf([...first, ...second]);
    expect(columns).toEqual(['train', 'prune', 'train']);
    expect(rows[1].cells.map((cell) => cell.length)).toEqual([0, 0, 1]);
  });

  test('without needs a run’s steps stand in the order in which they are named', () => {
    const jobs = [...runOf('a', ['done', 'done']), ...runOf('b', ['done'])].map(
      ({ needs: _, ...job }) => job,
    );
    expect(pictureOf(jobs).rows.map(({ cells }) => cells.map(([job]) => job?.id))).toEqual([
      ['a/0', 'a/1'],
      ['b/0', undefined],
    ]);
  });

  test('a damaged file with a circle, or needs that are nowhere, is drawn all the same', () => {
    const [one, two] = runOf('a', ['waiting', 'waiting']);
    const jobs = [{ ...one, needs: [two.id, 'nowhere'] }, two];
    expect(pictureOf(jobs).rows[0].cells.flat()).toHaveLength(2);
    expect(longestChain(jobs)).toHaveLength(2);
    expect(waitingFor(jobs, one.id)).toEqual([two]);
  });

  test('a chain of thousands is no deeper than the stack', () => {
    const jobs = runOf(
      'long',
      Array.from({ length: 20_000 }, () => 'waiting' as const),
    ).reverse();
    expect(longestChain(jobs)).toHaveLength(20_000);
  });
});
