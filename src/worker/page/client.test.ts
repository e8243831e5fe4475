import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { JobFailed, WorkerLost } from '../protocol/jobErrors';
import type { JobEvent } from '../protocol/results';
import { LabClient } from './client';
import { Helpers } from './helpers';
import { ASK, PATIENCE, STOPPING } from './watchdog';

/** A worker's first word. */
const PONG = { type: 'pong', asked: 0, open: [] };

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
  const job = client.run('takeAlong', { file, folder: 'f', catalogue: '' }, (event) => events.push(event), [
    buffer,
  ]);
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

describe('a worker that does not answer', () => {
  /** A worker that answers while it is asked to live, in time that the test turns. */
  function watched() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { client, workers, lost } = page();
    const job = client.run('model', { key: 'a' });
    const ended = job.result.then(
      () => 'done',
      (error) => error.name,
    );
    const [worker] = workers;
    let lives = true;
    worker.postMessage = (data) => {
      worker.received.push(data);
      const { type, asked } = data as { type: string; asked: number };
      if (type === 'ping' && lives) worker.say({ type: 'pong', asked, open: [job.id] });
    };
    const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
    return { job, ended, worker, lost, pass, client, workers, hang: () => (lives = false) };
  }

  test('is ended once it has been silent for long, and its jobs are told; the next one is watched anew', async () => {
    const { ended, worker, lost, pass, client, workers, hang } = watched();
    worker.say(PONG);
    await pass(10 * PATIENCE);
    expect(worker.isEnded).toBe(false);
    hang();
    await pass(PATIENCE - 2 * ASK);
    expect(worker.isEnded).toBe(false);
    await pass(3 * ASK);
    expect(worker.isEnded).toBe(true);
    expect(await ended).toBe('WorkerLost');
    expect(lost).toEqual([expect.stringMatching(/^it had not answered for 9\d seconds$/)]);
    const next = client.run('model', { key: 'b' });
    workers[1].say({ type: 'done', id: next.id, result: null });
    await next.result;
    await pass(10 * PATIENCE);
    expect(workers[1].isEnded).toBe(false);
    expect(workers[1].received.filter((each) => (each as { type: string }).type === 'ping')).toEqual([]);
  });

  test('is ended soon where it was asked to stop, and not where it only takes its time to', async () => {
    for (const isHanging of [true, false]) {
      const { job, worker, pass, hang } = watched();
      worker.say(PONG);
      if (isHanging) hang();
      await pass(4 * ASK);
      job.control('stop');
      await pass(STOPPING - ASK);
      expect(worker.isEnded).toBe(false);
      await pass(3 * ASK);
      expect(worker.isEnded).toBe(isHanging);
      job.result.catch(() => {});
    }
  });

  test('is left alone while its script is loaded, however long that takes', async () => {
    const { worker, pass, hang } = watched();
    hang();
    await pass(10 * PATIENCE);
    expect(worker.isEnded).toBe(false);
  });

  test('is begun anew where it has not heard what it was asked for; what is asked for after the question waits', async () => {
    const { ended, worker, lost, pass, client, hang } = watched();
    hang();
    await pass(ASK);
    const { asked } = worker.received.at(-1) as { asked: number };
    const later = client.run('model', { key: 'later' });
    worker.say({ type: 'pong', asked, open: [asked] });
    expect(worker.isEnded).toBe(false);
    later.result.catch(() => {});
    worker.say({ type: 'pong', asked, open: [] });
    expect(worker.isEnded).toBe(true);
    expect(await ended).toBe('WorkerLost');
    expect(lost).toEqual(['it had not heard what it was asked for']);
  });

  test('has a new beginning after the device slept', async () => {
    const { worker, pass, hang } = watched();
    worker.say(PONG);
    hang();
    await pass(ASK);
    // All at once, as clocks jump when a lid is opened.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10 * PATIENCE);
    await pass(ASK);
    expect(worker.isEnded).toBe(false);
  });
});
