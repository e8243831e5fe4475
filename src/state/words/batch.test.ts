import { expect, test } from 'vitest';
import { emptySummary } from '../../lab/batch/summary';
import type { BatchRow } from '../../storage/rows';
import { batchPace, batchSentence, unfinishedSentence } from './batch';

const row: BatchRow = {
  ...{ identity: '0', name: 'tiles', title: 'C4 twin', classes: ['a', 'b', 'c'], total: 1200, note: null },
  choices: { unsure: 0.6, mirrors: false, resize: 'crop' },
  summary: { ...emptySummary(3), done: 1200, counts: [1000, 190, 0] },
  portions: 3,
};
const plainly = (text: string) => text.replaceAll('\u00a0', ' ');

test('what came of many pictures is said with what to look at', () => {
  expect(plainly(batchSentence(row))).toBe(
    'All 1,200 pictures of “tiles” by C4 twin: 2 of 3 classes among the answers.',
  );
  const flags = { unsure: 1001, 'turns-disagree': 2, 'too-close': 1, blank: 3, 'no-data': 4, unreadable: 10 };
  const cut = {
    ...row,
    choices: { ...row.choices, mirrors: true },
    summary: { ...row.summary, done: 1100, flags },
  };
  expect(plainly(batchSentence(cut))).toBe(
    '1,100 of 1,200 pictures of “tiles” by C4 twin: 2 of 3 classes among the answers, 1,001 unsure (below 60 %), ' +
      '2 answered otherwise when turned or mirrored, 1 too close to call, 3 of one colour, 4 with pixels missing, 10 that could not be read.',
  );
  expect(plainly(unfinishedSentence(cut, true))).toMatch(
    /^Ended after 1,100 of 1,200 pictures\. Started again/,
  );
  expect(plainly(unfinishedSentence(cut, false))).toMatch(/give it again/);
});

test('how far it is, how fast, and how long it takes', () => {
  expect(plainly(batchPace(3, 1200, null))).toBe('3 of 1,200');
  expect(plainly(batchPace(30, 1200, { rate: 302.4, secondsLeft: 3.87 }))).toBe(
    '30 of 1,200, 302 a second, 3.9 s left',
  );
  expect(plainly(batchPace(30, 1200, { rate: 1.25, secondsLeft: 936 }))).toBe(
    '30 of 1,200, 1.3 a second, 15 min 36 s left',
  );
});
