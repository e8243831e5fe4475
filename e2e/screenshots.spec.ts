/**
 * Pictures of the page after a collapse and its recovery. `npm run screenshots` writes them to docs/images; in the
 * tests they go to the results, so that a test run leaves the tree clean.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures';
import { finetuning, openLab, press, slider } from './lab';

const folder = process.env.LAB_SCREENSHOTS ?? 'test-results/screenshots';

for (const [name, width, height, scheme] of [
  ['prune', 1280, 800, 'light'],
  ['prune-dark', 1280, 800, 'dark'],
  ['prune-phone', 390, 844, 'light'],
  ['prune-phone-dark', 390, 844, 'dark'],
] as const) {
  test(`${name}: ${width} wide, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await openLab(page);
    const { units } = await page.evaluate(() => window.__orbitLab.study().main!);
    await slider(page).focus();
    await press(page, 'End');
    for (let i = 0; i < Math.round(0.08 * units); i++) await press(page, 'ArrowLeft');
    await page.waitForTimeout(600);
    const running = await finetuning(page);
    if (running) {
      await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
    }
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    expect((await stat(file)).size).toBeGreaterThan(30_000);
  });
}
