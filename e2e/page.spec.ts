import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures';

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
