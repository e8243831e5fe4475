/** What is counted of many pictures, and which of them are taken. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { batchIdentity, listBatch } from './listing';
import { type BatchRow, csvHead, csvLine } from './row';
import { emptySummary, SHOWN, withRows } from './summary';

const CLASSES = ['Forest', 'River', '=x'];

const rows = fc.array(
  fc.oneof(
    fc.record({ at: fc.constantFrom(0, 1, 2), sure: fc.double({ min: 0.34, max: 1, noNaN: true }) }),
    fc.constant(null),
  ),
  { maxLength: 120 },
);

const rowOf = (given: { at: number; sure: number } | null, i: number): BatchRow =>
  given === null
    ? { path: `${i}.png`, answer: null, note: 'no picture', flags: ['unreadable'] }
    : {
        path: `${i}.png`,
        answer: given.at,
        probabilities: Float64Array.from(CLASSES, (_, c) =>
          c === given.at ? given.sure : (1 - given.sure) / 2,
        ),
        agreement: 1,
        flags: given.sure < 0.6 ? ['unsure'] : [],
        note: '',
      };

test('counts do not hang on the portions, and the least sure are those that are least sure', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), (given, portion) => {
      const all = given.map((each, i) => ({ row: rowOf(each, i), thumbnail: () => null }));
      const whole = withRows(emptySummary(CLASSES.length), all);
      let inParts = emptySummary(CLASSES.length);
      for (let i = 0; i < all.length; i += portion) inParts = withRows(inParts, all.slice(i, i + portion));
      expect(inParts).toEqual(whole);
      const sure = given.flatMap((each) => (each ? [each.sure] : [])).sort((a, b) => a - b);
      expect(whole.unsure.map(({ probability }) => probability)).toEqual(sure.slice(0, SHOWN));
      expect(whole.counts).toEqual(CLASSES.map((_, c) => given.filter((each) => each?.at === c).length));
      expect(whole.flags.unreadable ?? 0).toBe(given.filter((each) => each === null).length);
    }),
    { numRuns: cases(200) },
  );
});

test('a line has as many cells as the head, and no cell is a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (path, isRead) => {
      const row = rowOf(isRead ? { at: 2, sure: 0.5 } : null, 0);
      const text = csvLine({ ...row, path: `=${path}` }, CLASSES);
      // Quoted cells hold what they hold; outside of them commas are counted.
      const bare = text.replaceAll(/"(?:[^"]|"")*"/g, 'q');
      expect(bare.split(',')).toHaveLength(csvHead(CLASSES).split(',').length);
      expect(text).toMatch(/^"?'=/);
      expect(text.endsWith('\r\n')).toBe(true);
    }),
    { numRuns: cases(200) },
  );
});

const file = (path: string, isChosen = false) => ({
  ...{ path, isChosen, stamp: '1' },
  bytes: async () => new Uint8Array(0),
});

test('pictures are taken by their names, in an order of their paths alone; what is passed over is told', () => {
  const entries = [
    'b/2.png',
    'b/',
    'a-b/1.jpg',
    'a/1.TIF',
    '.x.png',
    '__MACOSX/a.png',
    'a/read.me',
    'a/x.csv',
  ];
  const { pictures, note } = listBatch(
    entries.map((path) => file(path)),
    'it',
  );
  expect(pictures.map(({ path }) => path)).toEqual(['a-b/1.jpg', 'a/1.TIF', 'b/2.png']);
  expect(note).toBe('2 files were passed over, not called like pictures: a/read.me and others.');
  expect(listBatch([file('named', true)], 'it')).toMatchObject({ note: null, pictures: [{ path: 'named' }] });
  expect(() => listBatch([], 'it')).toThrow(/it holds no files/);
  expect(() => listBatch([file('a.txt')], 'it')).toThrow(/called like a picture .* a\.txt among them/);
});

test('an identity changes with all that decides a byte, and with nothing else', () => {
  const choices = { unsure: 0.6, mirrors: false, resize: 'crop' } as const;
  const { pictures } = listBatch([file('a.png'), file('b.png')], 'it');
  const own = batchIdentity('net', choices, pictures);
  expect(batchIdentity('net', { ...choices }, [...pictures])).toBe(own);
  const others = [
    batchIdentity('other', choices, pictures),
    batchIdentity('net', { ...choices, unsure: 0.5 }, pictures),
    batchIdentity('net', { ...choices, mirrors: true }, pictures),
    batchIdentity('net', { ...choices, resize: 'fit' }, pictures),
    batchIdentity('net', choices, pictures.slice(1)),
    batchIdentity('net', choices, [{ ...pictures[0], stamp: '2' }, pictures[1]]),
  ];
  expect(new Set([own, ...others]).size).toBe(7);
});
