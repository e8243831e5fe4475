/** A vision transformer in the page: trained, reloaded in the midst of it, pruned under the slider, fine-tuned, saved. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { decodeAnyModel } from '../src/lab/files/modelFile';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { facts, finetuning, hold, linkHere, pictures } from './lab';

/** Four patches a tile: it learns something of the synthetic tiles within seconds. */
const FORM =
  '?backend=wasm#view=train&model=tiny&train.arch=c4-vit-small&train.size=8&train.epochs=6&train.batch=32&train.rate=0.003';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const training = (page: Page) => page.evaluate(() => window.__orbitLab.training());
const slider = (page: Page, what: string) => page.getByRole('slider', { name: `${what} removed` });
const study = (page: Page) =>
  page.evaluate(() => {
    const { main } = window.__orbitLab.study();
    return (
      main && { unit: main.unit, ranking: main.ranking, curves: main.curves.length, stops: [...main.stops] }
    );
  });

/** Where they are asked for. */
const picture = (page: Page, name: string) => pictures(page, process.env.LAB_VIT_PICTURES, name);

test('trained, gone on with after a reload, pruned by hidden neurons and by heads, fine-tuned, undone and saved', async ({
  page,
}) => {
  await page.goto(FORM);
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
  // It has a group to choose, and no head.
  await expect(page.getByRole('radio', { name: 'D4' })).toBeAttached();
  await expect(page.getByRole('radio', { name: 'Orbit' })).toHaveCount(0);
  await expect(page.getByTestId('plan-costs')).toContainText('Multiply-adds');
  expect(await violations(page)).toEqual([]);
  await picture(page, 'train');

  await hold(page, { after: 'epoch', from: 2 });
  await button(page, 'Train').click();
  await expect
    .poll(async () => (await training(page)).live?.history.length ?? 0, { timeout: 120_000 })
    .toBeGreaterThan(1);
  // Cut off by a reload it goes on by itself.
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: /picked up after epoch \d/ })).toBeVisible({
    timeout: 60_000,
  });
  await hold(page, null);
  await expect(button(page, 'Prune it')).toBeEnabled({ timeout: 120_000 });
  const [row] = (await training(page)).rows!;
  expect(row.history.length).toBe(6);
  expect(row.recipe.stages[0]).toMatchObject({
    settings: {
      decay: 'cosine',
      warmup: 3,
      decoupled: true,
      smoothing: 0.1,
      augment: { crop: 1, flip: true },
    },
  });

  // Under the slider: the chosen curve first, and then one after the other.
  await button(page, 'Prune it').click();
  await expect(slider(page, 'Hidden neurons')).toBeVisible({ timeout: 60_000 });
  expect(await study(page)).toMatchObject({ unit: 'mlp', ranking: 'network' });
  await expect.poll(async () => (await study(page))?.curves, { timeout: 120_000 }).toBeGreaterThan(1);
  const whole = await facts(page);
  expect(whole.main).toMatchObject({ units: 384, changed: 0 });
  expect(whole.main.tiles).toBe(128);
  await expect(page.getByText(/^On 128 of 240\svalidation tiles, evenly of every class/)).toBeVisible();

  // Whatever is measured still gives way.
  await slider(page, 'Hidden neurons').focus();
  await page.keyboard.press('End');
  await expect.poll(async () => (await facts(page)).setting.removed).toBe((await study(page))!.stops.at(-1));
  await expect(page.getByTestId('removed')).toContainText('365 of 384 hidden neurons');
  await expect(page.getByTestId('extracted')).toHaveAttribute('data-known', 'true', { timeout: 60_000 });
  const pruned = await facts(page);
  expect(pruned.main.baseline - pruned.main.accuracy).toBeGreaterThan(0.02);
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 120_000 }).toBe('done');
  const tuned = (await finetuning(page))!;
  expect(tuned.epochs.length).toBeLessThanOrEqual(10);
  expect(tuned.status === 'done' && tuned.result.agreement).toBe(1);
  await expect(page.getByTestId('neuron-name')).toHaveText(/^Block \d, neuron \d+$/);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'pruned');

  const saved = page.waitForEvent('download');
  await button(page, 'Save network').click();
  const { arch } = decodeAnyModel(new Uint8Array(await readFile(await (await saved).path())), 'it');
  const { blocks } = arch as unknown as { readonly blocks: readonly { readonly hidden: number }[] };
  expect(blocks.reduce((sum, { hidden }) => sum + hidden, 0)).toBe(384 - 365);

  // Layer beside layer: as many went of all blocks together as the slider says.
  await button(page, 'Layers, speed').first().click();
  const layers = page.getByRole('dialog', { name: 'Before and after, layer by layer' });
  await expect(layers.getByTestId('compare-sentence')).toContainText('365 neurons went');
  await layers.getByRole('button', { name: 'Close' }).click();
  await expect(layers).toHaveCount(0);

  await button(page, 'Undo').click();
  expect((await facts(page)).setting).toMatchObject({ removed: 0, method: 'l2' });

  // Heads, each block by itself: curves of their own, and a link that says so.
  await page.getByRole('radiogroup', { name: 'What goes' }).getByText('Heads').click();
  await page.getByRole('radiogroup', { name: 'Ranked' }).getByText('Each block').click();
  await expect.poll(async () => (await study(page))?.unit, { timeout: 60_000 }).toBe('heads');
  await expect.poll(async () => (await study(page))?.ranking, { timeout: 60_000 }).toBe('block');
  expect((await study(page))!.stops).toEqual([0, 4, 8]);
  await slider(page, 'Heads').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('removed')).toContainText('4 of 12 heads');
  expect(await linkHere(page)).toContain('units=heads&ranking=block');

  // Undo takes the choices back, with their curves at once, and redo goes there again.
  const choices = async () => ({ ...(await study(page)), removed: (await facts(page)).setting.removed });
  for (let step = 0; step < 3; step++) await button(page, 'Undo').click();
  expect(await choices()).toMatchObject({ unit: 'mlp', ranking: 'network', removed: 0 });
  await expect(page.getByRole('radio', { name: 'Hidden neurons' })).toBeChecked();
  for (let step = 0; step < 3; step++) await button(page, 'Redo').click();
  await expect.poll(choices).toMatchObject({ unit: 'heads', ranking: 'block', removed: 4 });

  // The next visit has what this one measured, and measures none of it anew.
  const curves = async () => (await study(page))!.curves;
  await expect.poll(curves, { timeout: 120_000 }).toBeGreaterThan(2);
  // The address follows after a moment; a reload before that finds the one before.
  await expect(page).toHaveURL(/ratio=0\.33/);
  await page.reload();
  await expect(slider(page, 'Heads')).toBeVisible({ timeout: 60_000 });
  expect(await curves()).toBeGreaterThan(1);
  expect(await choices()).toMatchObject({ unit: 'heads', ranking: 'block', removed: 4 });

  await page.setViewportSize({ width: 390, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'phone');

  // What is left of it turns, with its tokens; and Fields says why there is nothing there for it.
  await page.setViewportSize({ width: 1280, height: 800 });
  const numbers = page.locator('section', { has: page.getByTestId('extracted') });
  await numbers.getByRole('button', { name: 'Go on with it' }).click();
  await page.getByRole('menuitem', { name: 'Rotate' }).click();
  await expect(page.getByTestId('field-sentence')).toContainText('Turn the tile', { timeout: 60_000 });
  await button(page, '90°').click();
  await expect(page.getByTestId('field-sentence')).toContainText('this field turns in step', {
    timeout: 60_000,
  });
  await picture(page, 'rotate');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Fields' }).click();
  await expect(page.getByText(/is a transformer: it has no convolutions/)).toBeVisible();
});

test('a transformer goes through the pipeline, its blocks pruned', { tag: '@thorough' }, async ({ page }) => {
  await page.goto(
    '?backend=wasm#view=pipeline&model=tiny&pipe.arch=vit-small&pipe.size=8&pipe.epochs=2&pipe.tune=any',
  );
  await expect(button(page, 'Run the pipeline')).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByRole('group', { name: 'Prune blocks' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Distil' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await button(page, 'Run the pipeline').click();
  const newest = async () => (await training(page)).rows?.find(({ kind }) => kind === 'pipeline');
  await expect.poll(async () => (await newest())?.status, { timeout: 240_000 }).toBe('done');
  const kinds = (await newest())!.records.map(({ kind }) => kind);
  expect(kinds).toEqual(['train', 'check', 'prune-blocks', 'finetune', 'quantise', 'check']);
  await expect(page.getByTestId('rail')).toContainText(/\d+ of 384, \d+ of 384/);
  await picture(page, 'pipeline');
});
