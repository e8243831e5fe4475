import { describe, expect, test, vi } from 'vitest';
import { BadInput } from '../../lab/errors';
import type { Message } from '../protocol/messages';
import type { JobEvent } from '../protocol/results';
import { createHost, type Handlers } from './host';

const tick = () => new Promise<void>((resolve) => setTimeout(resolve));
const step = (n: number): JobEvent => ({ type: 'warning', message: String(n) });

/** A host whose `model` job counts to three, noting when it starts, ends and is cleaned up. */
function counting() {
  const messages: Message[] = [];
  const log: string[] = [];
  const handlers = {
    async *model({ key }, stop) {
      log.push(`${key} starts`);
      try {
        if (key === 'bad') throw new BadInput('no such key', { cause: new Error('typo') });
        if (key === 'broken') throw new Error('broken');
        for (let n = 1; n <= 3 && !stop.aborted; n++) {
          yield step(n);
          await tick();
        }
        log.push(`${key} ends`);
        return new Uint8Array();
      } finally {
        log.push(`${key} frees`);
      }
    },
  } as Partial<Handlers> as Handlers;
  const hidden: boolean[] = [];
  const asked: number[] = [];
  const receive = createHost(
    handlers,
    (message) => messages.push(message),
    (isHidden) => hidden.push(isHidden),
    ({ id }) => asked.push(id),
  );
  const run = (id: number, key: string) => receive({ type: 'model', id, key });
  const control = (id: number, action: string) => receive({ type: 'control', id, action });
  const seen = (id: number) =>
    messages.flatMap((message) => {
      if (!('id' in message) || message.id !== id) return [];
      if (message.type !== 'event') return [message.type];
      return [message.event.type === 'warning' ? message.event.message : message.event.type];
    });
  const settled = async (id: number) => {
    for (let i = 0; i < 50 && !seen(id).some((type) => /done|failed|cancelled/.test(type)); i++) await tick();
    return seen(id);
  };
  return { messages, log, hidden, asked, receive, run, control, seen, settled };
}

