import { expect, test } from 'vitest';
import { classReport } from '../../lab/evaluate/report/classReport';
import { compareReports } from '../../lab/evaluate/report/compare';
import { againstSentence, cellWords, wrongSentence } from './wrong';

const report = (answers: number[], sure = 9) =>
  classReport({
    classes: ['field', 'lake'],
    keys: answers.map((_, i) => String(i)),
    labels: answers.map(() => 0),
    logits: [Float32Array.from(answers.flatMap((a) => (a === 0 ? [sure, 0] : [0, sure])))],
    unsureBelow: 0.6,
  });
const plainly = (text: string) => text.replaceAll('\u00a0', ' ');

test('how many tiles are wrong and unsure', () => {
  expect(plainly(wrongSentence(report([0, 0, 0, 1]), '4 val tiles of fields'))).toBe(
    '4 validation tiles of fields: 75.0 % (30.1–95.4) right, 1 wrong; none is unsure, below 60 %.',
  );
  expect(plainly(wrongSentence(report([0, 1], 0.1), '2 test tiles of fields'))).toMatch(
    /^2 test tiles of fields: 50.0 % .* right, 1 wrong; 2 are unsure/,
  );
});

test('what a step lost and gained; where nothing changed there are no odds to tell', () => {
  const against = (before: number[], after: number[]) =>
    plainly(againstSentence(compareReports(report(before), report(after)), 'the whole network'));
  expect(against([0, 0, 0], [1, 1, 0])).toBe(
    'Against the whole network: 2 tiles lost, 0 gained, 0 wrong as another class. Were neither better, chance would be as uneven with p = 0.25 (McNemar’s test, mid-p).',
  );
  expect(against([0, 1], [0, 1])).toBe(
    'Against the whole network: 0 tiles lost, 0 gained, 0 wrong as another class.',
  );
});

test('a cell in words', () => {
  expect(plainly(cellWords('lake', 'field', 1, 0.25, false))).toBe(
    'lake answered as field: 1 tile, 25 % of the class',
  );
  expect(plainly(cellWords('lake', 'lake', 3, 0.75, true))).toBe(
    'lake, answered rightly: 3 tiles, 75 % of the class',
  );
  expect(plainly(cellWords('lake', 'lake', 0, null, true))).toBe('lake, answered rightly: 0 tiles');
});
