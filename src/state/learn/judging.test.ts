/** Answers that were given before the page knew: judged when it knows, and about nothing else. */
import '../testing/noWorker';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { pruneFacts } from '../prune/sheets';
import { seensOf } from '../testing/seen';
import { judgeGiven } from './judging';
import { give, progressOf, useProgress } from './lessonProgress';
import { lessonOf } from './lessons';
import type { QuestionStep, Seen } from './lessons/lesson';
import { aboutOf } from './seenHere';

beforeEach(() => useProgress.setState({ lessons: {} }));

const ID = 'collapse';
const AT = 1 + lessonOf(ID)!.steps.findIndex(({ kind }) => kind === 'question');
const questionAt = (seen: Seen) => (lessonOf(ID)!.steps[AT - 1] as QuestionStep).question(seen);
const kept = () => progressOf(useProgress.getState(), ID);

/** The same after its fine-tuning has ended. */
function tuned(seen: Seen): Seen {
  const { baseline, accuracy: start } = pruneFacts(seen.sheet, seen.settled);
  const result = { baseline, start, accuracy: start, stop: 'patience', epochs: [] };
  return { ...seen, tuned: { status: 'done', epochs: [], result } as unknown as Seen['tuned'] };
}

test('an answer given while fine-tuning runs is judged when it has ended, though the lesson was left', () => {
  fc.assert(
    fc.property(seensOf('equivariant', 'plain'), fc.nat({ max: 3 }), (seen, at) => {
      useProgress.setState({ lessons: {} });
      const { asks, answers } = questionAt(seen);
      give(ID, AT, { asks, chosen: answers[at], about: aboutOf(seen) });
      judgeGiven(null);
      judgeGiven(seen);
      expect(kept().answers).toEqual({});
      // Of another setting there is another answer.
      const { settled } = seen;
      judgeGiven(tuned({ ...seen, settled: { ...settled, scope: 'output' } }));
      expect(kept()).toMatchObject({ answers: {}, given: { [AT]: { chosen: answers[at] } } });
      judgeGiven(tuned(seen));
      const { found } = questionAt(tuned(seen));
      expect(kept().given).toEqual({});
      expect(kept().answers[AT]).toEqual({
        asks,
        chosen: answers[at],
        right: answers[found!.right],
        because: found!.because,
      });
      expect(kept().passed).toEqual([AT]);
    }),
  );
});
