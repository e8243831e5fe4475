/** A tile of the reader's own: chosen, classified at four turns by both networks; and pictures that will not do. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { loadEncoders, picture, png } from '../src/lab/data/testing/pictures';
import { tiffOf } from '../src/lab/pictures/testing/tiffs';
import { expect, test } from './fixtures';
import { openLab, TINY } from './lab';

const subset = path.resolve(import.meta.dirname, '../../shared/data/eurosat');

const choose = async (page: import('@playwright/test').Page, name: string, buffer: Buffer) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a tile' }).click();
  await (await chooser).setFiles({ name, mimeType: 'image/png', buffer });
};

test('a chosen tile is answered at four turns, the equivariant network the same at all', async ({ page }) => {
  await loadEncoders();
  await openLab(page, TINY);
  await choose(page, 'noise.png', Buffer.from(await png(picture(64, 64, 3))));
  await expect(page.getByTestId('tile-sentence')).toContainText('The equivariant network says', {
    timeout: 30_000,
  });
  await expect(page.getByTestId('tile-answers').locator('tbody tr')).toHaveCount(2);
  const answers = await page
    .getByTestId('tile-answers')
    .locator('tbody tr')
    .first()
    .locator('td')
    .allTextContents();
  expect(new Set(answers).size).toBe(1);
});

test('a real tile from the EuroSAT subset (needs ../shared/data/eurosat)', async ({ page }) => {
  test.skip(!existsSync(subset), '../shared/data/eurosat is absent');
  await openLab(page, TINY);
  const name = readdirSync(path.join(subset, 'Forest'))[0];
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a tile' }).click();
  await (await chooser).setFiles(path.join(subset, 'Forest', name));
  await expect(page.getByTestId('tile-sentence')).toContainText('The equivariant network says', {
    timeout: 30_000,
  });
});

test('a picture of any shape is scaled, or cropped on request; one that is none gets a clear sentence', async ({
  page,
}) => {
  await loadEncoders();
  await openLab(page, TINY);
  await choose(page, 'wide.png', Buffer.from(await png(picture(180, 130, 3))));
  const seen = page.getByTestId('tile-seen');
  await expect(seen).toHaveText('The middle 130×130 of 180×130 pixels, averaged to 64×64.', {
    timeout: 30_000,
  });
  await page.getByText('64×64 pixels', { exact: true }).click();
  await expect(seen).toHaveText('The middle 64×64 of 180×130 pixels.', {
    timeout: 30_000,
  });
  await expect(page.getByTestId('tile-answers').locator('canvas')).toHaveCount(4);
  await choose(page, 'text.png', Buffer.from('just some text'));
  await expect(page.getByRole('alert')).toHaveText(
    'text.png is no JPEG, PNG, WebP or TIFF picture; convert it or leave it out.',
  );
  // The lab goes on.
  await choose(page, 'fine.png', Buffer.from(await png(picture(128, 128, 3))));
  await expect(page.getByTestId('tile-answers')).toBeVisible({ timeout: 30_000 });
});

test('a GeoTIFF of 13 bands is shown as EuroSAT shows it, and a broken one is refused', async ({ page }) => {
  const value = (x: number, y: number, band: number) => 600 + 20 * ((x * 3 + y * 5 + band * 7) % 64);
  const tiff = tiffOf({ width: 64, height: 64, bands: 13, bits: 16, colours: 1, compression: 8 }, value);
  await openLab(page, TINY);
  await choose(page, 'scene.tif', Buffer.from(tiff));
  await expect(page.getByTestId('tile-seen')).toContainText(
    'All 64×64 pixels. Bands 4, 3 and 2 were stretched as EuroSAT stretched',
    { timeout: 30_000 },
  );
  await choose(page, 'cut.tif', Buffer.from(tiff.subarray(0, 5000)));
  await expect(page.getByRole('alert')).toContainText('cut.tif is truncated or damaged');
});
