/** What goes wrong under a page: left at once, its storage deleted, a part that does not load, a worker that never ends. */
import { type Page, test as plain } from '@playwright/test';
import { expect, test } from './fixtures';
import { hold } from './lab';

test.setTimeout(120_000);

const FORM =
  '?backend=wasm#view=train&model=tiny&train.arch=tiny&train.group=C4&train.head=orbit&train.size=8&train.epochs=40&train.batch=8&train.rate=0.01&train.seed=3';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** After a reload its scripts may still be on their way. */
async function training(page: Page) {
  await page.waitForFunction(() => window.__orbitLab !== undefined);
  return page.evaluate(() => window.__orbitLab.training());
}

test('a run is there, and goes on, when the page is loaded anew right after Train', async ({ page }) => {
  await page.goto(FORM);
  await page.waitForFunction(() => window.__orbitLab !== undefined);
  await hold(page, { after: 'epoch', from: 20 });
  for (const [i, wait] of [0, 400].entries()) {
    await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
    await button(page, 'Train').click();
    await page.waitForTimeout(wait);
    await page.reload();
    await expect.poll(async () => (await training(page)).rows?.length, { timeout: 60_000 }).toBe(i + 1);
    await expect
      .poll(async () => (await training(page)).live?.name, { timeout: 60_000 })
      .toBe(`tiny ${i + 1}`);
    await button(page, 'Stop for now').click();
    await expect.poll(async () => (await training(page)).live, { timeout: 60_000 }).toBeNull();
  }
});

test('a worker that never comes back is replaced where it is to stop, and the run can be continued', async ({
  page,
}) => {
  await page.goto(FORM);
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
  // Once the first worker has all of its threads, the next to start is the one that trains.
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
    .toBe('ready');
  await hold(page, { after: 'epoch', from: 2 });
  const starting = page.waitForEvent('worker');
  await button(page, 'Train').click();
  const worker = await starting;
  await expect.poll(async () => (await training(page)).live?.history.length, { timeout: 60_000 }).toBe(2);
  void worker
    .evaluate(() => {
      // Not within the call itself, which would have the debugger wait for its end. It hears no more than one that computes
      // for ever, and leaves the processor to the others.
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    })
    .catch(() => {});
  await button(page, 'Stop for now').click();
  await expect.poll(async () => (await training(page)).live?.status).toBe('stopping');
  await expect.poll(async () => (await training(page)).live, { timeout: 60_000 }).toBeNull();
  const [row] = (await training(page)).rows!;
  expect(row.status).toBe('stopped');
  expect(row.history).toHaveLength(2);
  await hold(page, { after: 'epoch', from: 4 });
  await button(page, 'Continue').click();
  await expect
    .poll(async () => (await training(page)).live?.history.length ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(row.history.length);
});

test('storage deleted under the page is said, with what was in it; nothing is said to be kept', async ({
  page,
}) => {
  await page.goto(FORM.replace('epochs=40', 'epochs=1'));
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
  await button(page, 'Train').click();
  await expect.poll(async () => (await training(page)).rows?.[0]?.status, { timeout: 60_000 }).toBe('done');
  // Counted once nothing has changed for a moment.
  await page.waitForTimeout(1000);
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('orbit-lab').onsuccess = resolve;
      }),
  );
  await expect(page.getByText(/was deleted meanwhile, and with it 1\srun\. What is open/)).toBeVisible();
  await expect.poll(async () => (await training(page)).rows).toEqual([]);
  await expect(page.getByText('Nothing of yours was lost')).toHaveCount(0);
});

plain(
  'a link to a report by any name at all, and a style sheet that fails once, leave the page usable',
  async ({ page }) => {
    for (const name of ['constructor', 'hasown', 'valueof']) {
      await page.goto(`#view=paper&model=tiny&report=${name}`);
      await expect(page.getByText(`No report “${name}” comes with this page.`)).toBeVisible();
      await page.goto('about:blank');
    }
    const tab = (view: string) =>
      page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view });
    // Once it is loaded anew by itself; where it fails again, the others can be reached, and it is loaded when it is asked for.
    await page.goto('');
    for (const [view, name, times] of [
      ['Data', 'DatasetsView', 1],
      ['Train', 'TrainView', 2],
      ['Learn', 'LearnView', 2],
    ] as const) {
      let failures = 0;
      await page.route(new RegExp(`/${name}-[^/]*\\.css$`), (route) =>
        failures++ < times ? route.abort() : route.continue(),
      );
      await tab(view).click();
      const alert = page.getByRole('alert').filter({ hasText: `The view ${view} could not be drawn` });
      if (times > 1) await expect(alert).toBeVisible();
      if (view === 'Learn') await alert.getByRole('button', { name: 'Load again' }).click();
      else {
        await tab('Paper').click();
        await expect(
          page.getByRole('heading', { name: 'The paper, and what the lab measures' }),
        ).toBeVisible();
        await tab(view).click();
      }
      await expect.poll(() => failures).toBe(times + 1);
      await expect(alert).toHaveCount(0);
    }
    // One that never loads is in the way of its own view alone.
    const fails = (view: string) =>
      expect(
        page.getByRole('alert').filter({ hasText: `The view ${view} could not be drawn` }),
      ).toBeVisible();
    await page.route(/\/RotateView-[^/]*\.css$/, (route) => route.abort());
    await page.route(/\/FieldsView-[^/]*\.css$/, (route) => route.abort(), { times: 2 });
    await tab('Rotate').click();
    await fails('Rotate');
    await tab('Fields').click();
    await fails('Fields');
    await page.getByRole('button', { name: 'Load again' }).click();
    // It ranks the fields first.
    await expect(page.getByRole('heading', { name: 'Prune the trunk' })).toBeVisible({ timeout: 60_000 });
  },
);
