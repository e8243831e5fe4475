import '../testing/noWorker';
import { expect, test } from 'vitest';
import type { ScoreRow, Verdict } from './score';
import { handsSentence, scoreSentence } from './scoreWords';

const row = (verdict: Verdict, changes: Partial<ScoreRow> = {}): ScoreRow => ({
  at: 1,
  title: 'A question',
  verdict,
  answered: null,
  chosen: null,
  hands: null,
  ...changes,
});

test('with a wrong answer a lesson is walked through, not finished; what is open is said before that', () => {
  expect(scoreSentence([row('right'), row('within')])).toMatch(/2 of 2.*The lesson is finished\.$/);
  expect(scoreSentence([row('right'), row('wrong')])).toMatch(/1 of 2.*walked through/);
  expect(scoreSentence([row('wrong'), row('open'), row('waiting')])).toMatch(/0 of 3.*2 are still open\.$/);
  expect(scoreSentence([row('right'), row('wrong')], true)).toMatch(/most were for\.$/);
});

test('hands are told with those that were right, where any were counted', () => {
  const hands = [
    { answer: 'None', count: 4 },
    { answer: 'All', count: 9 },
  ];
  const answered = { asks: '?', chosen: 'All', right: 'None', because: '' };
  expect(handsSentence(row('wrong', { hands, answered }))).toBe('4 of 13 right. None: 4; All: 9.');
  expect(handsSentence(row('open', { hands }))).toBe('None: 4; All: 9.');
  expect(handsSentence(row('shown', { hands: hands.map((each) => ({ ...each, count: 0 })) }))).toBeNull();
});
