/** A network from elsewhere, dropped on the page: what its file does not say is asked, and then it looks at tiles. */
import path from 'node:path';
import { bytesOf, resnetCheckpoint } from '../src/lab/files/foreign/testing/checkpoints';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { dropBytes, opened } from './lab';

test('a checkpoint is dropped, asked about, taken in and turned; what cannot be read is named', async ({
  page,
}) => {
  await page.goto('#model=tiny');
  await opened(page, false);

  // Refused layer by layer, and nothing is asked.
  const { 'layer1.0.conv2.weight': _, ...lacking } = resnetCheckpoint();
  await dropBytes(page, 'lacking.safetensors', bytesOf({ ...lacking, 'aux.weight': lacking['fc.weight'] }));
  await expect(
    page.getByText(/lacking.safetensors was not opened.*"layer1.0.conv2.weight" is missing/),
  ).toBeVisible();
  await dropBytes(page, 'net.pt', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0));
  await expect(page.getByText(/net.pt is PyTorch's own/)).toBeVisible();

  await dropBytes(page, 'trained-elsewhere.safetensors', bytesOf(resnetCheckpoint()));
  const dialog = page.getByRole('dialog', { name: 'A network from elsewhere' });
  await expect(dialog.getByRole('status')).toContainText('does not say the size of its pictures');
  expect(await violations(page)).toEqual([]);
  if (process.env.LAB_COMING_IN_PICTURES)
    await page.screenshot({ path: path.join(process.env.LAB_COMING_IN_PICTURES, 'asked.png') });
  await dialog.getByLabel('Size of its pictures, in pixels').fill('32');
  await dialog.getByLabel('Names of its classes').fill('Forest, River');
  await dialog.getByRole('button', { name: 'Take it in' }).click();
  await expect(dialog.getByRole('status')).toContainText('tells 3 classes apart, and 2 are named');
  await dialog.getByLabel('Names of its classes').fill('Forest, River, Highway');
  await dialog.getByRole('button', { name: 'Take it in' }).press('Enter');

  await expect(dialog).toBeHidden();
  await expect(page.getByText(/“trained-elsewhere”: Taken in as ResNet: no group was found/)).toBeVisible();
  await expect(page.getByLabel('Network 1').locator('option:checked')).toHaveText('trained-elsewhere');
  await expect(page.getByTestId('says').first()).toContainText(/Forest|River|Highway/, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Do its layers turn with the tile?' }).first().press('Enter');
  await expect(page.getByTestId('breaks').first()).toContainText(
    /^Under C4 it breaks at once: the first layer, conv1, has an error of /,
    { timeout: 60_000 },
  );
  if (process.env.LAB_COMING_IN_PICTURES)
    await page.screenshot({ path: path.join(process.env.LAB_COMING_IN_PICTURES, 'turned.png') });
});
