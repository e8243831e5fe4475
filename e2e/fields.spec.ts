/** The Fields view: fields pruned and fine-tuned by mouse, the counter-example, budgets, and what goes wrong. */
import { readFile } from 'node:fs/promises';
import { expect, type Page, test as plain } from '@playwright/test';
import { decodeModel } from '../src/lab/formats/modelFile';
import { test } from './fixtures';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const share = (page: Page) => page.getByRole('slider', { name: 'Share removed' });
const plan = (page: Page) => page.getByTestId('fields-plan');
const points = (page: Page) => page.getByTestId('fields-points').locator('tbody tr');

/** A row of the card of figures: the cells after its name, without their small notes. */
const figures = (page: Page, name: string) =>
  page
    .getByTestId('fields-figures')
    .getByRole('row', { name })
    .locator('td')
    .evaluateAll((cells) => cells.map((cell) => (cell.firstChild?.textContent ?? '').replaceAll(/\s/g, ' ')));

const number = (text: string) => Number(text.replaceAll(/[^\d.]/g, ''));

/** Waits for the figures of what the controls stand on. */
const measured = (page: Page) =>
  expect(page.getByTestId('fields-measured')).toHaveAttribute('data-known', 'true', { timeout: 60_000 });

async function openFields(page: Page, form = ''): Promise<void> {
  await page.goto(`?backend=wasm#model=tiny&view=fields${form}`);
  await measured(page);
}

/** Drags the slider with the mouse; `before` looks at the page while the button is still down. */
async function dragTo(page: Page, to: number, before: () => Promise<unknown>): Promise<void> {
  const thumb = (await share(page).boundingBox())!;
  const track = (await share(page).locator('xpath=../..').boundingBox())!;
  await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width * to, track.y + track.height / 2, { steps: 8 });
  await before();
  await page.mouse.up();
}

test('fields are pruned by mouse, fine-tuned, saved as a file, and kept as points', async ({ page }) => {
  await openFields(page, '&fields.removed=0');
  await expect(plan(page)).toContainText('0 of 5 fields go');

  await dragTo(page, 0.2, async () => {
    await expect(plan(page)).toContainText('2 of 5 fields go');
    // Seen before anything is measured.
    await expect(page.getByTestId('layer-fields').nth(1)).toHaveAttribute('data-gone', '1');
  });
  // The slider settles a frame after it is let go of: a second point says that it was measured.
  await expect(points(page)).toHaveCount(2, { timeout: 60_000 });
  await measured(page);
  const [whole, pruned] = (await figures(page, 'Parameters')).map(number);
  expect(pruned).toBeLessThan(whole);
  await expect(page.getByTestId('layers-table').getByRole('row', { name: 'In all' })).toContainText(
    `${whole} ⇒ ${pruned}`,
  );
  expect(await figures(page, 'Agreement')).toEqual(['100.0 %', '100.0 %']);
  await expect(page.getByTestId('meter')).toHaveAttribute('data-word', 'rounding');

  await expect(page.getByTestId('tuning-decision')).toContainText('would run');
  await button(page, 'Fine-tune').click();
  await expect(button(page, 'Cancel')).toBeVisible();
  await expect(page.getByTestId('tuning-result')).toContainText('epoch', { timeout: 60_000 });
  expect((await figures(page, 'Agreement')).at(-1)).toBe('100.0 %');
  const [, before, after] = (await figures(page, 'Accuracy, 0°')).map(number);
  expect(after).toBeGreaterThanOrEqual(before);

  const download = page.waitForEvent('download');
  await button(page, 'Save network').click();
  const model = decodeModel(new Uint8Array(await readFile(await (await download).path())), 'it');
  expect(model.arch.blocks.map(({ fields }) => fields)).toEqual([1, 2]);

  await expect(points(page)).toHaveCount(3);
  await page.reload();
  await measured(page);
  await expect(points(page)).toHaveCount(3);
  await expect(page.getByTestId('tuning-result')).toContainText('epoch');
  await page.getByRole('button', { name: /^Remove: .*head tuned/ }).click();
  await expect(points(page)).toHaveCount(2);
});

test('single channels break the symmetry beside whole fields that keep it; a budget is met across layers', async ({
  page,
}) => {
  await openFields(page);
  await page.getByText('Single channels', { exact: true }).click();
  await measured(page);
  const meter = page.getByTestId('meter');
  await expect(meter).toHaveAttribute('data-word', 'broken');
  await expect(page.getByTestId('fields-why').locator('p')).toHaveCount(2);
  const [whole, channels, fields] = (await figures(page, 'Agreement')).map(number);
  expect([whole, fields]).toEqual([100, 100]);
  expect(channels).toBeLessThan(100);
  const errors = (await figures(page, 'Equivariance error')).map((text) => text.includes('10⁻'));
  expect(errors).toEqual([true, false, true]);
  await expect(button(page, 'Save pruned network')).toBeDisabled();

  await page.getByRole('radiogroup', { name: 'What goes' }).getByText('Fields', { exact: true }).click();
  for (const [of, row] of [
    ['All parameters', 'Parameters'],
    ['All multiply-adds', 'Multiply-adds'],
  ]) {
    await page.getByLabel('Share of').selectOption(of);
    await measured(page);
    const [was, is] = (await figures(page, row)).map(number);
    expect(is / was).toBeLessThanOrEqual(0.5);
  }
  await expect(meter).toHaveAttribute('data-word', 'rounding');
  // Half the time cannot be saved everywhere on a network this small: then it is said why.
  await page.getByLabel('Share of').selectOption('Measured time');
  await expect(
    page.locator('[data-testid=fields-measured][data-known=true]').or(page.getByRole('alert')),
  ).toContainText(/as fast here|slower here|With one field left/, { timeout: 60_000 });
  expect(page.url()).toContain('fields.by=latency');

  await page.getByLabel('Share of').selectOption('All parameters');
  await share(page).focus();
  await page.keyboard.press('End');
  await expect(plan(page)).toContainText('With one field left in each chosen layer');
  await expect(button(page, 'Fine-tune')).toBeDisabled();
});

// Not the fixture's page: the browser itself may log the worker's end.
plain('a worker that dies in fine-tuning, and a fine-tuning cancelled, lose nothing', async ({ page }) => {
  await openFields(page, '&fields.scope=network&fields.steps=3&fields.removed=0.4');
  const start = button(page, 'Prune and fine-tune in 3 steps');
  const status = page.getByTestId('tuning-status');
  await start.click();
  await expect(status).toContainText('Epoch', { timeout: 30_000 });
  await button(page, 'Cancel').click();
  await expect(start).toBeEnabled();
  await expect(status).toHaveAttribute('data-live', 'false');

  await start.click();
  await expect(status).toContainText('Step', { timeout: 30_000 });
  await page.evaluate(() => window.__orbitLab.terminateWorker());
  await expect(page.getByRole('alert')).toContainText(/ended during fine-tuning.*kept/, { timeout: 30_000 });
  await expect(points(page)).toHaveCount(1);
  await button(page, 'Try again').click();
  await expect(start).toBeEnabled({ timeout: 60_000 });
  await measured(page);
});
