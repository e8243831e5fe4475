/** One network through the whole page, by what a person does: trained once, and never again. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { decodeAnyModel } from '../src/lab/files/modelFile';
import { provenanceIn } from '../src/lab/recipe/provenance';
import { expect, test } from './fixtures';
import { finetuning, opened, slider } from './lab';

test.setTimeout(300_000);

const TRAIN =
  '?backend=wasm#view=train&model=tiny&train.arch=tiny&train.size=8&train.epochs=3&train.batch=32&train.rate=0.01&train.seed=3&fields.removed=0.3';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const training = (page: Page) => page.evaluate(() => window.__orbitLab.training());
const lab = (page: Page) => page.evaluate(() => window.__orbitLab.lab());

async function goOn(page: Page, where: string, nth: 'first' | 'last' = 'first'): Promise<void> {
  await page.getByRole('button', { name: 'Go on with it' })[nth]().click();
  await page.getByRole('menuitem', { name: where }).click();
}

async function drop(page: Page, path: string, name: string): Promise<void> {
  const bytes = [...(await readFile(path))];
  const files = await page.evaluateHandle(
    ([content, called]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content as number[])], called as string));
      return transfer;
    },
    [bytes, name] as const,
  );
  await page.dispatchEvent('#main', 'drop', { dataTransfer: files });
}

test('train → fields → fine-tune → prune → fine-tune → quantise → check → rotate → take along → dropped in again', async ({
  page,
}) => {
  await page.goto(TRAIN);
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
  await button(page, 'Train').click();
  await expect(button(page, 'Go on with it')).toBeVisible({ timeout: 90_000 });

  await goOn(page, 'Prune fields');
  const tune = button(page, 'Fine-tune');
  await expect(tune).toBeEnabled({ timeout: 90_000 });
  await tune.click();
  await expect(page.getByTestId('tuning-result')).not.toBeEmpty({ timeout: 90_000 });
  await goOn(page, 'Prune neurons');

  // A network of its own by now, with a short name.
  await opened(page);
  const { subject, opened: fields } = await lab(page);
  expect(subject.kind).toBe('file');
  expect(fields!.title).toMatch(/^tiny.* 1, fields pruned, fine-tuned$/);
  await slider(page).focus();
  await page.keyboard.press('End');
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  await page.getByTestId('result').scrollIntoViewIfNeeded();
  const tuned = page.locator('section', { has: page.getByTestId('result') });
  await tuned.getByRole('button', { name: 'Go on with it' }).click();
  await page.getByRole('menuitem', { name: 'Quantise and check' }).click();

  // Nothing is trained: the form begins with the network.
  await expect(page.getByLabel('Begin with')).toHaveValue('at hand');
  await expect(page.getByLabel('Epochs')).toHaveCount(0);
  await button(page, 'Run the pipeline').click();
  const newest = async () => (await training(page)).rows?.find(({ kind }) => kind === 'pipeline');
  await expect.poll(async () => (await newest())?.status, { timeout: 90_000 }).toBe('done');
  const row = (await newest())!;
  expect(row.records.map(({ kind }) => kind)).toEqual(['quantise', 'check']);
  expect(row.records.at(-1)).toMatchObject({ changed: 0 });

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the network of Quantise' }).click();
  const path = await (await saved).path();
  const model = decodeAnyModel(new Uint8Array(await readFile(path)));
  expect(provenanceIn(model)!.steps.map(({ kind }) => kind)).toEqual([
    'train',
    'check',
    'prune-fields',
    'finetune',
    'prune',
    'finetune',
    'quantise',
    'check',
  ]);
  const zip = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Take along the network of Quantise' }).click();
  expect((await zip).suggestedFilename()).toMatch(/\.zip$/);

  await goOn(page, 'Rotate', 'last');
  await expect(page.getByTestId('says').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel('Network 1').locator('option:checked')).toHaveText(
    /^tiny 1 pipeline 1, INT8$/,
  );

  // The file is opened where it is dropped; integers, dropped where networks are pruned, under Rotate.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Prune' }).click();
  await opened(page, false);
  await drop(page, path, 'mine.safetensors');
  await expect(page.getByText(/“mine” is rounded to 8-bit integers/)).toBeVisible();
  await expect(page.getByLabel('Network 1').locator('option:checked')).toHaveText('mine');
  await expect.poll(() => decodeURIComponent(page.url())).toMatch(/rotate\.nets=file:[0-9a-f]{32}/);
  await page.reload();
  await expect(page.getByLabel('Network 1').locator('option:checked')).toHaveText('mine', {
    timeout: 60_000,
  });
});
