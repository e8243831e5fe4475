/** Files that are not what they say, in the page: each is refused or read in a sentence, and nothing else is lost. */
import type { Page } from '@playwright/test';
import { loadEncoders, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { encodeModel } from '../src/lab/files/modelFile';
import { handReport } from '../src/lab/testing/reports';
import { STEERING } from '../src/lab/testing/steering';
import { bytesOf, strangeFile, withFloat } from '../src/lab/testing/strangeFiles';
import { tinyModel } from '../src/lab/testing/tiny';
import { expect, test } from './fixtures';
import { dropBytes } from './lab';

test.setTimeout(240_000);

const LONG = `\u202e${'gnp\n'.repeat(50_000)}`;

const notice = (page: Page) => page.getByRole('status').filter({ hasText: /opened|weights/ });

test('networks and reports that are not what they say', async ({ page }) => {
  const model = tinyModel();
  await page.goto('?backend=wasm#view=rotate&model=tiny');
  const refused = async (bytes: Uint8Array, words: RegExp) => {
    await dropBytes(page, 'mine.safetensors', bytes);
    await expect(page.getByRole('alert').filter({ hasText: 'not opened' })).toHaveText(words, {
      timeout: 60_000,
    });
  };
  const planted = strangeFile(model, ({ tensors }) => {
    tensors.set('conv1.weight', withFloat(tensors.get('conv1.weight')!, 2, Number.NaN));
  });
  await refused(planted, /mine\.safetensors was not opened\. .*"conv1\.weight" holds NaN/);
  await refused(
    strangeFile(model, ({ metadata }) => {
      metadata.classes = '["a","b"]';
    }),
    /names 2 classes, and its last layer tells 3 apart/,
  );

  // Of other floats, with names that would fill the page: read, said, and shown on one line.
  const named = { ...model, classes: [LONG, 'b', 'c'], provenance: { dataset: LONG, synthetic: false } };
  const halves = strangeFile(named, ({ tensors }) => {
    tensors.set('dense2.bias', { dtype: 'F16', shape: [3], bytes: bytesOf(Uint16Array.of(0x3800, 0, 0)) });
  });
  await dropBytes(page, 'halves.safetensors', halves);
  await expect(notice(page)).toHaveText(/halves holds weights as F16; they are read as 32-bit floats/, {
    timeout: 60_000,
  });
  const shown = async () => (await page.locator('body').innerText()).replaceAll('\n', ' ');
  await expect.poll(shown, { timeout: 30_000 }).toMatch(/gnp gnp/);
  expect((await shown()).match(/(gnp ){2,}/g)!.every(({ length }) => length <= 80)).toBe(true);
  expect((await shown()).replaceAll('\t', ' ')).not.toMatch(STEERING);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.screenshot({ path: test.info().outputPath('rotate.png'), fullPage: true });

  // A network whose answers are no numbers says so, beside one that answers.
  const { shape, data } = model.params['dense2.weight'];
  const large = {
    ...model.params,
    'dense2.weight': { shape, data: data.map(() => 3e38) },
    'dense2.bias': { shape: [3], data: new Float32Array(3).fill(3e38) },
  };
  await dropBytes(page, 'large.safetensors', encodeModel({ ...model, params: large }));
  await expect.poll(shown, { timeout: 30_000 }).toMatch(/answers hold (NaN|-?Infinity), which is no number/);
  await page.screenshot({ path: test.info().outputPath('large.png'), fullPage: true });

  await page.goto('?backend=wasm#view=paper&model=tiny');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a report …' }).press('Enter');
  const report = JSON.stringify({ ...handReport(), title: LONG });
  await (await choosing).setFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(report),
  });
  await expect(page.getByRole('heading', { name: /^gnp gnp .*…$/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('tiles without blue are trained on, and it is said and kept', async ({ page }) => {
  await loadEncoders();
  const files: [string, Uint8Array][] = [];
  for (const [label, name] of ['Forest', 'River', 'SeaLake'].entries()) {
    for (let n = 1; n <= 5; n++) {
      const tile = picture(16, 16, 10 * label + n);
      for (let i = 2; i < tile.data.length; i += 4) tile.data[i] = 0;
      files.push([`${name}/${n}.png`, await png(tile)]);
    }
  }
  await page.goto('#view=data&model=tiny');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).press('Enter');
  const buffer = Buffer.from(await (await zipOf(files)).arrayBuffer());
  await (await choosing).setFiles({ name: 'noblue.zip', mimeType: 'application/zip', buffer });
  await expect(page.getByRole('heading', { level: 2, name: 'noblue', exact: true })).toBeVisible({
    timeout: 30_000,
  });
  await page.goto(
    '?backend=wasm#view=train&model=tiny&train.data=noblue&train.arch=tiny&train.size=16&train.epochs=2',
  );
  const train = page.getByRole('button', { name: 'Train', exact: true });
  await expect(train).toBeEnabled({ timeout: 60_000 });
  await train.click();
  await expect(page.getByTestId('run-note')).toHaveText(/^The blue channel never varies: it is 0/, {
    timeout: 60_000,
  });
  await page.screenshot({ path: test.info().outputPath('note.png'), fullPage: true });
});
