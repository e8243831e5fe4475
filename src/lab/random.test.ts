import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashKey, hashWords } from './random';

test('words are hashed as if one by one with what became of those before', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(fc.array(word), word, (words, start) => {
      const oneByOne = words.reduce((state, each) => hashKey(state, each), start);
      expect(hashWords(Uint32Array.from(words), start)).toBe(oneByOne);
    }),
  );
});
