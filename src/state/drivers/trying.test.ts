/** A search for a learning rate, before a worker whose answer takes its time. */
import { expect, test, vi } from 'vitest';
import type { Recipe } from '../../lab/recipe/schema';
import { JobCancelled } from '../../worker/protocol/jobErrors';
import type { JobEvent } from '../../worker/protocol/results';
import { findRate, ratesAt, stopFinding, useTrying } from './trying';

interface Asked {
  readonly controls: string[];
  tell(event: JobEvent): void;
  reject(error: Error): void;
}

const asked = vi.hoisted(() => [] as Asked[]);
vi.mock('./session', () => ({
  client: {
    run: (_: 'tryRates', __: object, tell: Asked['tell']) => {
      let reject: Asked['reject'] = () => {};
      const result = new Promise<never>((_, no) => (reject = no));
      const controls: string[] = [];
      asked.push({ controls, tell, reject });
      return { id: asked.length, result, control: (action: string) => controls.push(action) };
    },
  },
}));

const SETTINGS = {
  epochs: 1,
  batch: 8,
  learningRate: 0.01,
  decay: 'none',
  weightDecay: 0,
  patience: 1,
} as const;
const recipe: Recipe = {
  ...{ version: 2, name: 'a', arch: { id: 'tiny' }, seed: 1 },
  split: { seed: 1, train: 0.6, val: 0.2, test: 0.2 },
  stages: [{ kind: 'train', settings: SETTINGS }],
};
const status = () => ratesAt(useTrying.getState(), recipe, 'tiles').status;

test('it tells how far it is, and can be ended: nothing is found then', async () => {
  const search = findRate(recipe, 'tiles');
  expect(status()).toBe('running');
  const progress: JobEvent = { type: 'progress', what: 'trying rates', done: 12, total: 80 };
  asked[0].tell(progress);
  expect(useTrying.getState().progress).toEqual(progress);

  stopFinding();
  expect(asked[0].controls).toEqual(['cancel']);
  asked[0].reject(new JobCancelled('cancelled'));
  await search;
  expect([status(), useTrying.getState().progress]).toEqual(['none', null]);
});
