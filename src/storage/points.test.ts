/** Points in a real database in memory. */
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { requireLibrary } from './db';
import { listPoints, putPoint } from './points';
import { point } from './testing/trunkPoints';

test('a point kept while its fingerprint was called `print` is read like any other', async () => {
  const { network, ...rest } = point({}, { id: 'old', created: 1 });
  const { fingerprint, ...others } = network;
  const old = { ...rest, network: { ...others, print: fingerprint } };
  await (await requireLibrary()).put('points', old as never, 'old');
  await putPoint(point({}, { id: 'new', created: 2 }));
  expect(await listPoints()).toEqual([
    point({}, { id: 'old', created: 1 }),
    point({}, { id: 'new', created: 2 }),
  ]);
});