describe('the host', () => {
  test('says that it is there and what it has heard when it is asked, while a job runs too', async () => {
    const { run, receive, messages, settled } = counting();
    run(1, 'a');
    receive({ type: 'ping', asked: 7 });
    expect(messages).toEqual([{ type: 'pong', asked: 7, open: [1] }]);
    expect(await settled(1)).toEqual(['1', '2', '3', 'done']);
    await tick();
    receive({ type: 'ping', asked: 8 });
    expect(messages.at(-1)).toEqual({ type: 'pong', asked: 8, open: [] });
  });

  test('tells of a job when it is asked for, while another runs', async () => {
    const { run, asked, log, settled } = counting();
    run(1, 'a');
    await tick();
    run(2, 'b');
    expect(asked).toEqual([1, 2]);
    expect(log).not.toContain('b starts');
    await settled(2);
  });

  test('passes on whether anybody sees the page, at once, while a job runs too', async () => {
    const { run, receive, hidden, settled } = counting();
    run(1, 'a');
    receive({ type: 'page', hidden: true });
    receive({ type: 'page', hidden: false });
    expect(hidden).toEqual([true, false]);
    expect(await settled(1)).toEqual(['1', '2', '3', 'done']);
  });

  test('runs two jobs started at once one after the other, and says that the second waits', async () => {
    const { run, log, settled } = counting();
    run(1, 'a');
    run(2, 'b');
    expect(await settled(2)).toEqual(['queued', '1', '2', '3', 'done']);
    expect(await settled(1)).toEqual(['1', '2', '3', 'done']);
    expect(log).toEqual(['a starts', 'a ends', 'a frees', 'b starts', 'b ends', 'b frees']);
  });

  test('one step is a whole check of the validation tiles, a pause is heard between two pieces of it', async () => {
    const messages: Message[] = [];
    const handlers = {
      async *model() {
        for (let epoch = 1; epoch <= 2; epoch++) {
          for (let done = 1; done < 4; done++) {
            yield { type: 'progress', what: 'validation', done, total: 4 };
            await tick();
          }
          yield step(epoch);
        }
        return new Uint8Array();
      },
    } as Partial<Handlers> as Handlers;
    const receive = createHost(handlers, (message) => messages.push(message));
    const control = (action: string) => receive({ type: 'control', id: 1, action });
    const last = () => {
      const message = messages.at(-1);
      if (message?.type !== 'event') return message?.type;
      return message.event.type === 'progress' ? message.event.done : message.event.type;
    };
    const until = async (event: unknown) => {
      await vi.waitFor(() => expect(last()).toBe(event), { interval: 1 });
      await tick();
      await tick();
      expect(last()).toBe(event);
    };
    receive({ type: 'model', id: 1, key: 'a' });
    control('pause');
    control('step');
    await until('warning');
    control('step');
    await vi.waitFor(() => expect(last()).toBe(1), { interval: 1 });
    control('pause');
    await tick();
    await tick();
    const there = last();
    expect(there).toBeTypeOf('number');
    await until(there);
    control('cancel');
    await until('cancelled');
  });

  test('pauses, steps and resumes', async () => {
    const { run, control, seen, settled } = counting();
    run(1, 'a');
    control(1, 'pause');
    await tick();
    await tick();
    expect(seen(1)).toEqual([]);
    control(1, 'step');
    await tick();
    await tick();
    expect(seen(1)).toEqual(['1']);
    control(1, 'resume');
    expect(await settled(1)).toEqual(['1', '2', '3', 'done']);
  });

  test('cancels a running job, a paused one and a waiting one, and each frees what it holds', async () => {
    const { run, control, log, settled } = counting();
    run(1, 'a');
    run(2, 'b');
    control(2, 'cancel');
    control(1, 'pause');
    await tick();
    control(1, 'cancel');
    expect((await settled(1)).at(-1)).toBe('cancelled');
    expect(await settled(2)).toEqual(['queued', 'cancelled']);
    expect(log.filter((line) => line.endsWith('ends'))).toEqual([]);
  });

  test('asks a job to stop early, and takes what it has', async () => {
    const { run, control, settled } = counting();
    run(1, 'a');
    await tick();
    control(1, 'stop');
    expect((await settled(1)).at(-1)).toBe('done');
    expect((await settled(1)).length).toBeLessThan(4);
  });

  test('sends an error with its cause and whose fault it is, and goes on', async () => {
    const { run, messages, settled } = counting();
    run(1, 'bad');
    run(2, 'broken');
    run(3, 'c');
    expect((await settled(3)).at(-1)).toBe('done');
    const failures = messages.filter((message) => message.type === 'failed');
    expect(failures).toEqual([
      { type: 'failed', id: 1, kind: 'bad-input', message: 'no such key', cause: 'typo' },
      { type: 'failed', id: 2, kind: 'failure', message: 'broken', cause: null },
    ]);
  });

  test('of frequent progress passes on little, but the latest also when nothing follows for long', async () => {
    const messages: Message[] = [];
    let end = () => {};
    const stalled = new Promise<void>((resolve) => (end = resolve));
    const handlers = {
      async *model() {
        for (let done = 1; done <= 50; done++)
          yield { type: 'progress', what: 'downloading', done, total: 99 };
        await stalled;
        return new Uint8Array();
      },
    } as Partial<Handlers> as Handlers;
    const told = () =>
      messages.flatMap((message) =>
        message.type === 'event' && message.event.type === 'progress' ? [message.event.done] : [],
      );
    createHost(handlers, (message) => messages.push(message))({ type: 'model', id: 1, key: 'a' });
    await vi.waitFor(() => expect(told().at(-1)).toBe(50));
    expect(told()).toEqual([1, 50]);
    end();
    await vi.waitFor(() => expect(messages.at(-1)?.type).toBe('done'));
  });

  test('a command that misfits fails alone and in words; the jobs before and after it go on', async () => {
    const { run, receive, messages, settled } = counting();
    run(1, 'a');
    receive({ type: 'model', id: 2 });
    receive({ type: 'of another version', id: 3 });
    run(4, 'b');
    expect((await settled(4)).at(-1)).toBe('done');
    expect((await settled(1)).at(-1)).toBe('done');
    for (const id of [2, 3]) {
      const [failed] = messages.filter((message) => 'id' in message && message.id === id);
      expect(failed).toMatchObject({ type: 'failed', kind: 'failure', cause: expect.any(String) });
      expect(failed).toHaveProperty('message', expect.stringMatching(/reload the page/));
    }
    expect(messages).toContainEqual(
      expect.objectContaining({ id: 2, cause: expect.stringMatching(/"key"/) }),
    );
  });

  test('what names no job is reported and ends nothing, be it a wrong control or a number used twice', async () => {
    const { run, receive, control, messages, settled, log } = counting();
    run(1, 'a');
    const misfits = [
      null,
      undefined,
      'start',
      7,
      {},
      { type: 'model', id: 0, key: 'a' },
      { type: 'model', id: 'x' },
    ];
    for (const data of misfits) receive(data);
    control(1, 'explode');
    run(1, 'twice');
    expect(await settled(1)).toEqual(['1', '2', '3', 'done']);
    expect(messages.filter(({ type }) => type === 'misfit')).toHaveLength(misfits.length + 2);
    expect(log).not.toContain('twice starts');
  });

  test('a job that has no handler fails, and the next one runs', async () => {
    const { receive, run, settled } = counting();
    receive({ type: 'orbits', id: 1, net: 'main' });
    run(2, 'a');
    expect((await settled(2)).at(-1)).toBe('done');
    expect(await settled(1)).toEqual(['failed']);
  });
});
