import { expect, test } from 'vitest';
import { checkRecipe } from '../../lab/recipe/schema';
import type { EpochRecord } from '../../lab/stage/history';
import type { RunRow } from '../../storage/rows';
import { earlierEpochs, epochsIn, furtherStage, joined, joinedLive } from './joined';
import { newLiveRun } from './live';

const epoch = (n: number, accuracy: number): EpochRecord => ({
  ...{ epoch: n, loss: 1, accuracy, validationLoss: 1, learningRate: 0.01, seconds: 2 },
});
const first = [epoch(1, 0.5), epoch(2, 0.6)];
const further = [epoch(1, 0.7), epoch(2, 0.65), epoch(3, 0.8)];
const recipe = checkRecipe({
  version: 2,
  name: 'x',
  arch: { id: 'tiny' },
  stages: [
    { kind: 'train', settings: { epochs: 4 } },
    { kind: 'check', part: 'val' },
    { kind: 'continue', settings: { epochs: 3 } },
    { kind: 'check', part: 'val' },
  ],
});
const record = (name: string, kind: string, epochs: readonly EpochRecord[]) => ({
  ...{ name, kind, accuracy: 0.6, params: 1, macs: 1, bytes: 1, seconds: 1, epochs },
});
const train = record('train', 'train', first);
const row = (changes: Partial<RunRow>): RunRow =>
  ({ kind: 'training', recipe, records: [train], history: first, later: null, ...changes }) as RunRow;

test('the epochs of a further training follow those before it, finished or not', () => {
  const shown = ({ history }: Pick<RunRow, 'history'>) =>
    history.map(({ epoch, accuracy }) => [epoch, accuracy]);
  const begun = row({ later: { stage: 'continue', history: further.slice(0, 1) } });
  expect(shown(joined(begun))).toEqual([
    [1, 0.5],
    [2, 0.6],
    [3, 0.7],
  ]);
  expect(furtherStage(begun)).toBeUndefined();
  const done = row({ records: [train, record('continue', 'continue', further)] });
  expect(shown(joined(done))).toEqual([
    [1, 0.5],
    [2, 0.6],
    [3, 0.7],
    [4, 0.65],
    [5, 0.8],
  ]);
  expect(furtherStage(done)).toBe('continue');
  // The first stopped early: it has had its epochs.
  expect([epochsIn(begun), epochsIn(done)]).toEqual([5, 5]);
  expect([joined(row({})), joined(begun), joined(done)].map(earlierEpochs)).toEqual([0, 2, 2]);
  expect(joined(row({ kind: 'pipeline' })).history).toBe(first);
});

test('while it goes on, its charts begin where the earlier training ended', () => {
  const live = { ...newLiveRun('x', 'training', 'x', recipe), records: [train], training: 'continue' };
  const now = joinedLive({
    ...live,
    epochs: 3,
    history: further.slice(0, 1),
    losses: [{ x: 1.5, y: 2, weight: 1 }],
  });
  expect(now.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect([now.epochs, now.losses[0].x, now.earlier]).toEqual([5, 3.5, 2]);
  // A training that was not gone on with is shown as it is.
  const fresh = { ...live, training: 'train', history: first };
  expect(joinedLive(fresh).history).toBe(first);
});
