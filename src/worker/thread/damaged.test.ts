/** What a browser kept of a run, damaged: found, said, made again to the same figures, or refused in words. */
import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { BadInput } from '../../lab/errors';
import { uniform } from '../../lab/random';
import { checkRecipe } from '../../lab/recipe/schema';
import { tinyChain } from '../../lab/testing/chain';
import { DAMAGES, damageValue } from '../../lab/testing/damage';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset } from '../../lab/testing/tiny';
import { openLibrary } from '../../storage/db';
import type { RunRow } from '../../storage/rows';
import { deleteRun, loadRun, readRuns, stagesOf } from '../../storage/runs';
import { loadRunNetwork } from '../../storage/stages';
import { keepDataset } from '../../storage/tiles';
import type { JobEvent } from '../protocol/results';
import { runAndKeep } from './running';

const EPOCHS = 3;
const recipe = checkRecipe(tinyChain(EPOCHS));

type Store = 'stages' | 'checkpoints' | 'runs';
/** What lies in the library of a run. */
type Things = { readonly store: Store; readonly key: string; readonly value: unknown }[];

async function thingsOf(run: string): Promise<Things> {
  const db = (await openLibrary())!;
  const things: Things = [{ store: 'runs', key: run, value: await db.get('runs', run) }];
  for (const store of ['stages', 'checkpoints'] as const)
    for (const [owner, key] of await db.getAllKeys(store))
      if (owner === stagesOf(run)) things.push({ store, key, value: await db.get(store, [owner, key]) });
  return things;
}

async function put(run: string, things: Things): Promise<void> {
  const db = (await openLibrary())!;
  await deleteRun(run);
  for (const { store, key, value } of things) {
    if (value === undefined) continue;
    if (store === 'runs') await db.put(store, value as never, key);
    else await db.put(store, value as never, [stagesOf(run), key]);
  }
}

const job = (stop = new AbortController()) =>
  runAndKeep(
    { type: 'train', id: 1, run: 'r', kind: 'pipeline', name: 'r', recipe, data: 'tiny' },
    stop.signal,
    null,
  );

async function finished(): Promise<{ row: RunRow; said: string[] }> {
  const said: string[] = [];
  const stage = job();
  for (;;) {
    const step = await stage.next();
    if (step.done) return { row: step.value, said };
    if (step.value.type === 'warning') said.push(step.value.message);
  }
}

/** The figures of a row: all that a person reads off it. */
const figures = ({ records, history, check, params, tiles, recipe: { name: _, ...rest }, stop }: RunRow) =>
  JSON.parse(
    JSON.stringify({ records, history, check, params, tiles, rest, stop }, (key, value) =>
      key === 'seconds' ? 0 : value,
    ),
  );

const kept: Record<string, Things> = {};
let whole: unknown;

beforeAll(async () => {
  // Node 20 has none; where a page has no locks, nobody else is known of.
  vi.stubGlobal('navigator', {});
  await testPlatform().start('wasm');
  await keepDataset(tinyDataset(10));
  whole = figures((await finished()).row);
  kept.finished = await thingsOf('r');
  await deleteRun('r');
  let epochs = 0;
  const isEnough = (event: JobEvent) => event.type === 'epoch' && ++epochs === EPOCHS + 2;
  for await (const event of job()) if (isEnough(event)) break;
  kept.half = await thingsOf('r');
  expect(kept.half.map(({ store }) => store)).toEqual(['runs', 'stages', 'checkpoints']);
});

