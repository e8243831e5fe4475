/**
 * Networks from elsewhere, dropped on the page: what a file does not say is asked, what it holds is shown before it is kept;
 * then it is turned, or pruned under the slider, to the same numbers as on the command line.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EUROSAT_CLASSES } from '../src/lab/data/readers/eurosat';
import { bytesOf, resnetCheckpoint } from '../src/lab/files/foreign/testing/checkpoints';
import { decodeAnyModel } from '../src/lab/files/modelFile';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { dropBytes, opened, pictures, TINY, withDetails } from './lab';

const PICTURES = process.env.LAB_COMING_IN_PICTURES;
const SLOW = { timeout: 60_000 };

test('a checkpoint is dropped, asked about, shown, taken in and turned; what cannot be read is named', async ({
  page,
}) => {
  await page.goto(TINY);
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
  await pictures(page, PICTURES, 'asked');
  await dialog.getByLabel('Size of its pictures, in pixels').fill('32');
  await dialog.getByLabel('Names of its classes').fill('Forest, River');
  await dialog.getByRole('button', { name: 'Read it' }).click();
  await expect(dialog.getByRole('status')).toContainText('tells 3 classes apart, and 2 are named');
  await dialog.getByLabel('Names of its classes').fill('Forest, River, Highway');
  await dialog.getByRole('button', { name: 'Read it' }).press('Enter');

  // Every layer as it was found, and what the whole makes of a tile; nothing is kept yet.
  await expect(dialog.getByRole('status')).toContainText('Read as ResNet: no group was found');
  const layer = (name: string) =>
    dialog.getByTestId('layers-found').getByRole('row', { name: new RegExp(`^${name} `) });
  await expect(layer('conv1')).toContainText('convolution 3×34 × 32×32108');
  await expect(layer('layer2.0.downsample.0')).toContainText('convolution 1×1, stride 26 × 16×1624');
  await expect(layer('fc')).toContainText('dense layer321');
  await expect(dialog.getByTestId('tried')).toContainText(
    /270°(Forest|River|Highway)\d+\s%.*Under C4 it breaks at once: the first layer, conv1/s,
    SLOW,
  );
  expect(await violations(page)).toEqual([]);
  await pictures(page, PICTURES, 'shown');
  await dialog.getByRole('button', { name: 'Tell it otherwise' }).click();
  await expect(dialog.getByLabel('Size of its pictures, in pixels')).toHaveValue('32');
  await dialog.getByRole('button', { name: 'Read it' }).click();
  await dialog.getByRole('button', { name: 'Let it be' }).click();
  await expect(dialog).toBeHidden();
  const kept = page.getByLabel('Network', { exact: true }).locator('option', { hasText: 'trained-else' });
  await expect(kept).toHaveCount(0);

  // No tiles of its classes are here, so it is looked at alone.
  const told = { size: '32', classes: 'Forest,River,Highway' };
  await dropBytes(page, 'trained-elsewhere.safetensors', bytesOf(resnetCheckpoint(), told));
  await dialog.getByRole('button', { name: 'Take it in' }).click();
  await expect(dialog).toBeHidden();
  await expect(
    page.getByText(/“trained-elsewhere”: Taken in as ResNet.*bring tiles with its classes under Data/),
  ).toBeVisible();
  await expect(page.getByLabel('Network 1').locator('option:checked')).toHaveText('trained-elsewhere');
  await expect(page.getByTestId('says').first()).toContainText(/Forest|River|Highway/, SLOW);
  await page.getByRole('button', { name: 'Do its layers turn with the tile?' }).first().press('Enter');
  await expect(page.getByTestId('breaks').first()).toContainText(
    /^Under C4 it breaks at once: the first layer, conv1, has an error of /,
    SLOW,
  );
  await pictures(page, PICTURES, 'turned');
});

test('its filters go under the slider, to the same network as on the command line; elsewhere it is told what can be done with it', async ({
  page,
}, info) => {
  const told = { size: '16', classes: EUROSAT_CLASSES.join(',') };
  const checkpoint = bytesOf(resnetCheckpoint(EUROSAT_CLASSES.length), told);
  await withDetails(page);
  await page.goto(TINY);
  await opened(page, false);
  await dropBytes(page, 'elsewhere.safetensors', checkpoint);
  await page.getByRole('button', { name: 'Take it in' }).click();
  const slider = page.getByRole('slider', { name: 'Filters removed' });
  await expect(slider).toBeEnabled(SLOW);
  await expect(page.getByTestId('removed')).toHaveText(/^0 of 20 filters/);
  await slider.press('ArrowRight');
  await slider.press('ArrowRight');
  await expect(page.getByTestId('removed')).toHaveText(/^6 of 20 filters/);

  // What a sum ties is one: the stem and the block behind it, the second block and the way past it.
  await page.getByText(/^The same share of each layer goes; 2\ssets of layers/).click();
  const rows = page.getByTestId('filter-layers').getByRole('row');
  await expect(rows).toHaveText([
    /^Layers.*Stay$/,
    'conv1 + layer1.0.conv243',
    'layer1.0.conv143',
    'layer2.0.conv164',
    'layer2.0.conv2 + layer2.0.downsample.064',
  ]);
  await expect(page.getByTestId('extracted')).toHaveAttribute('data-known', 'true', SLOW);
  expect(await violations(page)).toEqual([]);
  await pictures(page, PICTURES, 'pruned');

  const download = page.waitForEvent('download', SLOW);
  await page.getByRole('button', { name: 'Save pruned network' }).click();
  const mine = decodeAnyModel(new Uint8Array(await readFile(await (await download).path())));
  const [{ ratio }] = (mine.provenance as { recipe: { stages: { ratio: number }[] } }).recipe.stages;
  const [file, own, smaller] = ['elsewhere', 'own', 'smaller'].map((name) =>
    info.outputPath(`${name}.safetensors`),
  );
  await writeFile(file, checkpoint);
  const lab = (...words: string[]) =>
    promisify(execFile)('node', ['scripts/lab.mjs', ...words], { cwd: path.join(import.meta.dirname, '..') });
  await lab('adopt', file, '--out', own);
  const way = ['--units', 'filters', '--ratio', String(ratio), '--method', 'l2', '--compensation', 'none'];
  await lab('prune', own, ...way, '--data', 'synthetic', '--out', smaller);
  const theirs = decodeAnyModel(new Uint8Array(await readFile(smaller)));
  expect(mine.arch).toEqual(theirs.arch);
  expect(mine.params).toEqual(theirs.params);
  expect(mine.provenance).toMatchObject({ recipe: { stages: [{ kind: 'prune-filters', method: 'l2' }] } });

  // By its link, where it cannot go: one sentence, and what can be done instead.
  const link = await page.evaluate(() => window.__orbitLab.address());
  const name = new URL(link).hash.match(/model=(file:[0-9a-f]+)/)![1];
  await page.getByRole('link', { name: 'Fields' }).click();
  await expect(page.getByText(/“elsewhere” came in from elsewhere.*pruned under Prune/)).toBeVisible();
  await page.goto(`#view=adapt&adapt.network=${name}`);
  await expect(
    page.getByText(/nobody knows how a group acts on its weights.*take the logits/).first(),
  ).toBeVisible(SLOW);
  await page.goto(link);
  await expect(page.getByTestId('removed')).toHaveText(/^6 of 20 filters/, SLOW);
});
