import { expect, test } from 'vitest';
import { TASK_LAMBDAS } from '../../lab/tasks/adapting';
import { DEFAULT_TASKS, lambdaOf, shownKey, wantedOf } from './form';
import { applyToNetwork, shareOf, shownBy, startingNetwork } from './known';

const wanted = wantedOf(DEFAULT_TASKS, 'tuned');

test('a training is followed from the engine to its batches; what is asked to stop stays so', () => {
  const where = { epoch: 2, epochs: 4, batch: 3, batches: 6 };
  const batch = { type: 'batch', ...where, loss: 1, tilesPerSecond: 9 } as const;
  let live = startingNetwork(wanted);
  expect([live.what, shareOf(live)]).toEqual(['starting the engine', 0]);
  live = applyToNetwork(live, { type: 'progress', what: 'solving the flows', done: 0, total: 1 });
  expect([live.status, live.what]).toEqual(['running', 'solving the flows']);
  live = applyToNetwork(live, { type: 'stage-started', stage: 'plain', detail: '' });
  live = applyToNetwork(live, batch);
  expect([live.training, live.what, shareOf(live)]).toEqual(['plain', null, 1.5 / 4]);
  // The validation of an epoch is part of it, and the next training begins anew.
  expect(applyToNetwork(live, { type: 'progress', what: 'validation', done: 0, total: 1 })).toBe(live);
  expect(shareOf(applyToNetwork(live, { type: 'stage-started', stage: 'next', detail: '' }))).toBe(0);
  expect(applyToNetwork({ ...live, status: 'stopping' }, batch).status).toBe('stopping');
});

test('no answer stands under another network’s name: of another seed or λ the solver’s is shown alone', () => {
  const asked = (by: ReturnType<typeof wantedOf> | null, shown: string) => ({
    ...{ key: shownKey(DEFAULT_TASKS, by), of: by?.key ?? null, shown },
  });
  const all = { nobody: asked(null, 'the solver'), tuned: asked(wanted, 'the network') };
  expect(shownBy(all, wanted)?.shown).toBe('the network');
  const other = wantedOf({ ...DEFAULT_TASKS, seed: 2 }, 'tuned');
  expect(shownBy(all, other)?.shown).toBe('the solver');
  expect(shownBy({}, wanted)).toBeUndefined();
});

test('λ is one of the task’s: any other is its middle one, and of a network without a penalty it says nothing', () => {
  expect(lambdaOf({ tab: 'flows', lambda: 10 })).toBe(10);
  expect(lambdaOf({ tab: 'detection', lambda: 10 })).toBe(TASK_LAMBDAS.detection[1]);
  const [one, other] = [1, 10].map((lambda) => ({ ...DEFAULT_TASKS, lambda }));
  expect(wantedOf(one, 'equivariant')).toEqual(wantedOf(other, 'equivariant'));
  expect(wantedOf(one, 'adapted').key).not.toBe(wantedOf(other, 'adapted').key);
});
