import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from './errors';
import { plain, plainSentence } from './plain';
import { STEERING } from './testing/steering';

test('a name is one plain line of at most 80 characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const shown = plain(text);
      expect(shown).not.toMatch(STEERING);
      expect([...shown].length).toBeLessThanOrEqual(80);
      expect(() => encodeURIComponent(shown)).not.toThrow();
      expect(plain(shown)).toBe(shown);
    }),
  );
});

test('what is short and plain stays as it is, in every script', () => {
  for (const name of [
    'EuroSAT subset, n = 1,079',
    'غابة',
    'יער',
    '森林 🌲',
    'Forêt',
    '91.2\u00a0%',
    '👨\u200d🌾',
  ])
    expect(plain(name)).toBe(name);
});

test('what steers a terminal or turns the writing round is taken out', () => {
  expect(plain('a\nb\t\tc\r\n')).toBe('a b c');
  expect(plain('\u001b[31mred\u001b[0m')).toBe('[31mred [0m');
  expect(plain('abc\u202egnp.exe')).toBe('abcgnp.exe');
});

test('a megabyte is cut at once', () => {
  const began = performance.now();
  expect(plain('x'.repeat(2 ** 20))).toBe(`${'x'.repeat(79)}…`);
  expect(plain('\n'.repeat(2 ** 20))).toBe('…');
  expect(performance.now() - began).toBeLessThan(200);
});

test('a sentence about bad input is one plain line whose end is still there', () => {
  const { message } = new BadInput(`"${'x\u0007'.repeat(2 ** 19)}" is no recipe; give another.`);
  expect(message).not.toMatch(STEERING);
  expect(message.length).toBeLessThan(1100);
  expect(message).toMatch(/^"x.* is no recipe; give another\.$/);
  expect(plainSentence('as it is\u00a0%')).toBe('as it is\u00a0%');
});
