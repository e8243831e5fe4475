/** Looks that are ended, before a worker whose answers take their time. */
import { expect, test, vi } from 'vitest';
import { JobCancelled } from '../../worker/protocol/jobErrors';
import type { JobEvent, PartReport } from '../../worker/protocol/results';
import { useWrong, type WrongSubject } from '../wrong/wrong';
import { lookAgain, lookWhere, stopLooking } from './wrong';

interface Asked {
  readonly controls: string[];
  tell(event: JobEvent): void;
  reject(error: Error): void;
}

const asked = vi.hoisted(() => [] as Asked[]);
vi.mock('./session', () => ({
  client: {
    run: (_: 'report', __: object, tell: Asked['tell']) => {
      let reject: Asked['reject'] = () => {};
      const result = new Promise<PartReport>((_, no) => (reject = no));
      const controls: string[] = [];
      asked.push({ controls, tell, reject: (error) => reject(error) });
      return { id: asked.length, result, control: (action: string) => controls.push(action) };
    },
  },
}));

const subject: WrongSubject = {
  ...{ key: 'a run', place: 'a run', title: 'A run', first: 'train' },
  steps: [
    {
      ...{ id: 'train', name: 'Trained', words: 'the trained network', file: 'train.safetensors' },
      of: { kind: 'stage', run: 'a run', stage: 'train' },
    },
  ],
};
const status = () => Object.values(useWrong.getState().looked!.known).map((known) => known?.status);
const tick = () => new Promise<void>((resolve) => setTimeout(resolve));
const progress: JobEvent = { type: 'progress', what: 'tiles', done: 1, total: 2 };

test('a look that is stopped stays stopped, though it tells of its progress once more before it ends', async () => {
  lookWhere(subject);
  expect(status()).toEqual(['measuring']);
  asked[0].tell(progress);
  stopLooking();
  asked[0].tell(progress);
  expect(status()).toEqual(['stopped']);
  expect(asked[0].controls).toEqual(['cancel']);
  asked[0].reject(new JobCancelled('cancelled'));
  await tick();
  expect(status()).toEqual(['stopped']);
  expect(asked).toHaveLength(1);
  // Tried again it is measured anew.
  lookAgain('train', 'val');
  expect(status()).toEqual(['measuring']);
  expect(asked).toHaveLength(2);
});
