/** The store that all machines of a sweep see, in each place it may lie in: what is there is whole, or is as nothing. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeModel } from '../../src/lab/files/modelFile';
import { uniform } from '../../src/lab/random';
import type { RunReport } from '../../src/lab/recipe/pipeline';
import { runRecipe } from '../../src/lab/recipe/pipeline';
import { prepare } from '../../src/lab/recipe/prepare';
import { checkRecipe } from '../../src/lab/recipe/schema';
import { tinyChain } from '../../src/lab/testing/chain';
import { DAMAGES, damageBytes } from '../../src/lab/testing/damage';
import { cases } from '../../src/lab/testing/properties';
import { tinyDataset, tinyModel } from '../../src/lab/testing/tiny';
import { startNodeBackend } from '../node/backend';
import { type Artefacts, artefactsIn } from './artefacts';
import { openArtefacts } from './open';
import { folders } from './testing/places';
import { buckets } from './testing/server';
import { checkpointOf, checkpoints, idOf, recordOf, records } from './testing/stages';

const places = [await folders(), await buckets()];
afterAll(() => Promise.all(places.map((place) => place.end())));

/** The writing process in one file: it starts in a second, and is started often. */
const WRITER = path.resolve(`node_modules/.vitest-writer-${process.pid}.mjs`);
beforeAll(() =>
  build({
    ...{
      entryPoints: ['cli/artefacts/testing/writer.ts'],
      outfile: WRITER,
      bundle: true,
      packages: 'external',
    },
    ...{ platform: 'node', format: 'esm', target: 'node20.19', logLevel: 'error' },
  }),
);
afterAll(() => rm(WRITER, { force: true }));

const id = idOf('a stage');
const model = tinyModel({ seed: 3 });

