import { expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import { point } from '../../storage/testing/trunkPoints';
import type { JobEvent } from '../../worker/protocol/results';
import { liveSentence, roundSentence, tuningDecision, tuningResult } from '../words/tuning';
import { DEFAULT_FIELDS, trunkChoiceOf } from './fields';
import { applyTuningEvent, hasTrained, type LiveTuning, newLiveTuning } from './tuning';

const RULES = finetuneSettingsSchema.parse({});
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

const record = (epoch: number, accuracy: number) => ({
  epoch,
  accuracy,
  loss: 1,
  validationLoss: 1,
  learningRate: 0.001,
  seconds: 2,
});
const epoch = (n: number, accuracy: number): JobEvent => ({
  type: 'epoch',
  epochs: 50,
  ...record(n, accuracy),
});
const pruned = (step: number, accuracy: number, end?: { accuracy: number; epochs: number }): JobEvent => ({
  ...{ type: 'pruned', step, steps: 2, accuracy },
  ...(end && { end }),
});
const batch: JobEvent = {
  ...{ type: 'batch', epoch: 1, epochs: 50, batch: 1, batches: 2 },
  ...{ loss: 1, tilesPerSecond: 1 },
};

const begun = newLiveTuning(
  'a',
  { scope: 'head', steps: 2, distil: false },
  trunkChoiceOf({ ...DEFAULT_FIELDS, removed: 0.5 }, namedArch('tiny'), 1),
);
const followed = (live: LiveTuning, ...events: JobEvent[]): LiveTuning =>
  events.reduce(applyTuningEvent, live);
const accuracies = ({ steps }: LiveTuning) =>
  steps.map(({ start, epochs }) => [start, epochs.map(({ accuracy }) => accuracy)]);

test('the epochs of each step stand under it', () => {
  const live = followed(
    begun,
    pruned(1, 0.4),
    batch,
    epoch(1, 0.5),
    epoch(2, 0.6),
    pruned(2, 0.3),
    epoch(1, 0.7),
  );
  expect(accuracies(live)).toEqual([
    [0.4, [0.5, 0.6]],
    [0.3, [0.7]],
  ]);
  expect(live.inEpoch).toBe(0);
});

test('a worker that goes on tells its steps again, and none is told twice', () => {
  expect(hasTrained(followed(begun, pruned(1, 0.4), batch))).toBe(false);
  const lost = followed(begun, pruned(1, 0.4), epoch(1, 0.5), pruned(2, 0.3), epoch(1, 0.7), batch);
  expect(hasTrained(lost)).toBe(true);
  const end = { accuracy: 0.5, epochs: 1 };
  const again = followed(lost, pruned(1, 0.4, end), pruned(2, 0.3));
  expect(accuracies(again)).toEqual(accuracies(lost));
  // What the store has counts: an epoch more than was told, here.
  const on = followed(again, { type: 'resumed', history: [record(1, 0.7), record(2, 0.8)] }, epoch(3, 0.75));
  expect(accuracies(on)).toEqual([
    [0.4, [0.5]],
    [0.3, [0.7, 0.8, 0.75]],
  ]);
  expect(on.resumedFrom).toBe(2);
  // After a reload the page has only what it is told.
  const reloaded = followed(begun, pruned(1, 0.4, end));
  expect(plain(roundSentence(reloaded.steps[0], 1, 2))).toBe('Step 1 of 2: 40.0 % → 50.0 % in 1 epoch');
  expect(hasTrained(reloaded)).toBe(true);
});

test('while it runs: the epoch, what was reached, and how long one takes', () => {
  const text = (live: LiveTuning) => plain(liveSentence(live, 'Ranking …'));
  expect(text(begun)).toBe('50 % of the fields removed. Step 1 of 2. Ranking …');
  const first = followed(begun, pruned(1, 0.4), batch);
  expect(text(first)).toBe('50 % of the fields removed. Step 1 of 2. Epoch 1 of at most 50, 50 %.');
  const second = followed(first, epoch(1, 0.5), batch);
  expect(text(second)).toMatch(
    /Epoch 2 of at most 50, 50 %: 50\.0 % after epoch 1, the best so far; 2\.0 s an epoch\.$/,
  );
  const resumed = followed(begun, pruned(1, 0.4), {
    type: 'resumed',
    history: [record(1, 0.7), record(2, 0.6)],
  });
  expect(text(followed(resumed, batch))).toMatch(
    /Epoch 3 .*: 60\.0 % after epoch 2, the best was 70\.0 % \(epoch 1\); 2\.0 s an epoch\. Picked up after epoch 2\.$/,
  );
  expect(text({ ...second, stopping: true })).toMatch(/^Stopping: the best epoch so far is kept/);
});

test('before it and after it: the rule, and what it gave', () => {
  const lost = point({ turned: [0.6, 0, 0, 0] }).result;
  const once = { units: 'fields', steps: 1 } as const;
  expect(plain(tuningDecision(lost, once, RULES))).toBe(
    'Pruned at once, accuracy dropped by 30.0 points, more than 2 points: fine-tuning would run.',
  );
  expect(plain(tuningDecision(point().result, { ...once, steps: 3 }, RULES))).toBe(
    'Pruned at once, accuracy did not drop, which is within 2 points: fine-tuning would be skipped. In 3 steps the rule is applied after each.',
  );
  const skipped = { baseline: 0.9, start: 0.89, accuracy: 0.89, epochs: [], rounds: [], stop: null };
  expect(plain(tuningResult(skipped, RULES))).toBe(
    'Accuracy was 89.0 %, within 2 points of 90.0 %: no fine-tuning was needed.',
  );
  const excellent = { ...skipped, start: 0.5, accuracy: 0.895, stop: 'excellent' };
  expect(plain(tuningResult(excellent, RULES))).toMatch(/^Within 1 point of the original/);
  const stopped = { ...skipped, start: 0.5, accuracy: 0.6, epochs: [record(1, 0.6)], stop: 'stopped' };
  expect(plain(tuningResult(stopped, RULES))).toMatch(/after 1 epoch, 2\.0 s, .*60\.0 %\. It was stopped\.$/);
  expect(plain(tuningResult({ ...stopped, stoppedIn: 1 }, RULES, 3))).toMatch(
    /It was stopped\. That was step 1 of 3: less is gone than chosen\.$/,
  );
  const end = { accuracy: 0.8, epochs: 12 };
  expect(plain(roundSentence({ start: 0.6, epochs: [], end }, 1, 3))).toBe(
    'Step 1 of 3: 60.0 % → 80.0 % in 12 epochs',
  );
  expect(plain(roundSentence({ start: 0.6, epochs: [] }, 2, 3))).toMatch(/no fine-tuning needed$/);
});
