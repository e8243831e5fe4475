/** Trainings of tasks as a worker's process does them, one by one over a store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BadInput } from '../../src/lab/errors';
import { chainOf } from '../../src/lab/tasks/adapting';
import { fluids } from '../../src/lab/tasks/fluids';
import { trainingIds } from '../../src/lab/tasks/task';
import { openArtefacts } from '../artefacts/open';
import { startNodeBackend } from '../node/backend';
import { smallTask } from '../reproduce/testing/smallTask';
import type { StepProgress, TrainingOrder } from './stepMessages';
import { TaskTrainings } from './taskTrainings';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-trainings-'));
afterAll(() => rm(top, { recursive: true }));
beforeAll(() => startNodeBackend('wasm'));

test('a training whose beginning the store has lost makes it again first; another than its id says is refused', async () => {
  const trainings = smallTask({ fresh: 1, goingOn: 2 }).trainings('tiny');
  const chain = chainOf(trainings, 'plain, fine-tuned');
  const { archs } = await fluids.open('tiny');
  const [start, id] = trainingIds(fluids, 'tiny', 1, archs, chain).values();
  const order: TrainingOrder = {
    ...{ type: 'training', id, store: top },
    work: { kind: 'training', task: 'fluids', scale: 'tiny', seed: 1, chain },
  };
  const store = await openArtefacts(top);
  const trained = new TaskTrainings();
  const told: StepProgress[] = [];
  const refused: [TrainingOrder, RegExp][] = [
    [{ ...order, work: { ...order.work, seed: 2 } }, /another training than its id says/],
    [{ ...order, work: { ...order.work, chain: [] } }, /no training of a task that this lab knows/],
  ];
  for (const [wrong, sentence] of refused) {
    const error = await trained.do(wrong, store, () => {}).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toMatch(sentence);
  }

  await trained.do(order, store, (progress) => told.push(progress));
  const epochs = told.map(({ epoch, epochs }) => `${epoch} of ${epochs}`);
  expect(epochs).toEqual(['1 of 1', '1 of 2', '2 of 2']);
  const [first, last] = await Promise.all([store.loadTraining(start), store.loadTraining(id)]);
  expect([first!.history.length, last!.history.length]).toEqual([1, 2]);

  // Done again, nothing is computed; with only its start left, the same comes out.
  await trained.do(order, store, (progress) => told.push(progress));
  expect(told).toHaveLength(3);
  await store.forget(id);
  await trained.do(order, store, (progress) => told.push(progress));
  expect(told.slice(3)).toEqual(told.slice(1, 3));
  expect((await store.loadTraining(id))!.best).toEqual(last!.best);
  await store.close();
});
