import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures';
import { dropFile, openLab, TINY } from './lab';

test('the page opens under its name', async ({ page }) => {
  await page.goto('');
  await expect(page).toHaveTitle('Orbit Lab');
  await expect(page.locator('#root')).not.toBeEmpty();
});

test('the first scripts hold no tfjs: it lives in the worker', async ({ page, request }) => {
  // tfjs registers its several hundred kernels under a property that no minifier renames.
  const marker = 'kernelName';
  const tfjs = await readFile('node_modules/@tensorflow/tfjs-core/dist/tf-core.min.js', 'utf8');
  expect(tfjs).toContain(marker);

  const html = await (await request.get('')).text();
  const scripts = [...html.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.js)"/g)].map(
    ([, path]) => path,
  );
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    expect((await (await request.get(script)).text()).includes(marker), script).toBe(false);
  }
  await page.goto('');
});

const NAMES = ['Prune', 'Rotate', 'Fields', 'Train', 'Pipeline', 'Adapt', 'Tasks', 'Data', 'Paper', 'Learn'];

test('Back leads through every view to the first, Forward to the last again, and neither opens anything anew', async ({
  page,
}) => {
  await openLab(page, TINY);
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true });
  const isAt = (name: string) => expect(tab(name)).toHaveAttribute('aria-current', 'page');
  // As in the middle of work: twice through some of them, and without waiting for what they load.
  const walk = [...NAMES, 'Rotate', 'Fields', 'Learn'];
  for (const name of walk.slice(1)) await tab(name).click();
  await isAt('Learn');
  const entries = await page.evaluate(() => history.length);
  for (const name of walk.slice(0, -1).reverse()) {
    await page.goBack();
    await isAt(name);
  }
  for (const name of walk.slice(1)) {
    await page.goForward();
    await isAt(name);
  }
  expect(await page.evaluate(() => [history.length, window.__orbitLab.lab().status])).toEqual([
    entries,
    'ready',
  ]);
});

test.describe('who never opened the details', () => {
  test.use({ remembers: false });

  test('a file that falls on the header goes to what the view takes; where it takes nothing that is said', async ({
    page,
  }) => {
    await openLab(page, TINY);
    const header = page.getByRole('banner');
    const file = path.resolve(import.meta.dirname, '../package.json');
    await dropFile(page, header, file);
    await expect(page.getByRole('alert')).toContainText('package.json is no JPEG');
    await page.getByRole('link', { name: 'Pipeline', exact: true }).click();
    // A view takes files once it is there.
    await expect(page.getByText('New pipeline')).toBeVisible();
    await dropFile(page, header, file);
    await expect(page.getByRole('alert')).toContainText('package.json was not opened');
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
    await dropFile(page, page.locator('body'), file);
    await expect(page.getByText('Train takes no such file here')).toBeVisible();
    expect(page.url()).toContain('view=train');
  });
});
