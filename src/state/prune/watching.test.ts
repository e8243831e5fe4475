import { expect, test } from 'vitest';
import { handSheet } from '../../lab/testing/sheets';
import type { Finetuning } from './experiment';
import { className, seenAt, tally, tunedAnswer, watchedAnswer } from './watching';

const { sheet, curve } = handSheet([0.1, 0.5, 0.7, 0.8, 0.9]);
const epoch = (epoch: number, ...watched: (readonly [number, number])[]) => ({
  ...{ epoch, loss: 1, accuracy: 0.5, validationLoss: 1, learningRate: 0.1, seconds: 1 },
  watched,
});
const running = (...epochs: ReturnType<typeof epoch>[]): Finetuning => ({
  setting: { method: 'l2', compensation: 'none', removed: 2, scope: 'head' },
  ...{ status: 'running', epochs, inEpoch: 0, resumedFrom: null, elsewhere: false, note: null },
});

test('a tile flips where its answer is another than the whole network gives', () => {
  expect([0, 1, 2, 3].map((removed) => seenAt(sheet, curve, removed, 0, undefined))).toEqual([
    { answer: 1, fate: 'same' },
    { answer: 1, fate: 'same' },
    { answer: 0, fate: 'flipped' },
    { answer: 0, fate: 'flipped' },
  ]);
  expect([0, 2, 3].map((removed) => seenAt(sheet, curve, removed, 1, undefined).fate)).toEqual([
    'same',
    'same',
    'same',
  ]);
  expect(watchedAnswer(sheet, curve, 2, 0, 3)).toBe(0);
});

test('it is back once fine-tuning, or the curve, answers as before, and flipped again after that', () => {
  expect(seenAt(sheet, curve, 2, 0, running(epoch(1, [101, 0], [102, 2]))).fate).toBe('flipped');
  const two = running(epoch(1, [101, 0], [102, 2]), epoch(2, [101, 1], [102, 0]));
  expect(seenAt(sheet, curve, 2, 0, two)).toEqual({ answer: 1, fate: 'back' });
  expect(seenAt(sheet, curve, 2, 1, two)).toEqual({ answer: 0, fate: 'flipped' });
  expect(tally(sheet, curve, 2, two)).toEqual({ flipped: 1, back: 1 });
  // Along a curve whose first tile comes back with the third neuron gone.
  const watched = curve.watched.slice();
  watched.set(
    [0, 1, 2, 3].flatMap(() => [1, 2]),
    8,
  );
  expect(seenAt(sheet, { ...curve, watched }, 3, 0, undefined)).toEqual({ answer: 1, fate: 'back' });
});

test('what is not known of a fine-tuning is not made up: the pruned answer stays', () => {
  expect(tunedAnswer(sheet, undefined, 0)).toBeNull();
  expect(tunedAnswer(sheet, running(), 0)).toBeNull();
  // Of other tiles, as another version may have kept it.
  expect(seenAt(sheet, curve, 2, 0, running(epoch(1, [7, 1]))).fate).toBe('flipped');
  expect(tunedAnswer(sheet, running(epoch(1, [101, 1])), 0, 1)).toBeNull();
});

test('long names may break between their words', () => {
  expect(className(['A', 'HerbaceousVegetation'], 1)).toBe('Herbaceous\u200bVegetation');
  expect(className([], 255)).toBe('too close to call');
});
