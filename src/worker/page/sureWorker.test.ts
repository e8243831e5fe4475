import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SILENCE, SureWorker, type WorkerLike } from './sureWorker';

/** A worker whose script may fail to load. */
class FakeWorker implements WorkerLike {
  onmessage: Worker['onmessage'] = null;
  onmessageerror: Worker['onmessageerror'] = null;
  onerror: Worker['onerror'] = null;
  readonly heard: unknown[] = [];
  isEnded = false;
  postMessage(data: unknown, transfer: Transferable[] = []): void {
    this.heard.push(structuredClone(data, { transfer }));
  }
  terminate(): void {
    this.isEnded = true;
  }
  say(data: unknown): void {
    this.onmessage?.call(this as unknown as Worker, { data } as MessageEvent);
  }
  fail(message?: string): void {
    this.onerror?.call(this as unknown as Worker, { message, preventDefault() {} } as ErrorEvent);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const begun: FakeWorker[] = [];
  const worker = new SureWorker(() => {
    begun.push(new FakeWorker());
    return begun.at(-1)!;
  });
  const [answers, errors]: unknown[][] = [[], []];
  worker.onmessage = ({ data }) => void answers.push(data);
  worker.onerror = ({ message }) => void errors.push(message);
  return { worker, begun, answers, errors };
}

test('whichever of its first five scripts do not load, the next hears all that was said, in order, once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), (saidBefore) => {
      const { worker, begun, answers, errors } = start();
      const said: object[] = [];
      const say = () => {
        const bytes = new Uint8Array([said.length]);
        worker.postMessage(bytes, [bytes.buffer]);
        said.push(new Uint8Array([said.length]));
      };
      saidBefore.forEach((count, index) => {
        for (let each = 0; each < count; each++) say();
        if (index === saidBefore.length - 1) return;
        begun.at(-1)!.fail();
        vi.advanceTimersByTime(SILENCE / 20);
      });
      begun.at(-1)!.say('here');
      say();
      expect(begun).toHaveLength(saidBefore.length);
      expect(begun.at(-1)!.heard).toEqual(said);
      expect(begun.slice(0, -1).every(({ isEnded }) => isEnded)).toBe(true);
      expect({ answers, errors }).toEqual({ answers: ['here'], errors: [] });
    }),
  );
});

test('errors of a script that was loaded are passed on, and so is the sixth that is not', () => {
  const thrown = start();
  thrown.begun[0].fail('it threw');
  expect(thrown.errors).toEqual(['it threw']);
  const late = start();
  late.begun[0].say('here');
  late.begun[0].fail();
  expect(late.errors).toEqual([undefined]);
  const missing = start();
  for (let times = 0; times < 6; times++) {
    expect(missing.errors).toEqual([]);
    missing.begun.at(-1)!.fail();
    vi.runAllTimers();
  }
  expect(missing.errors).toEqual([undefined]);
  expect(missing.begun).toHaveLength(6);
});

test('one that was ended is not begun again', () => {
  const { worker, begun } = start();
  begun[0].fail();
  worker.terminate();
  vi.runAllTimers();
  begun[0].fail();
  vi.runAllTimers();
  expect(begun).toHaveLength(1);
  expect(begun[0].isEnded).toBe(true);
});

test('one that says nothing of what it was told is begun again, ever later; one that was told nothing, or speaks, is not', () => {
  const { worker, begun, errors } = start();
  vi.advanceTimersByTime(100 * SILENCE);
  expect(begun).toHaveLength(1);
  worker.postMessage('a');
  vi.advanceTimersByTime(SILENCE / 2);
  worker.postMessage('b');
  vi.advanceTimersByTime(SILENCE / 2);
  expect(begun.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  expect(begun[1].heard).toEqual(['a', 'b']);
  vi.advanceTimersByTime(2 * SILENCE - 1);
  expect(begun).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(begun[2].heard).toEqual(['a', 'b']);
  begun[2].say('here');
  worker.postMessage('c');
  vi.advanceTimersByTime(100 * SILENCE);
  expect(begun).toHaveLength(3);
  const silent = start();
  silent.worker.postMessage('a');
  vi.runAllTimers();
  expect(silent.begun).toHaveLength(6);
  expect([errors, silent.errors]).toEqual([[], []]);
  silent.begun[5].fail();
  expect(silent.errors).toEqual([undefined]);
});
