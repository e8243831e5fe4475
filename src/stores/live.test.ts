import { expect, test } from 'vitest';
import type { JobEvent } from '../worker/protocol';
import { followed, type LiveRun, MOST_POINTS, newLiveRun, secondsLeft, shareDone } from './live';

const batch = (epoch: number, n: number): JobEvent => ({
  type: 'batch',
  epoch,
  epochs: 4,
  batch: n,
  batches: 10,
  loss: 1 / n,
  tilesPerSecond: 100,
});
const epoch = (n: number): JobEvent => ({
  type: 'epoch',
  epochs: 4,
  epoch: n,
  loss: 1,
  accuracy: 0.5,
  validationLoss: 1,
  learningRate: 0.1,
  seconds: 4,
});
const after = (events: JobEvent[], start: LiveRun = newLiveRun('id', 'name', 4, 32)) =>
  events.reduce(followed, start);
const started: JobEvent = { type: 'stage-started', stage: 'train', detail: '' };

test('counts batches and epochs, and says what is done around them', () => {
  const run = after([started, batch(1, 5)]);
  expect([run.status, run.what, run.batch, run.rate]).toEqual(['running', null, 5, 100]);
  expect(shareDone(run)).toBeCloseTo(0.125, 12);
  const next = after([epoch(1)], run);
  expect([next.history.length, next.batch]).toEqual([1, 0]);
  expect(after([{ type: 'stage-started', stage: 'rotate', detail: '' }], next).what).toBe(
    'turning the tiles',
  );
});

test('a pause or a stop asked for meanwhile stays', () => {
  expect(after([started], { ...newLiveRun('id', 'name', 4, 32), status: 'stopping' }).status).toBe(
    'stopping',
  );
});

test('taken up again: what was not kept is forgotten, and time is measured anew', () => {
  const run = after([started, batch(1, 5), epoch(1), batch(2, 5), epoch(2), batch(3, 5)]);
  const { history } = run;
  const again = after([{ type: 'resumed', history: history.slice(0, 1) }], run);
  expect([again.history.length, again.batch, again.resumedFrom]).toEqual([1, 0, 1]);
  expect(again.losses.every(({ x }) => x <= 1)).toBe(true);
  expect(secondsLeft(again)).toBeNull();
  expect(secondsLeft(after([batch(2, 10), epoch(2)], again))).toBeCloseTo(8, 9);
});

test('however many batches come, the line stays short', () => {
  const events = Array.from({ length: 5000 }, (_, i) => batch(1 + Math.floor(i / 10), 1 + (i % 10)));
  expect(after(events).losses.length).toBeLessThanOrEqual(MOST_POINTS);
});
