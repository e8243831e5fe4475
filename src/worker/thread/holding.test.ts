import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hold } from '../protocol/hold';
import type { Message } from '../protocol/messages';
import type { JobEvent } from '../protocol/results';
import { holding } from './holding';
import { createHost, type Handlers } from './host';

const EPOCHS = 3;
const BATCHES = 3;
const tick = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A training of nine batches in a host whose jobs can be held; `hold` is what the page has told. */
function training(hold: Hold | null | 'nothing yet' = null) {
  const done: string[] = [];
  const messages: Message[] = [];
  const handlers = {
    async *train(_, stop) {
      yield { type: 'stage-started', stage: 'train', detail: '' };
      for (let epoch = 1; epoch <= EPOCHS; epoch++)
        for (let batch = 1; batch <= BATCHES; batch++) {
          if (stop.aborted) return done.length as never;
          done.push(`${epoch}.${batch}`);
          yield { ...{ type: 'batch', epoch, epochs: EPOCHS, batch }, batches: BATCHES } as JobEvent;
        }
      return done.length as never;
    },
  } as Partial<Handlers> as Handlers;
  const asked: unknown[] = [];
  const channel = {
    onmessage: null as ((message: MessageEvent) => void) | null,
    postMessage: (message: unknown) => asked.push(message),
  };
  const { handlers: held, hear } = holding(handlers, channel);
  const move = (to: Hold | null) => channel.onmessage!({ data: { hold: to } } as MessageEvent);
  if (hold !== 'nothing yet') move(hold);
  const receive = createHost(held, (message) => messages.push(message));
  const post = (data: object) => {
    receive(data);
    hear(data);
  };
  post({ type: 'train', id: 1, run: 'r', kind: 'training', name: 'n', recipe: RECIPE, data: 'd' });
  const control = async (action: string) => {
    post({ type: 'control', id: 1, action });
    await settled();
  };
  const settled = async () => {
    for (let before = -1; before !== done.length; ) {
      before = done.length;
      for (let i = 0; i < 5; i++) await tick();
    }
  };
  const end = () => messages.map(({ type }) => type).find((type) => /done|failed|cancelled/.test(type));
  return { done, asked, move, control, settled, end };
}

const RECIPE = { version: 2, name: 'r', arch: { id: 'tiny' }, seed: 1, stages: [{ kind: 'train' }] };
const after = (from: number): Hold => ({ after: 'batch', from });

test('a job waits after the first batch of that epoch, however often the hold is told, and goes on when it is moved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: EPOCHS }), { maxLength: 4 }), async (epochs) => {
      const { done, move, settled, end } = training(after(1));
      await settled();
      let furthest = 1;
      for (const epoch of epochs) {
        move(after(epoch));
        await settled();
        furthest = Math.max(furthest, epoch);
        expect(done.at(-1)).toBe(`${furthest}.1`);
      }
      expect(end()).toBeUndefined();
      move(null);
      await settled();
      expect(done).toHaveLength(EPOCHS * BATCHES);
      expect(end()).toBe('done');
    }),
    { numRuns: 20 },
  );
});

test('a job asks where it is to wait, and waits until it is told', async () => {
  const { done, asked, move, settled } = training('nothing yet');
  await settled();
  expect(done).toEqual([]);
  expect(asked).toEqual(['ask']);
  move(after(2));
  await settled();
  expect(done.at(-1)).toBe('2.1');
});

test('a control reaches a held job: paused it takes single steps, stopped it ends with what it has', async () => {
  const { done, control, move, settled, end } = training(after(2));
  await settled();
  await control('pause');
  // The batch that was under way comes in.
  expect(done.at(-1)).toBe('2.2');
  await control('step');
  expect(done.at(-1)).toBe('2.3');
  await control('step');
  expect(done.at(-1)).toBe('3.1');
  move(after(3));
  await settled();
  expect(done.at(-1)).toBe('3.1');
  await control('resume');
  await control('stop');
  expect(end()).toBe('done');
  expect(done.length).toBeLessThan(EPOCHS * BATCHES);
});

test('one that was called off before it came to its hold does not wait there', async () => {
  const { control, settled, end } = training(after(1));
  await control('cancel');
  await settled();
  expect(end()).toBe('cancelled');
});

test('a hold in another stage holds nothing', async () => {
  const { settled, end } = training({ after: 'batch', from: 1, stage: 'distil' });
  await settled();
  expect(end()).toBe('done');
});
