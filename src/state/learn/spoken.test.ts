/** What is said to a class: one sentence of every step, short enough for the last row, and nothing of it lost. */
import '../testing/noWorker';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seensOf } from '../testing/seen';
import { LESSONS } from './lessons';
import { sentencesOf, spokenOf } from './spoken';

test('sentences end where they end', () => {
  expect(
    sentencesOf('It fell to 90.8 % (86.5–93.9). 60 of 128 went. “How far?” Nobody knows … Look.'),
  ).toEqual(['It fell to 90.8 % (86.5–93.9).', '60 of 128 went.', '“How far?”', 'Nobody knows …', 'Look.']);
});

test('every step of every lesson has one line, and a question’s is the question', () => {
  fc.assert(
    fc.property(seensOf('equivariant', 'plain'), (seen) => {
      const long: string[] = [];
      for (const { id, steps } of LESSONS)
        for (const step of steps) {
          const { line, lead, rest } = spokenOf(step, seen);
          if (line.length > 200 || line === '') long.push(`${id}: ${line}`);
          if (step.kind === 'question') expect(line.endsWith('?'), line).toBe(true);
          if (step.kind === 'question') expect(step.question(seen).asks.startsWith(lead)).toBe(true);
          if (step.kind === 'reading') expect([line, ...rest].join(' ')).toBe(step.text(seen).join(' '));
        }
      expect(long).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
