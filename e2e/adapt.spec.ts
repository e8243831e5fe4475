/** The Adapt view: a network of other classes, λ by folds, stopped, reloaded, gone on with, projected, pruned, turned. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { encodeModel } from '../src/lab/files/modelFile';
import { shakenModel, tinyModel } from '../src/lab/testing/tiny';
import { expect, test } from './fixtures';
import { animationsEnded, dropFile, hold, slider } from './lab';

/** A plain network of 4 and 8 channels for 8×8 tiles, which tells three classes apart that the tiles do not have. */
async function plainFile(): Promise<string> {
  const { arch } = tinyModel({ group: 'C1', head: 'pooled', hidden: 6 });
  const blocks = arch.blocks.map((block, i) => ({ ...block, fields: 4 * (i + 1) }));
  const model = { ...shakenModel({ ...arch, blocks }, 5), classes: ['one', 'two', 'three'] };
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'orbit-adapt-')), 'plain.safetensors');
  await writeFile(file, encodeModel(model));
  return file;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const training = (page: Page) => page.evaluate(() => window.__orbitLab.training());

async function violations(page: Page): Promise<string[]> {
  await animationsEnded(page);
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    return (await axe.run(document)).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

/** Pictures of the page, light and dark, where they are asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.LAB_ADAPT_PICTURES;
  if (!folder) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await animationsEnded(page);
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

const newest = async (page: Page) => (await training(page)).rows?.find(({ kind }) => kind === 'adapting');

/** Waits until the newest run is done, and says what it has left. */
async function done(page: Page) {
  await expect.poll(async () => (await newest(page))?.status, { timeout: 180_000 }).toBe('done');
  await expect.poll(async () => (await training(page)).live).toBeNull();
  return (await newest(page))!.records;
}

test('a network from a file: λ by folds, stopped in one, reloaded, gone on with; projected, pruned, turned', async ({
  page,
}) => {
  await page.goto('?backend=wasm#view=adapt&model=tiny&adapt.network=nothing');
  await expect(page.getByText('There is no network "nothing" beside this page')).toBeVisible({
    timeout: 60_000,
  });
  await page.getByLabel('Network', { exact: true }).selectOption('synthetic-base-small');
  await expect(page.getByRole('heading', { name: 'Nothing adapted yet' })).toBeVisible({ timeout: 60_000 });
  await expect(button(page, 'Adapt')).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByTestId('adapt-network')).toContainText('base-small');
  await picture(page, 'empty');

  await dropFile(page, page.locator('#main'), await plainFile());
  await expect(page.getByTestId('adapt-network')).toContainText('it gets a new last layer');
  await page.getByLabel('Values to try').fill('0, much');
  await expect(page.getByText(/λ by folds needs two to twenty different numbers/)).toBeVisible();
  await page.getByLabel('Values to try').fill('0.1, 10');
  await page.getByText('1\u00a0%', { exact: true }).click();
  await expect(page.getByText(/has 1 training tile, too few for 3 folds/)).toBeVisible();
  await page.getByText('10\u00a0%', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Folds' }).fill('2');
  await page.getByRole('textbox', { name: 'Epochs' }).fill('2');
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.01');
  await page.getByRole('radio', { name: '2', exact: true }).press('Space');
  await page.getByRole('checkbox', { name: 'Project it' }).uncheck();
  expect(await violations(page)).toEqual([]);
  await picture(page, 'form');

  await hold(page, { after: 'batch', stage: 'adapt', from: 2 });
  await button(page, 'Adapt').click();
  await expect
    .poll(async () => (await training(page)).live?.history.length, { timeout: 120_000 })
    .toBeGreaterThan(0);
  await expect(page.getByRole('img', { name: /^R by epoch/ })).toBeVisible();
  await picture(page, 'live');
  await button(page, 'Stop for now').click();
  await expect.poll(async () => (await training(page)).live, { timeout: 120_000 }).toBeNull();
  await hold(page, null);
  await page.reload();
  await expect(button(page, 'Continue')).toBeEnabled({ timeout: 60_000 });
  // The form is what it was, too: the address holds it.
  await expect(page.getByLabel('Values to try')).toHaveValue('0.1, 10');
  await button(page, 'Continue').click();
  // Two seeds, one after the other.
  const seed = [...Array(4).fill('adapt-fold'), 'adapt', 'check', 'adapt', 'check'];
  expect((await done(page)).map(({ kind }) => kind)).toEqual([...seed, ...seed]);
  await expect(page.getByTestId('lambdas').getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('img', { name: /^Accuracy, % against λ/ })).toBeVisible();
  await expect(page.getByTestId('ways').getByRole('row')).toHaveCount(3);
  await expect(page.getByTestId('ways-sentence')).toContainText(/^Upright, /);

  await button(page, 'Project it').click();
  await expect.poll(async () => (await newest(page))?.records.length, { timeout: 120_000 }).toBe(20);
  const records = await done(page);
  expect(records.slice(16)).toMatchObject(
    [1, 2].flatMap(() => [
      { kind: 'project', agreement: 1 },
      { kind: 'check', agreement: 1 },
    ]),
  );
  expect(records[16].params).toBeLessThan(records[4].params / 2);
  const projected = page.getByTestId('ways').locator('[data-way=projected]');
  await expect(projected).toContainText(/100\.0 ± 0\.0\s%/);
  await expect(page.getByTestId('ways-sentence')).toContainText(
    'on every decided tile: “Adapted and projected”',
  );
  expect(await violations(page)).toEqual([]);
  await picture(page, 'done');
  await page.setViewportSize({ width: 390, height: 844 });
  // Charts follow the width a moment later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'phone');
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByLabel('Go on with the networks of seed').selectOption('2');
  await goOn(page, 'Rotate');
  await expect(page.getByTestId('steady').filter({ hasText: 'projected 2' })).toBeVisible({
    timeout: 60_000,
  });
  await page.goBack();
  await goOn(page, 'Prune neurons');
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('model-facts')).toContainText('group C4');
});

/** Goes on with the projected network in another view. */
async function goOn(page: Page, view: string): Promise<void> {
  await button(page, 'Go on with “Adapted and projected”').click();
  await page.getByRole('menuitem', { name: view, exact: true }).click();
}
