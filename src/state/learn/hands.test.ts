import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choiceOf, countFrom, handsFor, hitsOf, MOST_HANDS, totalOf, withCount } from './hands';

const answers = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 });

test('whatever is typed is a count, and a count is what was typed', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const count = countFrom(text);
      expect(Number.isInteger(count) && count >= 0 && count <= MOST_HANDS).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MOST_HANDS }), (n) => void expect(countFrom(String(n))).toBe(n)),
  );
});

test('counts go with their answers, whichever are offered next; most hands are the choice', () => {
  fc.assert(
    fc.property(
      answers,
      answers,
      fc.array(fc.nat({ max: 40 }), { minLength: 5, maxLength: 5 }),
      (first, next, counts) => {
        const hands = first.reduce(
          (all, answer, i) => withCount(all, answer, counts[i]),
          handsFor(first, undefined),
        );
        expect(totalOf(hands)).toBe(first.reduce((sum, _, i) => sum + counts[i], 0));
        const choice = choiceOf(hands);
        if (totalOf(hands) === 0) expect(choice).toBe('');
        else expect(hitsOf(hands, choice)).toBe(Math.max(...counts.slice(0, first.length)));
        const moved = handsFor(next, hands);
        expect(moved.map(({ answer }) => answer)).toEqual(next);
        for (const { answer, count } of moved) expect(count).toBe(hitsOf(hands, answer));
      },
    ),
  );
});
