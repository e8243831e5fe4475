import { expect, test } from 'vitest';
import {
  cutOffSentence,
  importedSentence,
  readingSentence,
  sizeSentence,
  splitSentence,
  storageSentence,
  untrainableSentence,
} from './data';

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ');

test('reading is told with its rate and its time left, once they can be told', () => {
  const progress = { what: 'reading tiles', done: 512, total: 27_000 };
  const running = { name: 'mine', progress, pace: null, cancellable: true, note: null };
  expect(readingSentence({ ...running, progress: null })).toBe('Starting …');
  expect(readingSentence(running)).toBe('Reading tiles: 512 of 27,000');
  expect(plain(readingSentence({ ...running, pace: { rate: 840.4, secondsLeft: 31.52 } }))).toBe(
    'Reading tiles: 512 of 27,000 · 840 tiles per second · 31.5 s left',
  );
  expect(readingSentence({ ...running, cancellable: false })).toBe('Cancelling …');
  const unpacking = { what: 'unpacking the files', done: 12.3e6, total: 170e6 };
  expect(plain(readingSentence({ ...running, progress: unpacking }))).toBe(
    'Unpacking the files: 12.3 MB of 170.0 MB',
  );
  const download = { ...running, progress: { what: 'downloading a.zip', done: 31e6, total: 94e6 } };
  expect(plain(readingSentence({ ...download, pace: { rate: 2.1e6, secondsLeft: 30 } }))).toBe(
    'Downloading a.zip: 31.0 MB of 94.0 MB · 2.1 MB per second · 30.0 s left',
  );
  expect(readingSentence({ ...download, cancellable: false })).toBe('Stopping …');
  const keeping = { what: 'keeping the tiles', done: 0, total: 1 };
  expect(readingSentence({ ...running, progress: keeping, cancellable: false })).toBe('Keeping the tiles …');
});

test('what is kept is told as the browser tells it', () => {
  const room = { used: 2e6, granted: 12e6 };
  expect(storageSentence([], room, null)).toBe('Nothing of your own is kept in this browser yet.');
  const kept = plain(storageSentence([{ bytes: 1e6 }, { bytes: 5e5 }], room, false));
  expect(kept).toMatch(/^Kept in this browser: 2 data sets, 1\.5 MB\. .* 10\.0 MB left .* made no promise/);
  expect(plain(storageSentence([{ bytes: 1e6 }], null, true))).toBe(
    'Kept in this browser: 1 data set, 1.0 MB. It promised to clear nothing by itself.',
  );
});

test('a class of fewer than three tiles is named', () => {
  const classes = ['a', 'b', 'c', 'd', 'e'];
  const official = null;
  expect(untrainableSentence({ classes, official, counts: [3, 4, 5, 6, 7] })).toBeNull();
  expect(untrainableSentence({ classes, official, counts: [3, 2, 5, 6, 7] })).toMatch(
    /fewer of b\. Add some, or leave that class out/,
  );
  expect(untrainableSentence({ classes, official, counts: [1, 2, 1, 1, 2] })).toMatch(
    /fewer of a, b, c and 2 more\. .* those classes/,
  );
  expect(plain(sizeSentence({ classes, count: 1079, size: 64 }))).toBe(
    '1,079 tiles · 5 classes · 64×64 pixels',
  );
  const of = (numbers: number[]) => sizeSentence({ classes, count: 9, size: 64, bands: { of: 3, numbers } });
  expect(of([1, 2, 3])).toMatch(/ pixels · all 3 bands$/);
  expect(of([3, 1])).toMatch(/ pixels · bands 3 and 1 of 3$/);
});

test('work on a person’s files that a reload ended is told with what was kept and what to do', () => {
  expect(cutOffSentence({ work: 'reading', name: 'EuroSAT' })).toBe(
    'Reading EuroSAT was cut off when the page was left. Nothing of it was kept, and everything kept before is still there. A page cannot open your files again by itself: please give it again.',
  );
  expect(cutOffSentence({ work: 'downloading', name: 'MNIST' })).toMatch(/is kept: it goes on from there/);
  expect(cutOffSentence({ work: 'mapping', name: 'a.tif' })).toMatch(
    /^Mapping a\.tif was cut off.*give it again/,
  );
  expect(cutOffSentence({ work: 'showing', name: 'a.tif' })).toMatch(
    /^a\.tif was open here when the page was left\. .*give it again\.$/,
  );
});

test('a data set that came in parts is told by them: what is kept, and which class they lack', () => {
  const parts = (...each: number[][]) => each.map((part) => Uint8Array.from(part));
  const classes = ['a', 'b'];
  const counts = [4, 4];
  const whole = parts([0, 0, 2, 2], [0, 0, 2, 2]);
  expect(untrainableSentence({ classes, counts, official: whole })).toBeNull();
  expect(untrainableSentence({ classes, counts, official: parts([0, 0, 2, 2], [0, 2, 2, 2]) })).toMatch(
    /^The class b has 1 of the two tiles that it needs in the data's own train part/,
  );
  expect(untrainableSentence({ classes, counts, official: parts([0, 1, 2, 2], [0, 0, 2, 2]) })).toMatch(
    /^The class b has 0 of the one tile that it needs in the data's own val part/,
  );
  expect(splitSentence(whole)).toMatch(/came in parts, which are kept: .* drawn from its training part/);
  expect(splitSentence(parts([0, 1, 2], [0, 1, 2]))).toMatch(/So do validation tiles\.$/);
  expect(splitSentence(null)).toMatch(/^Each class by itself: 60/);
});

test('the end of an import tells what was read, and what there is to say of it', () => {
  const row = {
    ...{ title: 'Mine', count: 12, classes: ['a', 'b'], counts: [6, 6], size: 64 },
    notes: ['2 files passed over.'],
  };
  expect(plain(importedSentence(row))).toBe(
    'Mine was read: 12 tiles · 2 classes · 64×64 pixels. 2 files passed over.',
  );
  expect(plain(importedSentence({ ...row, notes: undefined }))).toMatch(/64×64 pixels\.$/);
  expect(plain(importedSentence({ ...row, counts: [9, 3] }))).toMatch(
    /a has 9 tiles, b has 3 tiles \(3\.0 to 1\).* right on 75\.0 % of the tiles\. 2 files/,
  );
});
