import { expect, test } from 'vitest';
import { isFirstTime } from '../prune/story';
import { foundSentence, turnSentence } from './story';

const voice = (name: string, upright: string, turned: string) => ({ name, upright, turned });

test('says who changed its mind, whoever it was', () => {
  const steady = voice('equivariant', 'Highway', 'Highway');
  expect(turnSentence([])).toContain('look');
  expect(turnSentence([steady, voice('plain', 'Highway', 'River')])).toBe(
    'Turned by 90°, the plain network changes its mind; the equivariant network does not.',
  );
  expect(turnSentence([steady, voice('plain', 'River', 'River')])).toContain('still the same to both');
  expect(turnSentence([voice('equivariant', 'A', 'B'), voice('plain', 'Highway', 'River')])).toContain(
    'every network',
  );
  expect(foundSentence(74, 240, true)).toBe(
    'Found by looking: it is one of 74 of 240\u00a0validation tiles on which the plain network changes its mind.',
  );
});

test('only the bare address of a browser that remembers nothing of the page begins with it', () => {
  const bare = { search: '', hash: '' };
  expect(isFirstTime(bare, [])).toBe(true);
  expect(isFirstTime(bare, ['another page'])).toBe(true);
  expect(isFirstTime(bare, ['orbit-lab details'])).toBe(false);
  expect(isFirstTime({ ...bare, hash: '#view=prune' }, [])).toBe(false);
  expect(isFirstTime({ ...bare, search: '?size=projector' }, [])).toBe(false);
});
