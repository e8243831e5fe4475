/** Where a network is wrong: looked at by mouse and by keyboard, and saved as the files that the command line writes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { expect, test } from './fixtures';
import { hold, linkHere, openLab, TINY } from './lab';

test.setTimeout(180_000);

const card = (page: Page) => page.getByTestId('wrong');
const button = (page: Page, name: string | RegExp) => card(page).getByRole('button', { name });

/** What is handed out when something is pressed. */
async function handed(
  page: Page,
  press: () => Promise<unknown>,
): Promise<{ name: string; bytes: Uint8Array }> {
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await press();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: new Uint8Array(await readFile(await file.path())) };
}

async function textsOf(zip: Uint8Array): Promise<Map<string, string>> {
  const entries = await new ZipReader(new Uint8ArrayReader(zip)).getEntries();
  const texts = new Map<string, string>();
  for (const entry of entries)
    if (!entry.directory) texts.set(path.basename(entry.filename), await entry.getData(new TextWriter()));
  return texts;
}

test('the pruned network beside the whole one: cells, lists, pictures, test tiles; the files are the command line’s', async ({
  page,
}) => {
  // Fine-tuning would begin by itself, and have a network of its own.
  await openLab(page, `?hide=finetuning${TINY}&ratio=0.5`);
  await button(page, 'See where it is wrong').press('Enter');
  // The button is gone; the keyboard is still here.
  await expect(page.getByRole('heading', { name: 'Where it is wrong' })).toBeFocused();
  await expect(page.getByTestId('wrong-before')).toContainText('Against the whole network:', {
    timeout: 60_000,
  });
  await expect(page.getByTestId('wrong-sentence')).toContainText('240 validation tiles');

  // By keyboard to a cell on the diagonal, and what it holds.
  const grid = card(page).getByRole('grid');
  await grid.getByRole('button').first().focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
  const second = grid.getByRole('button', { name: /^Forest, answered rightly/ });
  await expect(second).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(second).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('wrong-list')).toContainText(
    /Forest, answered rightly|No tile is in this cell/,
  );

  // The pair that is confused most, by mouse: as many tiles as it says, each with its picture and both answers.
  const pair = button(page, /taken for .* tile/).first();
  const [, truth, answer, tiles] = /^(\S+) taken for (\S+): (\d+)/.exec((await pair.textContent())!)!;
  await pair.click();
  await expect(page.getByTestId('wrong-list')).toContainText(`${truth} answered as ${answer}`);
  const sheet = page.getByTestId('wrong-sheet');
  await expect(sheet.getByRole('listitem')).toHaveCount(Math.min(24, Number(tiles)));
  await expect(sheet.getByRole('listitem').first()).toContainText(`Pruned: ✗`);
  await expect(sheet.getByRole('listitem').first()).toContainText('Whole:');
  await expect(sheet.locator('canvas').first()).toHaveAttribute('width', '8');

  // Test tiles: said to choose nothing, and part of the link.
  await card(page).getByRole('radiogroup', { name: 'Tiles', exact: true }).getByText('Test').click();
  await expect(card(page)).toContainText('Test tiles choose nothing');
  await expect(page.getByTestId('wrong-sentence')).toContainText('240 test tiles');
  await expect(page.getByTestId('wrong-before')).toBeVisible();
  expect(await linkHere(page)).toContain('wrong=test');

  await button(page, 'Save: report by class').click();
  const report = await handed(page, () => page.getByRole('menuitem', { name: 'All of it (zip)' }).click());
  expect(report.name).toBe('orbit-lab-pruned-test-report.zip');
  const pages = await textsOf(report.bytes);
  const numbers = page.locator('section', { has: page.getByTestId('numbers') });
  const save = numbers.getByRole('button', { name: 'Save pruned network' });
  const network = await handed(page, () => save.click());
  const along = await handed(page, () => numbers.getByRole('button', { name: 'Take along (zip)' }).click());
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-wrong-'));
  try {
    const file = path.join(folder, network.name);
    await writeFile(file, network.bytes);
    const out = path.join(folder, 'report');
    await promisify(execFile)(
      process.execPath,
      [
        ...['scripts/lab.mjs', 'evaluate', file, '--data', 'synthetic', '--split', 'test', '--quiet'],
        ...['--report', out, '--before', 'synthetic-tiny'],
      ],
      { cwd: path.resolve(import.meta.dirname, '..') },
    );
    // The network before has no file in the page: it goes by its title there.
    const title = (await page.evaluate(() => window.__orbitLab.lab().opened!.nets.main.title))!;
    expect([...pages.keys()].sort()).toEqual([
      'changes.csv',
      'classes.csv',
      'confusion.csv',
      'reliability.csv',
      'report.md',
      'tiles.csv',
    ]);
    for (const [name, text] of pages)
      expect(text.replaceAll(`"${title}"`, 'synthetic-tiny').replaceAll(title, 'synthetic-tiny'), name).toBe(
        await readFile(path.join(out, name), 'utf8'),
      );
    // And what goes along with the network tells the same, class by class.
    const readme = (await textsOf(along.bytes)).get('README.md')!;
    const rows = pages
      .get('report.md')!
      .split('\n')
      .filter((line) => line.startsWith('| SeaLake | 24 |'));
    expect(rows).toHaveLength(1);
    expect(readme.split('\n')).toContain(rows[0]);
  } finally {
    await rm(folder, { recursive: true });
  }

  // Another position of the slider is another network: what is shown says so, until it is looked at again.
  await page.getByRole('slider', { name: 'Hidden neurons removed' }).press('Home');
  await expect(card(page)).toContainText('another position of the slider');
  await button(page, 'Look again').click();
  await expect(page.getByTestId('wrong-before')).toHaveCount(0);
  await expect(page.getByTestId('wrong-sentence')).toContainText('240 test tiles');

  // The link brings it back, with the tiles that were looked at.
  expect(await linkHere(page)).toContain('wrong=test');
  await page.reload();
  await expect(page.getByTestId('wrong-sentence')).toContainText('240 test tiles', { timeout: 60_000 });
  await button(page, 'Close').click();

  // Stopped in the midst of it, tried again; a worker that dies under it costs this look alone.
  await hold(page, { after: 'progress', from: 100 });
  await button(page, 'See where it is wrong').click();
  await expect(card(page)).toContainText(/tiles: \d+ of 960/);
  await button(page, 'Stop').click();
  await expect(page.getByTestId('wrong-problem')).toContainText('stopped before it was measured');
  await button(page, 'Try again').click();
  await expect(card(page)).toContainText(/tiles: \d+ of 960/);
  await page.evaluate(() => window.__orbitLab.terminateWorker());
  await expect(page.getByTestId('wrong-problem')).toContainText('stopped before it was measured');
  await hold(page, null);
  await button(page, 'Try again').click();
  await expect(page.getByTestId('wrong-sentence')).toContainText('240 validation tiles', { timeout: 60_000 });
});
