/** What is kept beside runs, damaged: dropped, made again from what it was made of, or refused; never shown. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { encodeModel } from '../lab/files/modelFile';
import { DAMAGES, damageBytes, damageValue } from '../lab/testing/damage';
import { cases } from '../lab/testing/properties';
import { tinyDataset, tinyModel } from '../lab/testing/tiny';
import { listDatasets } from './datasets';
import { type Library, openLibrary } from './db';
import { keepFeatures, loadFeatures, loadSheet } from './features';
import { keepNetwork, listNetworks, loadNetwork, loadNetworkFile } from './networks';
import { listPoints, putPoint } from './points';
import { point } from './testing/trunkPoints';
import { keepDataset } from './tiles';

let db: Library;

beforeEach(async () => {
  vi.stubGlobal('navigator', {});
  db = (await openLibrary())!;
  for (const name of db.objectStoreNames) await db.clear(name);
});

type Name = 'points' | 'networks' | 'datasets' | 'sheets' | 'features';

/** Damages what lies under the one key of a store, in a drawn way, looks, and puts it back. */
async function damagedAnyhow(name: Name, look: (was: string) => Promise<void>): Promise<void> {
  const [key] = await db.getAllKeys(name);
  const whole = await db.get(name, key as never);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DAMAGES.filter((kind) => kind !== 'remove')),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (kind, draws) => {
        const value = damageValue(whole, kind, () => draws.next().value);
        await db.put(name, value as never, key as never);
        await look(kind);
        await db.put(name, whole as never, key as never);
      },
    ),
    { numRuns: cases(40) },
  );
}

test('a damaged measurement is dropped, and that is told', async () => {
  await putPoint(point());
  expect(await listPoints()).toEqual([point()]);
  await damagedAnyhow('points', async (kind) => {
    let dropped = 0;
    expect(await listPoints((many) => (dropped = many)), kind).toEqual([]);
    expect(dropped).toBe(1);
    expect(await db.count('points')).toBe(0);
  });
});

test('damaged curves and features are not there: they are computed again', async () => {
  const features = { pixels: null, values: Float32Array.of(1, 2, 3) } as never;
  const sheet = { units: 4, curves: [{ accuracy: [0.25, 0.5] }] } as never;
  expect(await keepFeatures('net', features, 1, sheet)).toBe(true);
  expect([await loadSheet('net', 1), await loadFeatures('net')]).toEqual([sheet, features]);
  await damagedAnyhow('sheets', async (kind) => expect(await loadSheet('net', 1), kind).toBe(undefined));
  await damagedAnyhow('features', async (kind) => expect(await loadFeatures('net'), kind).toBe(undefined));
});

test('the damaged row of a data set is made again from its tiles', async () => {
  const { added: _, ...row } = await keepDataset(tinyDataset(4));
  await damagedAnyhow('datasets', async (kind) => {
    expect(await listDatasets(), kind).toMatchObject([row]);
    expect((await db.get('datasets', 'tiny'))?.seal).toBeDefined();
  });
});

test('the damaged row of a network is made again from its file; a damaged file is refused', async () => {
  const file = encodeModel(tinyModel());
  const { name: _, added: __, ...row } = await keepNetwork(file, 'mine');
  await damagedAnyhow('networks', async (kind) => {
    expect(await listNetworks(), kind).toMatchObject([row]);
    expect((await loadNetwork(row.id)).model).toEqual(tinyModel());
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DAMAGES.filter((kind) => kind !== 'remove')),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (kind, draws) => {
        const bytes = damageBytes(file, kind, () => draws.next().value)!;
        await db.put('networkFiles', bytes, row.id);
        const found = await loadNetworkFile(row.id).catch((error) => String(error));
        // A bit of the blanks that fill its header is nobody's.
        if (typeof found === 'string') expect(found).toMatch(/^BadInput: The kept file of/);
        else expect((await loadNetwork(row.id)).model).toEqual(tinyModel());
      },
    ),
    { numRuns: cases(40) },
  );
});
