/** Adapting on the Pipeline view: a network of other classes, λ by folds, stopped, reloaded, gone on with, projected. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { encodeModel } from '../src/lab/files/modelFile';
import { shakenModel, tinyModel } from '../src/lab/testing/tiny';
import { expect, test } from './fixtures';
import { animationsEnded, dropFile, hold } from './lab';

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

/** A picture of the page, where they are asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.LAB_ADAPT_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

test('a network from a file: λ by folds, stopped in one, reloaded, gone on with, and projected', async ({
  page,
}) => {
  await page.goto('?backend=wasm#view=pipeline');
  await expect(button(page, 'Run the pipeline')).toBeEnabled({ timeout: 60_000 });
  await dropFile(page, page.locator('#main'), await plainFile());
  await page.getByText('Adapt', { exact: true }).click();
  await expect(page.getByText('Towards equivariance', { exact: true })).toBeVisible();
  await page.getByLabel('Values to try').fill('0, much');
  await expect(page.getByText(/λ by folds needs at least two numbers/)).toBeVisible();
  await page.getByLabel('Values to try').fill('0.1, 10');
  await page.getByRole('textbox', { name: 'Folds' }).fill('2');
  await page.getByRole('textbox', { name: 'Epochs' }).fill('2');
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.01');
  await page.getByText('10\u00a0%', { exact: true }).click();
  expect(await violations(page)).toEqual([]);
  await picture(page, 'form');

  await hold(page, { after: 'batch', stage: 'adapt', from: 2 });
  await button(page, 'Run the pipeline').click();
  await expect
    .poll(async () => (await training(page)).live?.history.length, { timeout: 120_000 })
    .toBeGreaterThan(0);
  await button(page, 'Stop for now').click();
  await expect.poll(async () => (await training(page)).live, { timeout: 120_000 }).toBeNull();
  await hold(page, null);
  await page.reload();
  await expect(button(page, 'Continue')).toBeEnabled({ timeout: 60_000 });
  await button(page, 'Continue').click();
  const newest = async () => (await training(page)).rows?.find(({ kind }) => kind === 'pipeline');
  await expect.poll(async () => (await newest())?.status, { timeout: 180_000 }).toBe('done');
  const { records } = (await newest())!;
  expect(records.map(({ kind }) => kind)).toEqual([
    ...Array(4).fill('adapt-fold'),
    ...['adapt', 'check', 'project', 'check', 'adapt', 'check'],
  ]);
  expect(records.find(({ kind }) => kind === 'project')).toMatchObject({ agreement: 1 });
  await expect(page.getByTestId('rail')).toContainText('Exactly equivariant under C4.');
  await expect(page.getByTestId('rail')).toContainText(/λ (0.1|10) of 2 that were tried/);
  await expect(page.getByTestId('lambdas').getByRole('row')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'done');
  await page.setViewportSize({ width: 390, height: 844 });
  // Charts follow the width a moment later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'phone');
});
