import { expect, test } from 'vitest';
import { ahead, type LabEvent, type Stage } from './events';

const tick = () => new Promise<void>((resolve) => setTimeout(resolve));
const event = (done: number): LabEvent => ({ type: 'progress', what: 'steps', done, total: 9 });

/** Counts to `steps`; `gate`: waited for before the step after it. */
async function* counting(
  log: number[],
  steps: number,
  gate?: { after: number; open: Promise<void> },
): Stage<string> {
  for (let n = 1; n <= steps; n++) {
    log.push(n);
    yield event(n);
    await tick();
    if (gate?.after === n) await gate.open;
  }
  return 'done';
}

async function watch<T>(stage: Stage<T>): Promise<{ seen: number[]; result: T }> {
  const seen: number[] = [];
  for (;;) {
    const step = await stage.next();
    if (step.done) return { seen, result: step.value };
    if (step.value.type === 'progress') seen.push(step.value.done);
  }
}

test('a stage that runs ahead needs nobody who looks; who looks later has its latest event and those that follow', async () => {
  const log: number[] = [];
  let open = () => {};
  const stage = ahead(counting(log, 5, { after: 3, open: new Promise((resolve) => (open = resolve)) }));
  while (log.length < 3) await tick();
  await tick();
  const watching = watch(stage.look());
  open();
  expect(await watching).toEqual({ seen: [3, 4, 5], result: 'done' });
});

test('one that is over gives its result, and one that failed its error, when it is looked at', async () => {
  const log: number[] = [];
  const over = ahead(counting(log, 2));
  while (log.length < 2) await tick();
  for (let i = 0; i < 5; i++) await tick();
  expect((await watch(over.look())).result).toBe('done');
  expect(await over.result).toBe('done');

  // biome-ignore lint/correctness/useYield: it fails before its first event.
  async function* failing(): Stage<string> {
    throw new Error('no network');
  }
  const failed = ahead(failing());
  for (let i = 0; i < 5; i++) await tick();
  await expect(watch(failed.look())).rejects.toThrow('no network');
});
