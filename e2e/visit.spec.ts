/** A second visit computes nothing again that the first one has, and shows the same; what is kept and does not fit is passed over. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { facts, openLab, TINY } from './lab';

/** Entries of a store of what the page keeps. */
const kept = (page: Page, store: string) =>
  page.evaluate(
    (store) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('orbit-lab');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction(store).objectStore(store).count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
    store,
  );

/** Everything that the page says its worker does, from its first moment on. */
const listen = (page: Page) =>
  page.addInitScript(`{
    const said = (window.__said = new Set());
    const look = () => {
      said.add(window.__orbitLab?.lab().progress?.what);
      setTimeout(look);
    };
    look();
  }`);

const said = (page: Page) =>
  page.evaluate(() => [...(window as unknown as { __said: Set<string> }).__said].filter(Boolean));

test('the second visit has the curves of all tiles without painting a tile or running a network', async ({
  page,
}) => {
  await listen(page);
  await openLab(page, TINY);
  const first = await facts(page);
  // What takes a moment only may be missed by who looks on.
  expect((await said(page)).join('; ')).toMatch(/painting.*pruning/);
  await expect.poll(() => kept(page, 'featureUses'), { timeout: 30_000 }).toBe(2);

  await page.reload();
  await openLab(page, TINY);
  expect(await facts(page)).toEqual(first);
  const words = (await said(page)).join('; ');
  expect(words).not.toMatch(/painting|pruning/);
  // What needs pixels and features still works on them.
  const figures = await page.evaluate(async () => {
    const { main } = window.__orbitLab.study();
    return [main!.tiles, main!.ofTiles, main!.neurons.thumbs.pixels.some((value) => value > 0)];
  });
  expect(figures).toEqual([240, 240, true]);
});

test('what was kept of another shape is ignored', async ({ page }) => {
  await openLab(page, TINY);
  const first = await facts(page);
  await expect.poll(() => kept(page, 'featureUses'), { timeout: 30_000 }).toBe(2);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('orbit-lab');
        opening.onsuccess = () => {
          const change = opening.result.transaction(['features', 'sheets'], 'readwrite');
          change.objectStore('sheets').clear();
          const store = change.objectStore('features');
          store.openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            if (!cursor) return;
            cursor.update({ ...cursor.value, train: cursor.value.train.slice(1) });
            cursor.continue();
          };
          change.oncomplete = () => {
            opening.result.close();
            resolve();
          };
          change.onerror = () => reject(change.error);
        };
      }),
  );
  await page.reload();
  await openLab(page, TINY);
  expect(await facts(page)).toEqual(first);
});
