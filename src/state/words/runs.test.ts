import { expect, test } from 'vitest';
import type { EpochRecord } from '../../lab/stage/history';
import type { LiveRun } from '../train/live';
import {
  checkSentence,
  progressSentence,
  resumedSentence,
  sameAnswers,
  sizeSentence,
  trainedSentence,
} from './runs';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');
const epoch = (n: number, accuracy: number): EpochRecord => ({
  epoch: n,
  loss: 1.234,
  accuracy,
  validationLoss: 1.5,
  learningRate: 0.01,
  seconds: 2,
});
const tiles = { train: 720, val: 240, test: 240 };

test('what training gave, how sure it is, and why it ended', () => {
  const history = [epoch(1, 0.5), epoch(2, 0.75), epoch(3, 0.6)];
  const done = plain(trainedSentence({ history, tiles, stop: 'epochs', status: 'done' }));
  expect(done).toContain('75.0 % on 240 validation tiles, at epoch 2 of 3 (95 % interval 69.2 % to 80.1 %');
  expect(done).toContain('one tile is worth 0.4 points). Trained for 6.0 s. All its epochs were used.');
  expect(plain(trainedSentence({ history, tiles, stop: null, status: 'stopped' }))).toContain(
    'tiles so far,',
  );
  expect(trainedSentence({ history: [], tiles, stop: null, status: 'stopped' })).toContain('No epoch');
});

test('what the network takes, here and exported; nothing where it was not counted', () => {
  const size = { params: 94_002, bytes: 376_520, exported: 1_502_000 };
  expect(plain(sizeSentence(size))).toBe('94,002 parameters, 376.5 kB stored here, 1.5 MB exported.');
  expect(sizeSentence({ ...size, exported: null })).toMatch(/stored here, without an exported form\.$/);
  expect(sizeSentence({ params: 1 })).toBe('');
});

test('the rotation check says what changes and what does not', () => {
  const steady = { turned: [0.9, 0.9, 0.9, 0.9], changed: 0, undecided: 0, tiles: 240 };
  expect(plain(checkSentence(steady))).toBe(
    'Turned by 90°, 180° and 270°, the accuracy stays 90.0 % and no answer changes.',
  );
  expect(sameAnswers(steady)).toBe(1);
  const shaky = { turned: [0.9, 0.7, 0.85, 0.7], changed: 60, undecided: 40, tiles: 240 };
  expect(plain(checkSentence(shaky))).toContain(
    '70.0 %, 85.0 %, 70.0 % instead of 90.0 % and 60 of 240 answers change',
  );
  expect(sameAnswers(shaky)).toBe(0.7);
  // The same accuracy with other answers is not the same network behaviour.
  expect(checkSentence({ ...steady, changed: 1 })).toContain('1 of 240');
  expect(sameAnswers({ ...steady, undecided: 240 })).toBeNull();
});

test('progress is told with the best epoch', () => {
  expect(plain(progressSentence([epoch(1, 0.8), epoch(2, 0.7)], 5))).toBe(
    'Epoch 2 of 5: training loss 1.23, validation loss 1.50, validation accuracy 70.0 %, the best was 80.0 % at epoch 1.',
  );
});

test('taken up again, for each cause', () => {
  const plan = ['train', 'distil'].map((name) => ({ name, kind: name })) as unknown as LiveRun['plan'];
  const three = [epoch(1, 0.5), epoch(2, 0.5), epoch(3, 0.5)];
  const training = { kind: 'training', name: 'a', plan, records: [], history: three } as const;
  expect(resumedSentence(training, 'reload')).toContain('training of “a” had been cut off');
  expect(resumedSentence(training, 'reload')).toContain('picked up after epoch 3');
  expect(resumedSentence({ ...training, history: [] }, 'crash')).toContain(
    'begun again with its first epoch',
  );
  expect(resumedSentence(training, 'engine')).toContain('numbers may differ in the last digits');
  const record = { name: 'train', accuracy: 1, params: 1, macs: 1, bytes: 1, seconds: 1 };
  const pipeline = { ...training, kind: 'pipeline', records: [record] } as const;
  expect(plain(resumedSentence(pipeline, 'reload'))).toContain('with 1 of 2 stages done, after epoch 3');
});
