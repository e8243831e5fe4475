import { describe, expect, test } from 'vitest';
import { failuresOf, failureWords, shownCounts, shownStates } from './failures';
import { runOf, type Wish } from './testing/sweeps';

const failed: Wish = 'failed';

describe('what failed by itself and what only needs it', () => {
  const first = runOf('a', ['done', failed, failed, failed]);
  const other = runOf('b', [failed, failed], ['a/1']);

  test('is told by what needs what, over runs', () => {
    const jobs = [...first, ...other, ...runOf('c', ['failed', 'waiting'])];
    const told = failuresOf(jobs);
    expect(told.failed.map(({ id }) => id)).toEqual(['a/1', 'c/0']);
    expect(told.blocked.map(({ id }) => id)).toEqual(['a/2', 'a/3', 'b/0', 'b/1']);
    expect(shownStates(jobs).get('a/3')).toBe('blocked');
    expect(shownCounts(jobs)).toMatchObject({ done: 1, failed: 2, blocked: 4, waiting: 1 });
  });

  test('in words', () => {
    expect(failureWords([...first, ...other])).toEqual(['1 failed', '4 need it']);
    expect(failureWords(runOf('a', [failed, failed]))).toEqual(['1 failed', '1 needs it']);
    expect(failureWords([...runOf('a', [failed, failed]), ...runOf('b', [failed])])).toEqual([
      ...['2 failed', '1 needs them'],
    ]);
    expect(failureWords(runOf('a', ['done', 'waiting']))).toEqual([]);
  });

  test('in a circle, which only a damaged file has, all failed', () => {
    const [one, two] = runOf('a', [failed, failed]);
    expect(failuresOf([{ ...one, needs: [two.id] }, two]).failed).toHaveLength(2);
  });
});
