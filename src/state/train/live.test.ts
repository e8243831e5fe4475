import { expect, test } from 'vitest';
import { checkRecipe } from '../../lab/recipe/schema';
import type { EpochRecord } from '../../lab/stage/history';
import type { StageRecord } from '../../lab/stage/store';
import type { JobEvent } from '../../worker/protocol/results';
import {
  applyEvent,
  currentStage,
  type LiveRun,
  MOST_POINTS,
  newLiveRun,
  secondsLeft,
  shareDone,
  shareOfRun,
} from './live';

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
const check = { kind: 'check', part: 'val' };
const recipe = (...stages: object[]) => checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny' }, stages });
const training = recipe({ kind: 'train', settings: { epochs: 4, batch: 32 } }, check);
const newRun = () => newLiveRun('id', 'training', 'name', training);
const after = (events: JobEvent[], start: LiveRun = newRun()) => events.reduce(applyEvent, start);
const record = (name: string, epochs?: readonly EpochRecord[]): StageRecord => ({
  name,
  accuracy: 0.5,
  params: 1,
  macs: 1,
  bytes: 1,
  seconds: 1,
  epochs,
});
const started: JobEvent = { type: 'stage-started', stage: 'train', detail: '' };

test('counts batches and epochs, and says what is done around them', () => {
  const run = after([started, batch(1, 5)]);
  expect([run.status, run.what, run.batch, run.rate]).toEqual(['running', null, 5, 100]);
  expect(shareDone(run)).toBeCloseTo(0.125, 12);
  const next = after([epoch(1)], run);
  expect([next.history.length, next.batch]).toEqual([1, 0]);
  expect(after([{ type: 'stage-started', stage: 'check', detail: '' }], next).what).toBe('turning the tiles');
});

test('a pause or a stop asked for meanwhile stays', () => {
  expect(after([started], { ...newRun(), status: 'stopping' }).status).toBe('stopping');
});

test('taken up again: what was not kept is forgotten, and time is measured anew', () => {
  const run = after([started, batch(1, 5), epoch(1), batch(2, 5), epoch(2), batch(3, 5)]);
  const { history } = run;
  const again = after([{ type: 'kept', records: [], history: history.slice(0, 1), later: null }], run);
  expect([again.history.length, again.batch, again.resumedFrom]).toEqual([1, 0, 1]);
  expect(again.losses.every(({ x }) => x <= 1)).toBe(true);
  expect(secondsLeft(again)).toBeNull();
  expect(secondsLeft(after([batch(2, 10), epoch(2)], again))).toBeCloseTo(8, 9);
});

test('however many batches come, the line stays short', () => {
  const events = Array.from({ length: 5000 }, (_, i) => batch(1 + Math.floor(i / 10), 1 + (i % 10)));
  expect(after(events).losses.length).toBeLessThanOrEqual(MOST_POINTS);
});

const student = { kind: 'distil', student: { hidden: 4 }, settings: { epochs: 6, batch: 16 } };
const pipeline = recipe(
  { kind: 'train', settings: { epochs: 4 } },
  check,
  student,
  check,
  { kind: 'prune', ratio: 0.5 },
  { kind: 'finetune', settings: { epochs: 9 } },
);

test('a pipeline: each training has its own epochs, and the last one stays while its network is checked', () => {
  const start = newLiveRun('id', 'pipeline', 'name', pipeline);
  const trained = after([started, batch(1, 10), epoch(1)], start);
  expect([trained.training, trained.epochs]).toEqual(['train', 4]);
  const { history } = trained;
  const train = record('train', history);
  const kept: JobEvent = { type: 'kept', records: [train], history, later: null };
  const checked = after([kept, { type: 'stage-started', stage: 'check', detail: '' }], trained);
  expect(currentStage(checked)?.name).toBe('check val');
  expect([checked.training, checked.history, checked.losses.length]).toEqual(['train', history, 1]);

  const records = [train, record('check val')];
  const distilling = after([{ ...kept, records }], checked);
  expect([distilling.training, distilling.epochs, distilling.batchSize]).toEqual(['distil', 6, 16]);
  expect([distilling.history, distilling.losses, distilling.rate]).toEqual([[], [], null]);
});

test('a pipeline taken up in a later training goes on from the epochs kept of that one', () => {
  const { history } = after([epoch(1), epoch(2)]);
  const records = [record('train', history), record('check val')];
  const later = { stage: 'distil', history: history.slice(0, 1) };
  const run = after(
    [{ type: 'kept', records, history, later }],
    newLiveRun('id', 'pipeline', 'name', pipeline),
  );
  expect([run.training, run.history.length, run.resumedFrom]).toEqual(['distil', 1, 1]);
});

test('a fine-tuning that begins again replaces the epochs of the one that was cut off', () => {
  const run = after([epoch(1), epoch(2), epoch(1)]);
  expect(run.history.map(({ epoch }) => epoch)).toEqual([1]);
});

test('a run is done by the share of its stages, the one in training among them', () => {
  expect(shareOfRun(newRun())).toBe(0);
  const half = after([epoch(1), epoch(2)]);
  expect(shareOfRun({ ...half, what: null })).toBeCloseTo(2 / 4 / half.plan.length, 12);
  const done = { ...half, what: 'checking', records: half.plan.map(({ name }) => record(name)) };
  expect(shareOfRun(done)).toBe(1);
  expect(shareOfRun({ ...done, what: null })).toBe(1);
});
