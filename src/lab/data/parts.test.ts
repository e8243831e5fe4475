import { expect, test } from 'vitest';
import { officialParts, unkeptParts } from './parts';
import { readImageFolder } from './readers/imageFolder';
import { entriesOf, loadCodecs, picture, png } from './testing/pictures';

const set = (...keys: string[]) => ({ title: 'mine', keys });

test('a set of before, whose folders were parts that it did not keep, is told of with the remedy', () => {
  const told = /lay in the folders Test, Train, but it was imported by an earlier version .* Import it again/;
  expect(unkeptParts(set('Train/sea/1.png', 'Test/sea/1.png', 'Train/wood/1.png'))).toMatch(told);
  expect(unkeptParts(set('sea/Train/1.png', 'sea/Test/1.png', 'wood/Train/1.png'))).toMatch(told);
  // These were always known by their keys, and these are no parts.
  expect(unkeptParts(set('train/sea/1.png', 'test/sea/1.png'))).toBeNull();
  expect(unkeptParts(set('Train/sea/1.png', 'Other/sea/1.png'))).toBeNull();
  expect(unkeptParts(set('Train/sea/1.png', 'training/sea/1.png'))).toBeNull();
  expect(unkeptParts(set('Forest/1.png', 'River/1.png'))).toBeNull();
  expect(unkeptParts(set())).toBeNull();
});

test('a set of the same folders that is read today keeps them, and nothing is told', async () => {
  await loadCodecs();
  const tile = await png(picture(8, 8, 1));
  const paths = ['Train', 'Test'].flatMap((part) => ['sea', 'wood'].map((name) => `${part}/${name}/1.png`));
  const dataset = await readImageFolder('mine', entriesOf(Object.fromEntries(paths.map((p) => [p, tile]))));
  expect(officialParts(dataset)?.toSorted()).toEqual(['test', 'test', 'train', 'train']);
  expect(unkeptParts(dataset)).toBeNull();
});
