import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { JobFailed, WorkerLost } from '../protocol/jobErrors';
import type { JobEvent } from '../protocol/protocol';
import { LabClient } from './client';
import { Helpers } from './helpers';

/** A worker that answers what the test makes it answer. */
class FakeWorker {
  onmessage: (event: { data: unknown }) => void = () => {};
  onmessageerror: () => void = () => {};
  onerror: (event: { message: string; preventDefault(): void }) => void = () => {};
  readonly received: unknown[] = [];
  isEnded = false;
  postMessage(data: unknown, transfer: Transferable[] = []): void {
    this.received.push(structuredClone(data, { transfer }));
  }
  terminate(): void {
    this.isEnded = true;
  }
  say(data: unknown): void {
    this.onmessage({ data });
  }
}

function page() {
  const workers: FakeWorker[] = [];
  const helpers: FakeWorker[] = [];
  const lost: string[] = [];
  const spawnInto = (list: FakeWorker[]) => () => {
    list.push(new FakeWorker());
    return list.at(-1) as unknown as Worker;
  };
  const client = new LabClient(spawnInto(workers), (why) => lost.push(why), new Helpers(spawnInto(helpers)));
  return { client, workers, helpers, lost };
}

afterEach(() => vi.restoreAllMocks());

test('an answer that misfits fails its own job, in words, and calls it off; the others go on', async () => {
  const { client, workers, lost } = page();
  const broken = client.run('model', { key: 'a' });
  const whole = client.run('model', { key: 'b' });
  const failed = expect(broken.result).rejects.toThrow(/reload the page/);
  workers[0].say({ type: 'event', id: broken.id, event: 'no event' });
  await failed;
  await expect(broken.result).rejects.toBeInstanceOf(JobFailed);
  expect(workers[0].received.at(-1)).toEqual({ type: 'control', id: broken.id, action: 'cancel' });
  const bytes = new Uint8Array([1]);
  workers[0].say({ type: 'done', id: whole.id, result: bytes });
  expect(await whole.result).toBe(bytes);
  // What still comes of the job that failed disturbs nobody.
  workers[0].say({ type: 'cancelled', id: broken.id });
  expect(lost).toEqual([]);
});

test('what names no open job is reported and ends nothing', async () => {
  const { client, workers, lost } = page();
  const report = vi.spyOn(console, 'error').mockImplementation(() => {});
  const job = client.run('model', { key: 'a' });
  const misfits = [
    null,
    'alive',
    {},
    { type: 'lost' },
    { type: 'new', id: 77 },
    { type: 'misfit', what: 'it' },
  ];
  for (const data of misfits) workers[0].say(data);
  expect(report).toHaveBeenCalledTimes(misfits.length);
  workers[0].say({ type: 'done', id: job.id, result: null });
  expect(await job.result).toBeNull();
  expect(lost).toEqual([]);
});

test('an answer that cannot be read at all ends the worker, as nobody knows whose it was', async () => {
  const { client, workers, lost } = page();
  const job = client.run('model', { key: 'a' });
  const ended = expect(job.result).rejects.toBeInstanceOf(WorkerLost);
  workers[0].onmessageerror();
  await ended;
  expect(workers[0].isEnded).toBe(true);
  expect(lost).toHaveLength(1);
});

test('what cannot be sent fails by itself, and the next command is sent', async () => {
  const { client, workers } = page();
  const events: JobEvent[] = [];
  const file = new Uint8Array([1, 2]);
  const { buffer } = file;
  structuredClone(buffer, { transfer: [buffer] });
  const job = client.run('takeAlong', { file, folder: 'f' }, (event) => events.push(event), [buffer]);
  await expect(job.result).rejects.toThrow(/could not be asked/);
  const next = client.run('model', { key: 'a' });
  workers[0].say({ type: 'done', id: next.id, result: null });
  expect(await next.result).toBeNull();
});

test('whether anybody sees the page is told to the worker that runs, and to every later one', () => {
  const { client, workers } = page();
  const told = (n: number) =>
    workers[n].received.filter((each) => (each as { type: string }).type === 'page');
  client.setHidden(false);
  client.run('model', { key: 'a' }).result.catch(() => {});
  expect(told(0)).toEqual([]);
  client.setHidden(true);
  expect(told(0)).toEqual([{ type: 'page', hidden: true }]);
  client.close();
  client.run('model', { key: 'b' }).result.catch(() => {});
  expect(told(1)).toEqual([{ type: 'page', hidden: true }]);
  expect((workers[1].received[0] as { type: string }).type).toBe('page');
  client.setHidden(false);
  expect(told(1).at(-1)).toEqual({ type: 'page', hidden: false });
});

/** Wants a thread, as a worker does that has a client; gives what it is answered, and its way to end it. */
function wantThread(worker: FakeWorker) {
  const { port1, port2: port } = new MessageChannel();
  const answers: unknown[] = [];
  port1.onmessage = ({ data }) => answers.push(data);
  worker.say({ type: 'thread', start: { thread: 1 }, port });
  onTestFinished(() => port1.close());
  return { answers, end: () => port1.postMessage('end') };
}

test('a thread that a worker wants is started with what it sends, answers when it is there, and ends when it is to', async () => {
  const { client, workers, helpers } = page();
  client.run('model', { key: 'a' }).result.catch(() => {});
  const [first, second] = [wantThread(workers[0]), wantThread(workers[0])];
  expect(helpers.map(({ received }) => received)).toEqual([[{ thread: 1 }], [{ thread: 1 }]]);
  helpers[0].say('ready');
  helpers[1].onerror({ message: 'no script', preventDefault() {} });
  await vi.waitFor(() => expect([first.answers, second.answers]).toEqual([[null], ['no script']]));
  second.end();
  await vi.waitFor(() => expect(helpers.map(({ isEnded }) => isEnded)).toEqual([false, true]));
});

test('with the worker, however it ends, end the threads that help it; those of the next one go on', () => {
  for (const end of ['close', 'lost'] as const) {
    const { client, workers, helpers } = page();
    client.run('model', { key: 'a' }).result.catch(() => {});
    wantThread(workers[0]);
    if (end === 'close') client.close();
    else workers[0].say({ type: 'lost', why: 'a test' });
    client.run('model', { key: 'b' }).result.catch(() => {});
    wantThread(workers[1]);
    expect(helpers.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    // What an earlier worker still wants, nobody starts.
    wantThread(workers[0]);
    expect(helpers).toHaveLength(2);
    client.close();
  }
});