describe.each(places)('a store in $name', (place) => {
  let reference: string;
  let said: string[];
  let store: Artefacts;
  const open = () => openArtefacts(reference, (sentence) => said.push(sentence));
  const names = async (kind: string) =>
    (await place.names(reference)).filter((name) => name.startsWith(`${kind}/`));

  beforeEach(async () => {
    reference = await place.fresh();
    said = [];
    store = await open();
    return () => store.close();
  });

  test('gives back any record, to whoever opens it', async () => {
    const other = await open();
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        await store.saveStage(record);
        expect(await other.loadStage(record.id!)).toEqual({ record });
        expect(await other.has(record.id!)).toBe(true);
      }),
      { numRuns: cases(60) },
    );
    expect(said).toEqual([]);
  });

  test('gives back any network, bit for bit', async () => {
    const other = await open();
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.constantFrom('C4', 'D4'), async (seed, group) => {
        const network = tinyModel({ seed, group });
        const record = recordOf(idOf([seed, group]));
        await store.saveStage(record, network);
        const found = await other.loadStage(record.id!);
        expect(found?.record).toEqual(record);
        expect(encodeModel(found!.model!)).toEqual(encodeModel(network));
      }),
      { numRuns: cases(20) },
    );
  });

  test('gives back any checkpoint, bit for bit, until its stage is finished', async () => {
    const other = await open();
    await fc.assert(
      fc.asyncProperty(checkpoints, async (checkpoint) => {
        await store.saveCheckpoint(id, checkpoint);
        expect(await other.loadCheckpoint(id)).toEqual(checkpoint);
      }),
      { numRuns: cases(40) },
    );
    expect(await names('checkpoints')).toHaveLength(1);
    await store.saveStage(recordOf(id), model);
    expect(await names('checkpoints')).toEqual([]);
    expect(await store.loadCheckpoint(id)).toBeUndefined();
  });

  test('calls itself the same whoever opens it, at the same time or with its name damaged', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, open));
    expect(new Set(stores.map((each) => each.id))).toEqual(new Set([store.id]));
    const other = await openArtefacts(await place.fresh());
    expect(other.id).not.toBe(store.id);
    reference = await place.fresh();
    const first = await Promise.all(Array.from({ length: 4 }, open));
    expect(new Set(first.map((each) => each.id)).size).toBe(1);
    await place.objects(reference).put('store.json', new Uint8Array(3));
    expect((await open()).id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('knows nothing of a stage that is not there', async () => {
    expect(await store.has(id)).toBe(false);
    expect(await store.loadStage(id)).toBeUndefined();
    expect(await store.loadCheckpoint(id)).toBeUndefined();
    await store.forget(id);
    expect(said).toEqual([]);
    await expect(store.has('train')).rejects.toThrow(/no identity/);
    await expect(store.has(`${id}/../../x`)).rejects.toThrow(/no identity/);
  });

  test('forgets a stage whole, and no other', async () => {
    const other = recordOf(idOf('another'));
    await store.saveStage(recordOf(id), model);
    await store.saveStage(other, model);
    await store.saveCheckpoint(`${id} step 2`, checkpointOf(1));
    await store.forget(id);
    await store.forget(`${id} step 2`);
    expect(await store.has(id)).toBe(false);
    expect(await store.has(other.id!)).toBe(true);
    expect(await names('records')).toHaveLength(1);
    expect(await names('networks')).toHaveLength(1);
    expect(await names('checkpoints')).toEqual([]);
  });

  test('keeps what a step keeps on its way, in the place of what was there', async () => {
    const key = `${id} step 1`;
    for (const seed of [1, 2, 3]) {
      await store.saveStage({ ...recordOf(id), id: undefined, name: key, step: seed }, tinyModel({ seed }));
    }
    const found = await store.loadStage(key);
    expect(found?.record).toMatchObject({ name: key, step: 3 });
    expect(encodeModel(found!.model!)).toEqual(encodeModel(tinyModel({ seed: 3 })));
    expect(await names('networks')).toHaveLength(1);
    expect(await store.has(id)).toBe(false);
  });

  test('a network without its record is nothing; a record without its network is none, and that is told', async () => {
    await store.saveStage(recordOf(id), model);
    const [record] = await names('records');
    const [network] = await names('networks');
    const objects = place.objects(reference);
    const bytes = (await objects.get(record))!;
    await objects.remove(record);
    expect(await store.has(id)).toBe(false);
    expect(await store.loadStage(id)).toBeUndefined();
    expect(said).toEqual([]);
    await objects.put(record, bytes);
    await objects.remove(network);
    expect(await store.has(id)).toBe(false);
    expect(await store.loadStage(id)).toBeUndefined();
    expect(said.join()).toMatch(/the network of the stage "train", is gone; that stage is made again/);
    await store.saveStage(recordOf(id), model);
    expect(await store.has(id)).toBe(true);
  });

  test('a record with a network is not replaced by one without: elsewhere nobody asked for it', async () => {
    await store.saveStage(recordOf(id), model);
    await store.saveStage(recordOf(id, { name: 'another name' }));
    expect((await store.loadStage(id))?.model).toBeDefined();
    const [network] = await names('networks');
    await place.objects(reference).remove(network);
    // Where that network is lost, the new record is the better one.
    await store.saveStage(recordOf(id, { name: 'another name' }));
    expect((await store.loadStage(id))?.record.name).toBe('another name');
  });

  test('whatever is damaged is told, set aside, and as if it had not been made', async () => {
    const next = uniform('artefacts', place.name);
    const objects = place.objects(reference);
    for (let i = 0; i < cases(60); i++) {
      const key = idOf(['damaged', i]);
      const record = recordOf(key);
      await store.saveStage(record, model);
      await store.saveCheckpoint(`${key} step 1`, checkpointOf(i));
      const mine = (await place.names(reference)).filter((name) => name.includes(key));
      const name = mine[Math.floor(next() * mine.length)];
      const kind = DAMAGES[Math.floor(next() * DAMAGES.length)];
      const whole = (await objects.get(name))!;
      const bytes = damageBytes(whole, kind, next);
      const what = `${kind} in ${name}`;
      if (bytes) await objects.put(name, bytes);
      else await objects.remove(name);
      said.length = 0;
      const found = await store.loadStage(key);
      const checkpoint = await store.loadCheckpoint(`${key} step 1`);
      if (name.startsWith('checkpoints/')) {
        expect(checkpoint, what).toBeUndefined();
        expect(found?.record, what).toEqual(record);
      } else {
        expect(found, what).toBeUndefined();
        expect(checkpoint, what).toEqual(checkpointOf(i));
      }
      // Of a record or checkpoint that is gone nobody knows that it was there.
      if (kind !== 'remove') {
        expect(said.join(), what).toMatch(
          /is damaged: it is not what was written\. It was set aside as "damaged\//,
        );
        const [, aside] = /set aside as "([^"]+)"/.exec(said[0])!;
        expect(await objects.get(aside), what).toEqual(bytes);
        expect(await objects.head(name), what).toBe(false);
      } else if (name.startsWith('networks/')) expect(said.join(), what).toMatch(/is gone/);
      expect(await store.has(key), what).toBe(name.startsWith('checkpoints/'));
      await store.saveStage(record, model);
      said.length = 0;
      expect((await store.loadStage(key))?.record, what).toEqual(record);
      expect(said, what).toEqual([]);
    }
  });

  test('gives back a finished training, bit for bit, or says that it is damaged', async () => {
    const next = uniform('trainings', place.name);
    const objects = place.objects(reference);
    const other = await open();
    await fc.assert(
      fc.asyncProperty(checkpoints, fc.constantFrom(...DAMAGES), async (last, kind) => {
        await store.saveCheckpoint(id, last);
        await store.saveTraining(recordOf(id, { kind: 'training' }), last);
        expect(await other.loadTraining(id)).toEqual(last);
        expect(await names('checkpoints')).toEqual([]);
        // Who did the same elsewhere took another time for it: it lies in the same place.
        const slower = { ...last, history: last.history.map((epoch) => ({ ...epoch, seconds: 99 })) };
        await other.saveTraining(recordOf(id, { kind: 'training' }), slower);
        const mine = (await place.names(reference)).filter((name) => name.includes(id));
        const [network, record] = mine.filter((name) => !name.startsWith('damaged/')).sort();
        expect([network, record]).toEqual([
          expect.stringMatching(/^networks\/.*\.safetensors$/),
          expect.stringMatching(/^records\/.*\.json$/),
        ]);
        const bytes = damageBytes((await objects.get(network))!, kind, next);
        if (bytes) await objects.put(network, bytes);
        else await objects.remove(network);
        expect(await store.loadTraining(id), kind).toBeUndefined();
        expect(said.pop(), kind).toMatch(bytes ? /is damaged/ : /is gone/);
        expect(await store.has(id)).toBe(false);
      }),
      { numRuns: cases(20) },
    );
  });

  test('a checkpoint that comes after the record goes again: a slow machine leaves nothing behind', async () => {
    await store.saveStage(recordOf(id), model);
    await store.saveCheckpoint(id, checkpointOf(1));
    expect(await names('checkpoints')).toEqual([]);
  });

  test('many writers of the same stages, and readers between them: each finds it whole or not at all', async () => {
    const keys = [0, 1, 2].map((what) => idOf(['together', what]));
    const stores = await Promise.all(Array.from({ length: 4 }, open));
    const next = uniform('writers', place.name);
    await Promise.all(
      stores.map(async (each, writer) => {
        for (let i = 0; i < cases(24); i++) {
          const key = keys[Math.floor(next() * keys.length)];
          await each.saveCheckpoint(key, checkpointOf(i));
          await each.saveStage(recordOf(key, { seconds: writer }), model);
          const found = await each.loadStage(keys[Math.floor(next() * keys.length)]);
          if (found) expect(encodeModel(found.model!)).toEqual(encodeModel(model));
        }
      }),
    );
    expect(said).toEqual([]);
    expect(await names('networks')).toHaveLength((await names('records')).length);
    expect(await names('checkpoints')).toEqual([]);
    expect(await names('unfinished')).toEqual([]);
  });

  test('writers whose engines differ in their last bits: the record and its network are of one of them', async () => {
    const stores = await Promise.all(Array.from({ length: 3 }, open));
    const networks = stores.map((_, seed) => tinyModel({ seed: seed + 10 }));
    for (let i = 0; i < cases(24); i++) {
      await Promise.all(stores.map((each, at) => each.saveStage(recordOf(id, { by: at }), networks[at])));
      const found = await store.loadStage(id);
      // A network may have been taken for the one before; then it is made again.
      if (found) expect(encodeModel(found.model!)).toEqual(encodeModel(networks[found.record.by as number]));
      else expect(said.pop()).toMatch(/is gone/);
    }
  });

  test('a writer killed in the midst of writing leaves what is whole, or nothing', async () => {
    const next = uniform('killed writer', place.name);
    const hidden = 20_000;
    for (let i = 0; i < cases(12); i++) {
      const writer = spawn(process.execPath, [WRITER, reference, `${hidden}`]);
      const complaints: string[] = [];
      writer.stderr.on('data', (text) => complaints.push(String(text)));
      const told = () => new Promise((resolve) => writer.stdout.once('data', resolve).once('close', resolve));
      await told();
      // At some moment; the first one when it has finished a stage.
      if (i === 0) await told();
      await pause(next() * 300);
      writer.kill('SIGKILL');
      const [, signal] = await once(writer, 'close');
      expect(signal, complaints.join()).toBe('SIGKILL');
    }
    const whole = encodeModel(tinyModel({ hidden, seed: 1 }));
    const records = (await names('records')).length;
    let found = 0;
    expect(records).toBeGreaterThan(0);
    for (const i of [0, 1, 2, 3, 4]) {
      const key = idOf(['killed', i]);
      expect(await store.has(key)).toBe((await names('records')).some((name) => name.includes(key)));
      const kept = await store.loadStage(key);
      if (!kept) continue;
      found++;
      // Megabytes: an expectation of each would take its time.
      expect(Buffer.compare(encodeModel(kept.model!), whole)).toBe(0);
    }
    expect([said, found]).toEqual([[], records]);
    for (const name of await names('checkpoints'))
      expect(await store.loadCheckpoint(/[0-9a-f]{32}/.exec(name)![0])).toBeDefined();
    expect(said).toEqual([]);
  });

  test('a run over it gives the numbers of one over nothing, ended at any epoch and gone on with elsewhere', async () => {
    await startNodeBackend();
    const recipe = checkRecipe(tinyChain(2, [{ kind: 'prune', ratio: 0.4 }]));
    const prepared = prepare(recipe, tinyDataset(6));
    const run = async (over: Artefacts, endsAfter = Number.POSITIVE_INFINITY): Promise<RunReport | null> => {
      const stage = runRecipe(prepared, over);
      for (let seen = 0; ; ) {
        const step = await stage.next();
        if (step.done) return step.value;
        if (step.value.type === 'checkpoint' && ++seen === endsAfter) break;
      }
      await stage.return(undefined as never);
      return null;
    };
    const untimed = (report: RunReport | null) =>
      JSON.parse(JSON.stringify(report, (key, value) => (key === 'seconds' ? 0 : value)));
    const whole = untimed(await run(store));
    reference = await place.fresh();
    for (const epochs of [1, 2]) expect(await run(await open(), epochs)).toBeNull();
    expect(await names('checkpoints')).toHaveLength(1);
    expect(untimed(await run(await open()))).toEqual(whole);
    expect(await names('checkpoints')).toEqual([]);
    expect(said).toEqual([]);
  });
});

test('a store over objects says its reference, and closes them', async () => {
  const closed: string[] = [];
  const nowhere = { ...places[0].objects('/nowhere'), close: async () => void closed.push('once') };
  const store = artefactsIn(nowhere, 'a reference', 'its name', () => {});
  expect(store.reference).toBe('a reference');
  expect(store.id).toBe('its name');
  await store.close();
  expect(closed).toEqual(['once']);
});
