/** Fine-tuning at a position of the slider, by tabs that share a database and its locks. */
import 'fake-indexeddb/auto';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openStudy, type Study } from '../../lab/prune/neurons/study';
import type { Provenance } from '../../lab/recipe/provenance';
import { finish } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset, tinyModel, tinySplits } from '../../lab/testing/tiny';
import { openLibrary } from '../../storage/db';
import { fakeLocks } from '../../storage/testing/locks';
import type { Setting } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import { createFinetuneHandler } from './finetuning';
import { neuronSlider } from './neuronSlider';

const setting: Setting = { method: 'l2', compensation: 'none', removed: 4, scope: 'head' };
const dataset = tinyDataset(20);
let study: Study;

beforeAll(async () => {
  await testPlatform().start('wasm');
  const opened = await finish(openStudy(tinyModel(), dataset, tinySplits(dataset)));
  // So much is lost that it runs whatever it reaches.
  study = { ...opened, baseline: { ...opened.baseline, accuracy: 1.5 } };
});
beforeEach(async () => {
  vi.stubGlobal('navigator', { locks: fakeLocks() });
  const db = (await openLibrary())!;
  for (const name of db.objectStoreNames) await db.clear(name);
});

/** A tab that has opened the network; `seed` and `fingerprint` as there. */
function tab(changes: { seed?: number; fingerprint?: string; study?: Study } = {}) {
  // What origins are told is tested in handmade.test.ts.
  const tellOrigin = () => ({}) as Provenance;
  const { study: own = study, seed = 1, fingerprint = 'net' } = changes;
  const found = { slider: neuronSlider(own, seed), seed, fingerprint, tellOrigin };
  const { finetune } = createFinetuneHandler(() => found, 'page');
  return (changed: Partial<Setting> = {}, again = false, stop = new AbortController().signal) =>
    finetune({ type: 'finetune', id: 1, net: 'main', setting: { ...setting, ...changed }, again }, stop);
}

async function run(job: ReturnType<ReturnType<typeof tab>>) {
  const events: JobEvent[] = [];
  for (;;) {
    const step = await job.next();
    if (step.done)
      return { result: step.value, events, trained: events.some(({ type }) => type === 'batch') };
    events.push(step.value);
  }
}

test('a finished fine-tuning is found again at once, with its epochs, by a page that is loaded anew', async () => {
  const first = await run(tab()());
  expect(first.trained).toBe(true);
  expect(first.result.epochs.length).toBeGreaterThan(1);
  const second = await run(tab()());
  expect(second.events).toEqual([]);
  expect(second.result).toEqual(first.result);
  // Asked for again it runs again, to the same.
  const third = await run(tab()({}, true));
  expect(third.trained).toBe(true);
  expect(third.result.accuracy).toBe(first.result.accuracy);
});

test('another setting, seed, network or other tiles are another fine-tuning', async () => {
  await run(tab()());
  const others = tinyDataset(24);
  const other = await finish(openStudy(tinyModel(), others, tinySplits(others)));
  for (const job of [
    tab()({ removed: 3 }),
    tab()({ scope: 'output' }),
    tab()({ method: 'random' }),
    tab({ seed: 2 })(),
    tab({ fingerprint: 'other' })(),
    tab({ study: { ...other, baseline: study.baseline } })(),
  ]) {
    expect((await run(job)).trained).toBe(true);
  }
});

test('of two tabs one trains and the other follows, to the same network', async () => {
  const first = tab()();
  let step = await first.next();
  const waiting = run(tab()());
  // The second one sees what the first has reached, before that one goes on.
  const seen: number[] = [];
  while (!step.done && seen.length < 3) {
    if (step.value.type === 'epoch') seen.push(step.value.epoch);
    step = await first.next();
  }
  await new Promise((resolve) => setTimeout(resolve, 2600));
  while (!step.done) step = await first.next();
  const result = step.value;
  const second = await waiting;
  expect(second.trained).toBe(false);
  expect(second.events.every(({ type }) => type === 'elsewhere')).toBe(true);
  expect(second.events.at(-1)).toMatchObject({ history: [{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }] });
  expect(second.result).toEqual(result);
});

test('where the other tab gives up, the one that waited goes on from its last epoch', async () => {
  const first = tab()();
  for (let step = await first.next(); !step.done && step.value.type !== 'epoch'; step = await first.next());
  // Its epoch is kept when the next thing is told.
  await first.next();
  const waiting = run(tab()());
  await new Promise((resolve) => setTimeout(resolve, 2200));
  await first.return(undefined as never);
  const { events, trained } = await waiting;
  expect(trained).toBe(true);
  expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ history: [{ epoch: 1 }] });
});

test('who waits for another tab can stop waiting, and is told why nothing came of it', async () => {
  const first = tab()();
  await first.next();
  const stop = new AbortController();
  stop.abort();
  await expect(run(tab()({}, false, stop.signal))).rejects.toThrow(/Another tab.*stop it there/);
  await first.return(undefined as never);
});
