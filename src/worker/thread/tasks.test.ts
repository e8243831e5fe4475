/** Networks of the tasks beside classification in a worker: trained, stopped, gone on with, found again, looked at. */
import 'fake-indexeddb/auto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { movedBoxes } from '../../lab/detection/moved';
import { decodeAnyModel, encodeModel } from '../../lab/files/modelFile';
import { decodeSafetensors, encodeSafetensors } from '../../lab/files/safetensors';
import { testPlatform } from '../../lab/testing/platform';
import { tinyModel } from '../../lab/testing/tiny';
import { openLibrary } from '../../storage/db';
import { fakeLocks } from '../../storage/testing/locks';
import type { JobEvent, TaskNetwork } from '../protocol/results';
import { createTaskHandlers } from './tasks';

beforeAll(() => testPlatform().start('wasm'));
beforeEach(async () => {
  vi.stubGlobal('navigator', { locks: fakeLocks() });
  const db = (await openLibrary())!;
  for (const name of db.objectStoreNames) await db.clear(name);
});

type Work<T> = AsyncGenerator<JobEvent, T, void>;

async function run<T>(job: Work<T>, onEvent: (event: JobEvent) => void = () => {}) {
  const events: JobEvent[] = [];
  for (;;) {
    const step = await job.next();
    if (step.done) return { result: step.value, events };
    events.push(step.value);
    onEvent(step.value);
  }
}

/** A page that is loaded anew has handlers of its own. */
function page() {
  const handlers = createTaskHandlers('tiny');
  const asked = { id: 1, task: 'fluids', training: 'plain, fine-tuned', seed: 1 } as const;
  return {
    train: (train: boolean, stopAfter = Infinity) => {
      const stop = new AbortController();
      let epochs = 0;
      const job = handlers.trainTask({ ...asked, type: 'trainTask', train }, stop.signal);
      return run(job, ({ type }) => {
        if (type === 'epoch' && ++epochs >= stopAfter) stop.abort();
      });
    },
    save: () => run(handlers.saveTask({ ...asked, type: 'saveTask' }, new AbortController().signal)),
    open: (file: Uint8Array) =>
      run(
        handlers.openTask(
          { type: 'openTask', id: 1, file, name: 'it.safetensors' },
          new AbortController().signal,
        ),
      ),
    flow: (training: string | null, turns = 0) =>
      run(
        handlers.flow(
          {
            ...{ type: 'flow', id: 1, number: 3, training, seed: 1 },
            element: { turns, mirror: false },
            moved: false,
          },
          new AbortController().signal,
        ),
      ),
    scene: (training: string | null) =>
      run(
        handlers.scene({ type: 'scene', id: 1, number: 4, training, seed: 1 }, new AbortController().signal),
      ),
  };
}

const done = ({ trainings }: TaskNetwork) => trainings.map(({ history }) => history.length);
const trainedIn = (events: readonly JobEvent[]) =>
  events.flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));

test('stopped and gone on with by another page, a chain of trainings ends in the numbers of one that was not', async () => {
  const first = page();
  expect(done((await first.train(false)).result)).toEqual([0, 0]);
  const stopped = await first.train(true, 3);
  expect([done(stopped.result), stopped.result.figures]).toEqual([[3, 0], null]);
  const more = await page().train(true, 7);
  expect(done(more.result)).toEqual([8, 2]);
  expect(trainedIn(more.events)).toEqual([4, 5, 6, 7, 8, 1, 2]);
  const { result } = await page().train(true);
  expect(done(result)).toEqual([8, 8]);
  // Found by whoever comes later, with the same figures.
  const found = await page().train(false);
  expect(found.result).toEqual(result);
  expect(trainedIn(found.events)).toEqual([]);

  const db = (await openLibrary())!;
  await db.clear('checkpoints');
  const whole = await page().train(true);
  expect(whole.result.figures).toEqual(result.figures);
  expect(whole.result.figures!.values.step).toBeLessThan(0.2);
});

