/**
 * Without a network: from the second load on the page opens, prunes, teaches and answers; and a newer version never
 * replaces an open page by itself. On a server of its own, in a folder of a host, that can be cut off.
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { test as base, expect } from './fixtures';
import { facts, opened, openLab, press, slider, TINY } from './lab';
import { type Site, serveSite } from './site';

const test = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from here.
  site: async ({}, use) => {
    const site = await serveSite('static');
    await use(site);
    await site.remove();
  },
});
test.use({ serviceWorkers: 'allow', baseURL: ({ site }, use) => use(site.url) });

/** The first visit, until the browser has kept everything. */
async function firstVisit(page: Page): Promise<void> {
  await openLab(page, TINY);
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.offline().isKept), { timeout: 60_000 })
    .toBe(true);
}

test('the second load needs no network: opens, drags, teaches, answers a tile', async ({ site, page }) => {
  await firstVisit(page);
  await site.cut();
  await expect(fetch(site.url)).rejects.toThrow();
  await page.reload();
  await opened(page);

  await slider(page).focus();
  await press(page, 'ArrowRight');
  expect((await facts(page)).setting.removed).toBe(1);

  // ONNX Runtime and LiteRT were never asked for: that is said, and what to do. C needs nothing more.
  await page.getByRole('button', { name: 'ONNX, TFLite or C' }).click();
  const dialog = page.getByRole('dialog', { name: 'orbit-lab-pruned as ONNX, TFLite or C' });
  const said = dialog.getByTestId('onnx-said');
  await dialog.getByRole('button', { name: 'Make and try it' }).click();
  await expect(said).toContainText(/ONNX .* could not be loaded.*14 MB.*try again with a connection/);
  await dialog.getByText('TFLite', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Make and try it' }).click();
  await expect(said).toContainText(/TFLite .* could not be loaded.*10 MB.*try again with a connection/);
  await dialog.getByText('C', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(said).toContainText('bytes of static memory (RAM)');
  await page.keyboard.press('Escape');

  // A lesson, whose script the first visit had no use for.
  await page.getByRole('link', { name: 'Learn' }).click();
  await page
    .getByRole('listitem', { name: 'What is equivariance?' })
    .getByRole('button', { name: 'Start' })
    .click();
  const lesson = page.getByRole('complementary', { name: /^Lesson/ });
  await lesson.getByRole('button', { name: 'Turn it for me' }).click();
  await expect(lesson.getByTestId('lesson-said')).toContainText('Done. On', { timeout: 60_000 });
});

test('a newer version is announced, replaces nothing by itself, and comes with a reload', async ({
  site,
  page,
}) => {
  await firstVisit(page);
  await slider(page).focus();
  await press(page, 'ArrowRight');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('ratio=0.125');
  const script = () => page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')!.src);
  const old = await script();

  await publishAnother(site.folder);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const notice = page.getByRole('status').filter({ hasText: 'A new version of this page is here' });
  await expect(notice).toBeVisible({ timeout: 30_000 });
  expect(await script()).toBe(old);
  expect((await facts(page)).setting.removed).toBe(1);

  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(script).not.toBe(old);
  await opened(page);
  expect((await facts(page)).setting.removed).toBe(1);
  await expect(notice).toHaveCount(0);
});

/** Another build in the place of the one that is served: its first script has another name. */
async function publishAnother(folder: string): Promise<void> {
  const assets = path.join(folder, 'assets');
  const name = (await readdir(assets)).find((each) => /^index-.*\.js$/.test(each))!;
  const html = path.join(folder, 'index.html');
  if (!(await readFile(html, 'utf8')).includes(name)) throw new Error(`${name} is not the first script`);
  await rename(path.join(assets, name), path.join(assets, 'index-another.js'));
  for (const file of [html, path.join(folder, 'sw.js')]) {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replaceAll(name, 'index-another.js').replace(/(index\.html",revision:")./, '$1_'),
    );
  }
}

test('a host that sends no headers: one thread and the reason on the first visit, then as many as there are', async ({
  page,
}) => {
  await firstVisit(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.getByTestId('backend').hover();
  const reason = page.getByTestId('backend-reason');
  await expect(reason).toContainText('one thread, SIMD');
  await expect(reason).toContainText('this page may not share memory between threads');
  await page.reload();
  await opened(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await page.getByTestId('backend').hover();
  await expect(reason).toContainText(cores > 1 ? /\d threads, SIMD/ : 'one thread, SIMD');
});
