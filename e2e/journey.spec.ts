/**
 * The whole way of somebody with tiles of their own: a zip in EuroSAT's layout is chosen, a network trained on it,
 * pruned and fine-tuned; and links, opened where nothing is kept yet.
 */
import { EUROSAT_CLASSES } from '../src/lab/data/readers/eurosat';
import { syntheticTile } from '../src/lab/data/synthetic';
import { jpeg, loadEncoders, zipOf } from '../src/lab/data/testing/pictures';
import { expect, test } from './fixtures';
import { drag, facts, finetuning, letGo, linkHere, opened, openLab, slider } from './lab';

const PER_CLASS = 20;

/** 200 tiles painted by code, laid out as the official zip is. */
async function eurosatZip(): Promise<Buffer> {
  await loadEncoders();
  const files: [string, Uint8Array][] = [];
  for (const [label, name] of EUROSAT_CLASSES.entries()) {
    for (let i = 0; i < PER_CLASS; i++) {
      const tile = rgba(syntheticTile(label, i, 5));
      files.push([
        `2750/${name}/${name}_${i + 1}.jpg`,
        await jpeg({ ...tile, width: 64, height: 64 } as ImageData),
      ]);
    }
  }
  return Buffer.from(await (await zipOf(files)).arrayBuffer());
}

function rgba(rgb: Uint8Array) {
  const data = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let i = 0; i < rgb.length; i++) data[4 * Math.floor(i / 3) + (i % 3)] = rgb[i];
  return { data, colorSpace: 'srgb' as const };
}

// Its steps one by one: data, train, prune and, from a folder to a file, tilesToFile.
test('a zip in EuroSAT’s layout is kept, trained on, pruned, and fine-tuned', { tag: '@thorough' }, async ({
  page,
}) => {
  await page.goto(
    '?backend=wasm#view=data&model=tiny&train.arch=tiny&train.size=8&train.epochs=6&train.rate=0.01',
  );
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles({
    name: 'EuroSAT.zip',
    mimeType: 'application/zip',
    buffer: await eurosatZip(),
  });
  await expect(page.getByTestId('facts')).toHaveText(/^200\s/, {
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Train on these tiles' }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Prune it' })).toBeEnabled({ timeout: 90_000 });
  const [row] = (await page.evaluate(() => window.__orbitLab.training())).rows!;
  expect(row).toMatchObject({ status: 'done', data: { count: 200, synthetic: false } });
  const best = Math.max(...row.history.map(({ accuracy }) => accuracy));

  await page.getByRole('button', { name: 'Prune it' }).click();
  await opened(page);
  const whole = await facts(page);
  expect(whole.main.tiles).toBe(40);
  expect(whole.main.accuracy).toBeCloseTo(best, 12);
  expect(whole.main.changed).toBe(0);
  expect(await linkHere(page)).toContain(`model=run:${row.id}`);

  await drag(page, 0.99);
  await letGo(page);
  const pruned = await facts(page);
  expect(pruned.setting.removed).toBe(pruned.main.units - 1);
  if (pruned.main.baseline - pruned.main.accuracy > 0.02) {
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 60_000 }).toBe('done');
  }
  // The link holds all of it, and a reload brings it back.
  const before = await facts(page);
  await page.reload();
  await opened(page);
  await expect.poll(async () => (await facts(page)).setting.removed).toBe(before.setting.removed);
  expect((await facts(page)).main).toEqual(before.main);
});

test('a link opened where nothing is kept shows the same numbers', async ({ page, browser, baseURL }) => {
  await openLab(
    page,
    '?backend=wasm#model=tiny&method=variance&compensation=mean&scope=output&ratio=0.5&seed=7',
  );
  const shown = await facts(page);
  expect(shown.setting).toEqual({ method: 'variance', compensation: 'mean', removed: 4, scope: 'output' });
  const context = await browser.newContext({ baseURL });
  const fresh = await context.newPage();
  await openLab(fresh, await linkHere(page));
  expect(await facts(fresh)).toEqual(shown);
  const tuned = await finetuning(page);
  if (tuned) {
    const numbers = async (on: typeof page) => {
      await expect.poll(async () => (await finetuning(on))?.status, { timeout: 60_000 }).toBe('done');
      const each = await finetuning(on);
      const result = each?.status === 'done' ? each.result : null;
      return { ...result, key: null, epochs: result?.epochs.map(({ seconds: _, ...epoch }) => epoch) };
    };
    expect(await numbers(fresh)).toEqual(await numbers(page));
  }
  await context.close();
});

test('a link to a network trained elsewhere says so, and how to train it here', async ({ page }) => {
  await page.goto('?backend=wasm#model=run:elsewhere&ratio=0.25&train.arch=tiny&train.size=8&train.epochs=3');
  await expect(page.getByRole('alert')).toContainText('is not kept in this browser', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Train it here' }).click();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled({ timeout: 60_000 });
  expect((await page.evaluate(() => window.__orbitLab.plan())).plan).toMatchObject({
    arch: 'tiny',
    epochs: 3,
  });
  await page.goBack();
  await page.getByRole('button', { name: 'Open the networks of this page' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
});