test('a trained network is saved as a file and opened in another browser, with the same answers; nothing else is', async () => {
  const first = page();
  await expect(first.save()).rejects.toThrow(/not trained yet/);
  const { result: trained } = await first.train(true);
  const { result: file } = await first.save();
  const seen = (await first.flow('plain, fine-tuned')).result;

  const db = (await openLibrary())!;
  await db.clear('checkpoints');
  const other = page();
  const { result: place } = await other.open(file);
  expect(place).toEqual({ task: 'fluids', training: 'plain, fine-tuned', seed: 1 });
  const { result: opened } = await other.train(false);
  expect(done(opened)).toEqual([0, 8]);
  expect(opened.figures).toEqual(trained.figures);
  expect((await other.flow('plain, fine-tuned')).result).toEqual(seen);
  // It is done: nothing of it is trained again.
  expect(trainedIn((await other.open(file)).events)).toEqual([]);

  // Of other data, of another kind, changed, or a task's network where one of tiles belongs.
  const { metadata, tensors } = decodeSafetensors(file);
  const { checksum: _, ...rest } = metadata;
  const changedTo = (changes: Record<string, string>) =>
    encodeSafetensors({ metadata: { ...rest, ...changes }, tensors });
  await expect(other.open(changedTo({ id: '"another"' }))).rejects.toThrow(
    /trained otherwise than networks are/,
  );
  await expect(other.open(changedTo({ training: '"plain"' }))).rejects.toThrow(/trained otherwise/);
  await expect(other.open(changedTo({ task: '"chess"' }))).rejects.toThrow(
    /no network for flows or detection.*"task"/,
  );
  await expect(
    other.open(encodeSafetensors({ metadata: { ...metadata, seed: '2' }, tensors })),
  ).rejects.toThrow(/trained otherwise/);
  await expect(other.open(encodeModel(tinyModel()))).rejects.toThrow(/tells classes apart.*Prune or Rotate/);
  await expect(other.open(new Uint8Array(3))).rejects.toThrow(/not a usable safetensors file/);
  const { 'conv1.weight': weight, ...others } = tensors;
  await expect(other.open(encodeSafetensors({ metadata: rest, tensors: others }))).rejects.toThrow(
    /"conv1.weight" is missing/,
  );
  const data = Float32Array.from(weight.data).fill(1, 0, 1);
  const changed = { ...tensors, 'conv1.weight': { ...weight, data } };
  await expect(other.open(encodeSafetensors({ metadata, tensors: changed }))).rejects.toThrow(/checksum/);
  expect(() => decodeAnyModel(file, 'it')).toThrow(/one of the tasks beside classification.*under Tasks/);
});

test('the solver’s flow and a scene are there without a network; what is not trained is refused in words', async () => {
  const { flow, scene } = page();
  const { result } = await flow(null);
  expect([result.network, result.solved.length]).toEqual([null, 21 * result.n ** 2 * 2]);
  expect((await scene(null)).result.turns.map(({ detections }) => detections)).toEqual([
    null,
    null,
    null,
    null,
  ]);
  await expect(flow('plain, fine-tuned')).rejects.toThrow(/not trained yet/);
  await expect(flow('something else')).rejects.toThrow(/no training called “something else”/);
});

test('what a trained network makes of a flow is told with its errors; a plain one minds a turn', async () => {
  const first = page();
  await first.train(true);
  const [upright, turned] = [await first.flow('plain, fine-tuned'), await first.flow('plain, fine-tuned', 1)];
  const { errors, minds, frames } = upright.result.network!;
  expect(minds.every((each) => each === 0)).toBe(true);
  expect(Math.min(...turned.result.network!.minds)).toBeGreaterThan(0.01);
  expect(errors).toHaveLength(20);
  expect(errors[0]).toBeGreaterThan(0);
  expect(frames.slice(0, 100)).toEqual(upright.result.solved.slice(0, 100));
});

test('a detector that turns with the scene has its boxes turn on every scene, and one precision at all turns', async () => {
  const handlers = createTaskHandlers('tiny');
  const [training, signal] = ['equivariant, from scratch', new AbortController().signal];
  const asked = { id: 1, task: 'detection', training, seed: 1, train: true } as const;
  const { result } = await run(handlers.trainTask({ ...asked, type: 'trainTask' }, signal));
  const { map, turned, turns } = result.figures!.values;
  expect([map - turned, turns]).toEqual([expect.closeTo(0, 3), expect.closeTo(0, 4)]);
  for (const number of [1, 2, 3]) {
    const scene = { type: 'scene', id: 2, number, training, seed: 1 } as const;
    const { result: shown } = await run(handlers.scene(scene, signal));
    const [upright, ...others] = shown.turns.map(({ detections }) => detections!);
    expect(upright.length).toBeGreaterThan(0);
    for (const [i, each] of others.entries())
      expect(movedBoxes(upright, each, shown.side, i + 1).apart).toBe(0);
  }
});

test('one tab at a time trains a task’s networks; what was damaged is said, and trained again', async () => {
  const release = vi.fn();
  void navigator.locks.request(
    'orbit-run-tasks fluids',
    { signal: new AbortController().signal } as never,
    () => new Promise<void>((free) => release.mockImplementation(free)),
  );
  await expect(page().train(true)).rejects.toThrow(/Another tab/);
  release();
  await page().train(true, 1);
  const db = (await openLibrary())!;
  const [key] = await db.getAllKeys('checkpoints');
  const kept = await db.get('checkpoints', key);
  await db.put('checkpoints', damaged(kept) as never, key);
  const again = await page().train(true, 1);
  expect(again.events.some((event) => event.type === 'warning' && /damaged/.test(event.message))).toBe(true);
  expect(trainedIn(again.events)).toEqual([1]);
});

/** One number of it changed. */
function damaged(kept: unknown): unknown {
  const copy = structuredClone(kept);
  const first = (value: unknown): Float32Array | null => {
    if (value instanceof Float32Array) return value;
    if (typeof value !== 'object' || value === null) return null;
    for (const each of Object.values(value)) {
      const found = first(each);
      if (found) return found;
    }
    return null;
  };
  first(copy)![0] += 1;
  return copy;
}