describe.each(['finished', 'half'])('a %s run', (which) => {
  test('damaged at 30 seeded places shows no wrong figure, and goes on to the right ones or says why not', async () => {
    const next = uniform('library', which);
    let [refused, told] = [0, 0];
    for (let i = 0; i < 30; i++) {
      const things = kept[which];
      const at = Math.floor(next() * things.length);
      const kind = DAMAGES[Math.floor(next() * DAMAGES.length)];
      const value = damageValue(things[at].value, kind, next);
      const what = `${i}: ${kind} in ${things[at].store}`;
      await put('r', things.with(at, { ...things[at], value }));

      // Before anything is done: what is listed is what was, or nothing.
      const { rows, unreadable } = await readRuns();
      for (const row of rows)
        if (row.records.length > 0 || row.history.length > 0)
          expect(figures(row), what).toEqual(figures((things[0].value ?? {}) as RunRow));
      if (value !== undefined) expect(rows.length + unreadable.length, what).toBe(1);

      try {
        const { row, said } = await finished();
        expect(figures(row), what).toEqual(whole);
        expect(row.status).toBe('done');
        told += said.length;
        if (things[at].store !== 'runs' && kind !== 'remove') expect(said, what).toHaveLength(1);
      } catch (error) {
        expect(error, what).toBeInstanceOf(BadInput);
        expect(things[at].store, `${what}: ${error}`).toBe('runs');
        refused++;
      }
    }
    expect(told).toBeGreaterThan(3);
    // Of a row that is nothing any more, and of one whose recipe or tiles are others.
    expect(refused).toBeLessThan(15);
  });
});

test('a row whose recipe was changed does not go on with another one', async () => {
  const [row, ...rest] = kept.half;
  const changed = structuredClone(row.value) as { recipe: { seed: number } };
  changed.recipe.seed++;
  await put('r', [{ ...row, value: changed }, ...rest]);
  expect(await loadRun('r')).toMatchObject({ damaged: true, records: [], history: [], params: 0 });
  await expect(finished()).rejects.toThrow(/not made by the recipe.*delete it, and train it anew/);
  expect((await thingsOf('r')).length).toBe(kept.half.length);
});

test('one of which nothing can be read is told apart, keeps the others readable, and can be deleted', async () => {
  const [, ...rest] = kept.half;
  await put('r', [{ store: 'runs', key: 'r', value: {} }, ...rest]);
  expect(await readRuns()).toEqual({ rows: [], unreadable: ['r'] });
  await expect(loadRun('r')).rejects.toThrow(/nothing of it can be read: delete it/);
  await deleteRun('r');
  expect(await readRuns()).toEqual({ rows: [], unreadable: [] });
});

test('a network that is damaged or gone is refused where nobody can make it again, and its run can be continued', async () => {
  for (const value of [null, undefined]) {
    const things = kept.finished;
    const at = things.findIndex(
      ({ value: v }) => (v as { record?: RunRow }).record?.kind === ('train' as never),
    );
    await put('r', things.with(at, { ...things[at], value }));
    const row = (await loadRun('r'))!;
    expect(row.status).toBe('done');
    await expect(loadRunNetwork(row, row.records[0])).rejects.toThrow(
      /(damaged|gone).*Continue “r” under Pipeline/,
    );
    expect(await loadRun('r')).toMatchObject({
      status: 'stopped',
      message: expect.stringContaining('Continue'),
    });
    expect(figures((await finished()).row)).toEqual(whole);
    expect((await loadRunNetwork(row, row.records[0])).arch.id).toBe('tiny');
  }
});

test('a run kept before there were checksums is read, goes on, and what cannot be a record is made again', async () => {
  const early = kept.half.map(({ value, ...thing }) => {
    const { seal: _, ...rest } = value as { seal?: unknown };
    return { ...thing, value: rest };
  });
  await put('r', early);
  expect((await loadRun('r'))!.records).toHaveLength(1);
  const { row, said } = await finished();
  expect([figures(row), said]).toEqual([whole, []]);
  await put(
    'r',
    early.map((thing) => (thing.store === 'stages' ? { ...thing, value: {} } : thing)),
  );
  const again = await finished();
  expect(figures(again.row)).toEqual(whole);
  expect(again.said.join()).toMatch(/is damaged: it is not what was written/);
});
