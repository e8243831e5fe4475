/** The score in words. */

import { count, points } from '../words/format';
import { hitsOf, totalOf } from './hands';
import { isHit, type ScoreRow, type Verdict } from './score';
import { CLOSE } from './sketching';

/** With a mark, for who does not see colours. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  right: '✓ right',
  within: `✓ within ${points(CLOSE)}`,
  wrong: '✗ wrong',
  waiting: '… not measured yet',
  shown: '– shown, no hands counted',
  open: '– not answered',
};

/** What it comes to: a lesson with wrong answers was walked through, which is less than finished. */
export function scoreSentence(rows: readonly ScoreRow[], isClass = false): string {
  const hits = rows.filter(isHit).length;
  const left = rows.filter(({ verdict }) => verdict === 'open' || verdict === 'waiting').length;
  const first = `${hits} of ${count(rows.length, 'question')} right${isClass ? ', by what most were for' : ''}.`;
  if (left > 0) return `${first} ${left} ${left === 1 ? 'is' : 'are'} still open.`;
  if (isClass) return first;
  return hits === rows.length
    ? `${first} The lesson is finished.`
    : `${first} You have walked through the lesson; it is finished when all are right.`;
}

/** Of a class: how many hands were for what was measured; null where none were counted. */
export function handsSentence({ hands, answered }: ScoreRow): string | null {
  const total = hands ? totalOf(hands) : 0;
  if (!hands || total === 0) return null;
  const each = hands.map(({ answer, count }) => `${answer}: ${count}`).join('; ');
  return `${answered ? `${hitsOf(hands, answered.right)} of ${total} right. ` : ''}${each}.`;
}
