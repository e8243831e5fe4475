/** The Data view: tiles go in by zip and by folder, are kept, split and removed; what goes wrong costs nothing. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { loadEncoders, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { expect, test } from './fixtures';
import { dropFile, hold } from './lab';

const CLASSES = ['Forest', 'River', 'SeaLake'];
const PER_CLASS = 5;

let folder: string;
/** EuroSAT's layout, 16×16. */
let files: [string, Uint8Array][];

test.beforeEach(async () => {
  await loadEncoders();
  files = [];
  for (const [label, name] of CLASSES.entries()) {
    for (let n = 1; n <= PER_CLASS; n++) {
      files.push([`2750/${name}/${name}_${n}.png`, await png(picture(16, 16, 10 * label + n))]);
    }
  }
  folder = test.info().outputPath('tiles');
  for (const [name, bytes] of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

const zip = async (name: string, entries: [string, Uint8Array][] = files) => ({
  name,
  mimeType: 'application/zip',
  buffer: Buffer.from(await (await zipOf(entries)).arrayBuffer()),
});

const table = (page: Page) => page.getByTestId('split-table');
const zone = (page: Page) => page.getByTestId('drop-zone');
const title = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true });
const choiceOf = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });

async function openData(page: Page): Promise<void> {
  await page.goto('#view=data&model=tiny');
  await expect(choiceOf(page, 'Synthetic')).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => page.evaluate(() => window.__orbitLab.datasets().rows !== null)).toBe(true);
}

/** Chooses a file by keyboard alone. */
async function choose(page: Page, button: string, given: Parameters<Chooser['setFiles']>[0]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).focus();
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(given);
}
type Chooser = Awaited<ReturnType<Page['waitForEvent']>> & import('@playwright/test').FileChooser;

const drop = (page: Page, ...files: string[]) => dropFile(page, zone(page), ...files);

test('a zip is read with progress, shown with its split, kept over a reload, trained on and removed', async ({
  page,
}) => {
  await openData(page);
  await expect(table(page)).toContainText('1,200');
  await choose(page, 'Choose files', await zip('mine.zip'));
  await expect(title(page, 'mine')).toBeVisible({ timeout: 30_000 });
  // 5 tiles of each of 3 classes: 3 train, 1 validation, 1 test.
  const rows = table(page).locator('tbody tr');
  for (const [label, name] of CLASSES.entries()) await expect(rows.nth(label)).toHaveText(`${name}3115`);
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes93315');

  const river = page.getByRole('img', { name: /tiles of River/ });
  await expect(river).toHaveAccessibleName('5 tiles of River: 3 train, 1 validation, 1 test');
  // The sheet holds the very pixels of the file: tiles of up to 32×32 are not scaled.
  const first = await river.evaluate((canvas: HTMLCanvasElement) => [
    ...canvas.getContext('2d')!.getImageData(0, 0, 2, 1).data,
  ]);
  expect(first).toEqual([...picture(16, 16, 11).data.subarray(0, 8)]);

  await page.reload();
  await choiceOf(page, 'mine').press('Enter');
  await expect(page.getByTestId('kept')).toContainText('added');
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes93315');

  await page.getByLabel('Split seed').fill('7');
  await page.getByRole('button', { name: 'Train on these tiles' }).press('Enter');
  await expect(page).toHaveURL(/view=train/);
  await expect(page).toHaveURL(/train\.data=mine/);
  await expect(page).toHaveURL(/train\.splitSeed=7/);

  await page.goBack();
  await choiceOf(page, 'mine').press('Enter');
  await page.getByRole('button', { name: 'Remove' }).press('Enter');
  const asking = page.getByRole('dialog');
  await expect(asking).toContainText('No run was trained on it.');
  await asking.getByRole('button', { name: 'Remove' }).press('Enter');
  await expect(page.getByText('mine was removed from this browser.')).toBeVisible();
  await expect(title(page, 'Synthetic land cover (made by code)')).toBeVisible();
  await expect(page).not.toHaveURL(/train\.data=mine/);
});

test('a folder is chosen or dropped; a taken name is asked about', async ({ page }) => {
  await openData(page);
  await choose(page, 'Choose a folder', folder);
  await expect(title(page, 'tiles')).toBeVisible({ timeout: 30_000 });
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes93315');

  await rm(path.join(folder, '2750', 'SeaLake'), { recursive: true });
  await drop(page, folder);
  await page.getByRole('dialog').getByRole('button', { name: 'Keep both' }).press('Enter');
  await expect(title(page, 'tiles 2')).toBeVisible({ timeout: 30_000 });
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes62210');

  await drop(page, folder);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).last().press('Enter');
  await expect(page.getByText('Nothing was read. The “tiles” that is kept stays as it is.')).toBeVisible();
});

/** Pictures of the view, to be looked at. */
async function look(page: Page, folder: string): Promise<void> {
  for (const [name, width] of [
    ['desktop', 1280],
    ['phone', 390],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(500);
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), fullPage: true });
    }
  }
}

