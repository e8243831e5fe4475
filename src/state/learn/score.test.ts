/** The score of a lesson: wrong is not finished, and what is open is told from what is wrong. */
import '../testing/noWorker';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LessonProgress, progressOf } from './lessonProgress';
import { LESSONS } from './lessons';
import { isHit, scoreOf, standingOf, type Verdict } from './score';

const WAYS: readonly Verdict[] = ['right', 'wrong', 'waiting', 'shown', 'open'];

/** A lesson whose questions went as they are drawn, with all other steps behind the reader or not. */
const walked = fc.record({
  lesson: fc.constantFrom(...LESSONS),
  ways: fc.array(fc.constantFrom(...WAYS), { minLength: 12, maxLength: 12 }),
  others: fc.boolean(),
});

type Walk = typeof walked extends fc.Arbitrary<infer W> ? W : never;

function progressFrom({ lesson, ways, others }: Walk): LessonProgress {
  const progress = { ...progressOf({ lessons: {} }, ''), passed: [] as number[] };
  const answers: Record<string, LessonProgress['answers'][string]> = {};
  const given: Record<string, LessonProgress['given'][string]> = {};
  for (const [i, { kind }] of lesson.steps.entries()) {
    const at = i + 1;
    if (kind !== 'question' && kind !== 'sketch') {
      if (others) progress.passed.push(at);
      continue;
    }
    const way = ways[i];
    const chosen = way === 'right' ? 'yes' : way === 'shown' ? '' : 'no';
    if (way === 'waiting') given[at] = { asks: '?', chosen: 'no', about: 'here' };
    else if (way !== 'open') answers[at] = { asks: '?', chosen, right: 'yes', because: '' };
    if (answers[at]) progress.passed.push(at);
  }
  return { ...progress, answers, given };
}

test('every question has a row that says how it went, and a lesson is finished when all are right', () => {
  fc.assert(
    fc.property(walked, (walk) => {
      const { lesson, ways, others } = walk;
      const progress = progressFrom(walk);
      const rows = scoreOf(lesson, progress);
      const asked = lesson.steps.flatMap(({ kind }, i) =>
        kind === 'question' || kind === 'sketch' ? [{ at: i + 1, kind }] : [],
      );
      expect(rows.map(({ at }) => at)).toEqual(asked.map(({ at }) => at));
      for (const [i, { at, kind }] of asked.entries()) {
        const way = ways[at - 1];
        expect(rows[i].verdict).toBe(way === 'right' && kind === 'sketch' ? 'within' : way);
      }
      const hits = rows.filter(isHit).length;
      const judged = asked.every(({ at }) => !['waiting', 'open'].includes(ways[at - 1]));
      const standing = standingOf(lesson, progress);
      const isThrough = judged && (others || asked.length === lesson.steps.length);
      expect(standing === 'finished' || standing === 'missed').toBe(isThrough);
      expect(standing === 'finished').toBe(isThrough && hits === rows.length);
    }),
  );
});
