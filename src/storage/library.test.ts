import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { expect, test, vi } from 'vitest';
import { openLibrary } from './db';
import { countKept, watchLibrary } from './library';
import { putPoint } from './points';
import { point } from './testing/trunkPoints';

test('a library that is deleted under the page is noticed, once, and the next one is there', async () => {
  let deleted = 0;
  watchLibrary(() => deleted++);
  await putPoint(point());
  expect(await countKept()).toEqual({ runs: 0, datasets: 0, networks: 0, points: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await deleteDB('orbit-lab');
  await vi.waitFor(() => expect(deleted).toBe(1));
  expect(await countKept()).toEqual({ runs: 0, datasets: 0, networks: 0, points: 0 });
  await openLibrary();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(deleted).toBe(1);
});