test('official parts are kept, what was passed over is told, and pictures are scaled on request', async ({
  page,
}) => {
  await openData(page);
  const parts = files.map(([name, bytes], i): [string, Uint8Array] => [
    name.replace('2750', i % 5 < 3 ? 'Training' : 'TEST'),
    bytes,
  ]);
  parts.push(['TEST/River/odd.png', await png(picture(20, 20, 99))], ['TEST/River/a.bmp', new Uint8Array(9)]);
  await choose(page, 'Choose files', await zip('parts.zip', parts));
  await expect(page.getByRole('alert')).toContainText('be scaled to one on request', { timeout: 30_000 });
  await page.getByLabel('Scale to').fill('16');
  await choose(page, 'Choose files', await zip('parts.zip', parts));
  await expect(title(page, 'parts')).toBeVisible({ timeout: 30_000 });
  // 3 of each class to train and choose with, 2 to test with, and one more of River.
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes63716');
  const notes = page.getByTestId('import-notes');
  await expect(notes).toContainText('TEST, Training are kept as the parts of the split: 9 train, 7 test.');
  await expect(notes).toContainText('1 file passed over');
  await expect(notes).toContainText('Scaled to 16×16, as asked for: 1 of 20×20.');
  const before = await table(page).locator('tfoot tr').innerText();
  await page.getByLabel('Split seed').fill('7');
  await expect(page.getByText('This data set came in parts, which are kept')).toBeVisible();
  expect(await table(page).locator('tfoot tr').innerText()).toBe(before);
  if (process.env.LAB_LOOK) await look(page, process.env.LAB_LOOK);
});

test('a drop of 3,000 loose pictures is answered in seconds', async ({ page }) => {
  await openData(page);
  const loose = test.info().outputPath('loose');
  await mkdir(loose);
  const [, bytes] = files[0];
  const names = Array.from({ length: 3_000 }, (_, i) => path.join(loose, `${i}.png`));
  for (const name of names) await writeFile(name, bytes);
  // From the drop on: before it the browser is told of each file three times.
  await page.evaluate(() => addEventListener('drop', () => performance.mark('dropped'), { capture: true }));
  await drop(page, ...names);
  await expect(page.getByRole('alert')).toContainText('3,000 files in no folder', { timeout: 30_000 });
  const took = await page.evaluate(
    () => performance.now() - performance.getEntriesByName('dropped')[0].startTime,
  );
  expect(took).toBeLessThan(10_000);
  await rm(loose, { recursive: true });
});

test('a broken zip, an empty class and a full disk cost a sentence, and what was kept stays', async ({
  page,
  baseURL,
}) => {
  const cdp = await page.context().newCDPSession(page);
  // Before the page writes anything: Chromium remembers for half a minute how much was free then.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: new URL(baseURL!).origin, quotaSize: 500_000 });
  await openData(page);
  await choose(page, 'Choose files', await zip('mine.zip'));
  await expect(title(page, 'mine')).toBeVisible({ timeout: 30_000 });

  const whole = await zip('broken.zip');
  await choose(page, 'Choose files', { ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length / 2) });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('broken.zip is truncated or damaged', { timeout: 30_000 });

  const hollow = files.map(([name, bytes]): [string, Uint8Array] =>
    name.includes('River') ? [name.replace('.png', '.txt'), new Uint8Array(3)] : [name, bytes],
  );
  await choose(page, 'Choose files', await zip('hollow.zip', hollow));
  await expect(alert).toContainText('River in hollow holds no', { timeout: 30_000 });
  await expect(choiceOf(page, 'hollow')).toHaveCount(0);

  const large: [string, Uint8Array][] = [];
  for (let n = 0; n < 60; n++) large.push([`${n % 2}/${n}.png`, await png(picture(100, 100, n))]);
  await choose(page, 'Choose files', await zip('mine.zip', large));
  await page.getByRole('dialog').getByRole('button', { name: 'Replace it' }).press('Enter');
  await expect(alert).toContainText('mine needs 1.9 MB on the disk', { timeout: 30_000 });
  await expect(alert).toContainText('Everything kept before is still there: mine (0.1 MB)');
  await page.reload();
  await choiceOf(page, 'mine').press('Enter');
  await expect(table(page).locator('tfoot tr')).toHaveText('All classes93315');
});

test('reading is cancelled, survives a look elsewhere, and a killed worker is told', async ({ page }) => {
  await openData(page);
  const [, one] = files[0];
  const many = Array.from({ length: 1000 }, (_, n): [string, Uint8Array] => [`${n % 2}/${n}.png`, one]);
  const given = await zip('many.zip', many);
  // What is read can still be cancelled, or cut off, however fast it is.
  await hold(page, { after: 'progress', from: 2 });
  const reading = () => expect(page.getByTestId('reading')).toContainText('of 1,000', { timeout: 30_000 });

  await choose(page, 'Choose files', given);
  await reading();
  await page.getByRole('link', { name: 'Prune' }).press('Enter');
  await page.getByRole('link', { name: 'Data' }).press('Enter');
  await reading();
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(page.getByText('Reading many was cancelled. Nothing of it was kept.')).toBeVisible();

  const starting = page.waitForEvent('worker');
  await choose(page, 'Choose files', given);
  const worker = await starting;
  await reading();
  void worker.evaluate(() => self.close()).catch(() => {});
  await expect(page.getByRole('alert')).toContainText('Reading many ended half-way', { timeout: 30_000 });
  await hold(page, null);
  await choose(page, 'Choose files', await zip('few.zip'));
  await expect(title(page, 'few')).toBeVisible({ timeout: 30_000 });
});
