/** The Paper view: the findings as they are in the repository, and reports from disk. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { handReport } from '../src/lab/testing/reports';
import { expect, test } from './fixtures';

async function openPaper(page: Page): Promise<void> {
  await page.goto('#view=paper&model=tiny');
  await expect(page.getByRole('heading', { name: 'What we could and could not reproduce' })).toBeVisible({
    timeout: 30_000,
  });
}

async function openReport(page: Page, name: string, text: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a report …' }).press('Enter');
  await (await choosing).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('the findings are those of the repository, each with its command', async ({ page }) => {
  await openPaper(page);
  const text = await readFile('docs/what-reproduces.md', 'utf8');
  for (const [, heading] of text.matchAll(/^## (.+)$/gm))
    await expect(page.getByRole('heading', { name: heading })).toHaveCount(1);
  await expect(page.getByText('describe paper --hidden 90')).toBeVisible();
  await expect(page.getByRole('cell', { name: '528,994' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'Paper' })).toHaveAttribute('aria-current', 'page');
});

test('a report from disk is shown; what is none is refused and changes nothing', async ({ page }) => {
  await openPaper(page);
  await openReport(page, 'mine.json', JSON.stringify(handReport()));
  await expect(page.getByRole('heading', { name: 'Table II by hand' })).toBeVisible();
  const row = page.getByTestId('report-exact').getByRole('row', { name: /^Pruned 50/ });
  await expect(row).toContainText('−40.0 ± 1.4');
  await expect(page.getByText('It collapses by 40 points.')).toBeVisible();
  const takes = page.getByRole('group', { name: 'What it would take to tell: Two rows' });
  await expect(takes.getByRole('row', { name: /^Pruned 50/ })).toContainText('−40.0 (−52.0 to −28.0)');
  await expect(page.getByRole('img', { name: /^Test accuracy of each row\. Original: 67\.0/ })).toBeVisible();

  const download = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Save: figures, / })
    .first()
    .press('Enter');
  await page.getByRole('menuitem', { name: '(CSV)' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('orbit-lab-table-2-small-exact.csv');
  expect(await readFile(await file.path(), 'utf8')).toContain('Pruned 50');

  await openReport(page, 'other.json', '{"stages":[]}');
  await expect(page.getByRole('alert')).toContainText('other.json is not a report of this lab');
  await expect(page.getByRole('heading', { name: 'Table II by hand' })).toBeVisible();
  await page.getByRole('button', { name: 'What we could and could not reproduce' }).press('Enter');
  await expect(
    page.getByRole('heading', { name: '6. The collapse looks like a wrong cascade' }),
  ).toBeVisible();
});

test('a link opens the report it was copied from; one that does not come with the page says so', async ({
  page,
}) => {
  // The shelves fill a phone: what was chosen comes into sight, and is read on from.
  await page.setViewportSize({ width: 390, height: 844 });
  await openPaper(page);
  const first = page.getByRole('button', { name: 'Table II, small' });
  await first.press('Enter');
  await expect(page.getByTestId('report-exact').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'What is shown' })).toBeFocused();
  await expect(page.getByTestId('report-made')).toBeInViewport();
  await expect(page).toHaveURL(/report=table-2-small/);
  await page.getByRole('button', { name: 'Table V, small' }).press('Enter');
  await expect(page).toHaveURL(/report=table-5-small/);
  await page.goBack();
  await expect(page).toHaveURL(/report=table-2-small/);
  await page.reload();
  await expect(first).toHaveAttribute('aria-current', 'true');
  await expect(page.getByTestId('report-exact').first()).toBeVisible();
  await page.goto('#view=paper&model=tiny&report=table-9-small');
  await expect(page.getByRole('alert')).toContainText('No report “table-9-small” comes with this page');
  await expect(page).not.toHaveURL(/report=/);
});
