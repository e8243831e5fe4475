/** A tile of the reader's own: chosen, classified at four turns by both networks; and pictures that will not do. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { loadCodecs, picture, png } from '../src/lab/data/testing/pictures';
import { expect, test } from './fixtures';
import { openLab, TINY } from './lab';

const subset = path.resolve(import.meta.dirname, '../../shared/data/eurosat');

const choose = async (page: import('@playwright/test').Page, name: string, buffer: Buffer) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a tile' }).click();
  await (await chooser).setFiles({ name, mimeType: 'image/png', buffer });
};

test('a chosen tile is answered at four turns, the equivariant network the same at all', async ({ page }) => {
  await loadCodecs();
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

test('a picture of the wrong size, and a file that is no picture: one clear sentence', async ({ page }) => {
  await loadCodecs();
  await openLab(page, TINY);
  await choose(page, 'wide.png', Buffer.from(await png(picture(80, 64, 3))));
  await expect(page.getByRole('alert')).toContainText('"wide.png" is 80×64: a tile has to be square');
  await choose(page, 'text.png', Buffer.from('just some text'));
  await expect(page.getByRole('alert')).toContainText('text.png');
  // The lab goes on.
  await choose(page, 'fine.png', Buffer.from(await png(picture(128, 128, 3))));
  await expect(page.getByTestId('tile-answers')).toBeVisible({ timeout: 30_000 });
});
