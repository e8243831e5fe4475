/** Many pictures, a row each: a zip, cut off by a reload and gone on with, and a folder of the same; the file is the terminal's. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadEncoders, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { dropFile, hold } from './lab';

const SLOW = { timeout: 60_000 };

/** A folder of pictures, some of them trouble, and a zip of it. */
async function tilesIn(top: string): Promise<{ readonly folder: string; readonly zip: string }> {
  await loadEncoders();
  const good = Array.from({ length: 36 }, async (_, i) => [
    `${i % 2 ? 'a' : 'b'}/${i}.png`,
    await png(picture(8, 8, i)),
  ]);
  const files = [
    ...((await Promise.all(good)) as [string, Uint8Array][]),
    ['=2+3.png', await png(picture(12, 8, 50))] as const,
    ['cut, "off".png', (await png(picture(8, 8, 51))).slice(0, 40)] as const,
    ['notes.txt', new TextEncoder().encode('no picture')] as const,
  ];
  const folder = path.join(top, 'tiles');
  for (const [name, bytes] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  const zip = path.join(top, 'tiles.zip');
  await writeFile(zip, new Uint8Array(await (await zipOf(files)).arrayBuffer()));
  return { folder, zip };
}

test('a zip of tiles is classified, cut off by a reload and gone on with; the file is what `lab classify` writes', async ({
  page,
}, testInfo) => {
  const outputPath = (name: string) => testInfo.outputPath(name);
  const { folder, zip } = await tilesIn(outputPath('given'));
  await page.goto('#view=rotate&model=tiny&rotate.nets=synthetic-tiny');
  const card = page.getByRole('region', { name: 'Classify many pictures' });
  const said = card.getByTestId('batch-said');
  const give = async () => {
    const choosing = page.waitForEvent('filechooser');
    await card.getByRole('button', { name: 'Zip or pictures' }).press('Enter');
    await (await choosing).setFiles(zip);
    await expect(card.getByRole('button', { name: /^(Classify|Go on)$/ })).toBeEnabled(SLOW);
  };
  const csv = async () => {
    const downloading = page.waitForEvent('download');
    await card.getByRole('button', { name: 'Save CSV' }).click();
    return readFile((await (await downloading).path())!, 'utf8');
  };

  await give();
  await hold(page, { after: 'progress', from: 32 });
  await card.getByRole('button', { name: 'Classify', exact: true }).press('Enter');
  await expect(card.getByTestId('batch-progress')).toContainText('32 of 38', SLOW);
  await page.reload();

  await expect(card.getByTestId('batch-unfinished')).toContainText('Ended after 32 of 38', SLOW);
  await expect(card.getByTestId('batch-unfinished')).toContainText('give it again');
  expect((await csv()).split('\r\n')).toHaveLength(32 + 2);
  await hold(page, null);
  await give();
  await card.getByRole('button', { name: 'Go on' }).press('Enter');
  await expect(said).toContainText(/^All 38\spictures of “tiles”/, SLOW);
  await expect(said).toContainText('1 that could not be read');
  await expect(card).toContainText('1 file was passed over');
  const own = await csv();

  const file = outputPath('terminal.csv');
  const args = ['scripts/lab.mjs', 'classify', 'synthetic-tiny', folder, '--csv', file, '--quiet'];
  await promisify(execFile)(process.execPath, args, { cwd: path.resolve(import.meta.dirname, '..') });
  expect(own).toBe(await readFile(file, 'utf8'));
  expect(own).toMatch(/\r\n"?'=2\+3\.png"?,/);
  expect(own).toMatch(/"cut, ""off"".png",,,,unreadable,"?cut, /);

  await card.getByText(/^The 1 unreadable$/).click();
  await expect(card.getByTestId('batch-rows')).toContainText('truncated or damaged');
  await card.getByText(/^The 24 first$/).click();
  await expect(card.getByTestId('batch-rows').locator('canvas')).toHaveCount(24);
  expect(await violations(page)).toEqual([]);

  // A folder that is dropped on the card goes to it, and not to the strip above.
  const brought = await page.getByTestId('strip').getByRole('button').count();
  await card.scrollIntoViewIfNeeded();
  await dropFile(page, card, folder);
  await expect(card).toContainText(/tiles: 38\spictures/);
  await card.getByLabel('Unsure below').fill('100');
  await card.getByRole('switch', { name: 'Mirror images too' }).click();
  await card.getByRole('button', { name: 'Classify', exact: true }).click();
  await expect(said).toContainText('37 unsure (below 100', SLOW);
  expect(await page.getByTestId('strip').getByRole('button').count()).toBe(brought);

  // What cannot be read at all gets a sentence.
  const choosing = page.waitForEvent('filechooser');
  await card.getByRole('button', { name: 'Zip or pictures' }).click();
  await (await choosing).setFiles(path.join(folder, 'notes.txt'));
  await card.getByRole('button', { name: 'Classify', exact: true }).click();
  await expect(card.getByRole('alert')).toContainText('None of the 1 pictures could be read', SLOW);
});
