/** What a person takes away: figures as CSV and JSON, charts as PNG, a network with all that runs it. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import Papa from 'papaparse';
import { decodeSafetensors } from '../src/lab/files/safetensors';
import { patternPixels } from '../src/lab/files/takeAlong/pattern';
import { runPlain } from '../src/lab/testing/plainRunner';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { facts, linkHere, openLab, percent, press, slider, TINY } from './lab';

const normalised = (text: string | null): string => (text ?? '').replaceAll(/\s/g, ' ');

/** Saves by keyboard alone; returns the file. */
async function saved(page: Page, what: string, as: 'CSV' | 'JSON' | 'PNG') {
  await page.getByRole('button', { name: `Save: ${what}`, exact: true }).focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: `(${as})` });
  await expect(item).toBeVisible();
  // As a person does, until it is reached: the menu takes the focus a moment after it is seen, and a key before goes nowhere.
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(item).toBeFocused({ timeout: 250 });
  }).toPass({ intervals: [50] });
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  return { name: file.suggestedFilename(), bytes: new Uint8Array(await readFile(await file.path())) };
}

const parsed = (bytes: Uint8Array) => {
  const { data, errors } = Papa.parse<Record<string, string>>(new TextDecoder().decode(bytes), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return data;
};

/** A PNG's size, the colour of its corner, and how many colours there are in it. */
function looked(page: Page, bytes: Uint8Array) {
  return page.evaluate(async (content) => {
    const blob = new Blob([new Uint8Array(content)], { type: 'image/png' });
    const image = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const colours = new Set<number>();
    for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    const shown = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
    return {
      width: image.width,
      height: image.height,
      corner: [...data.slice(0, 3)],
      colours: colours.size,
      hasAccent: colours.has(Number.parseInt(shown.slice(1), 16)),
    };
  }, Array.from(bytes));
}

for (const [scheme, corner, tag] of [
  ['light', [255, 255, 255], ['@thorough']],
  ['dark', [26, 29, 33], []],
] as const) {
  test(`the accuracy curves by keyboard: the figures of the page, and a picture of it (${scheme})`, {
    tag: [...tag],
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await openLab(page, TINY);
    await slider(page).focus();
    for (let i = 0; i < 3; i++) await press(page, 'ArrowRight');
    const { setting, main } = await facts(page);
    expect(setting.removed).toBe(3);
    const csv = await saved(page, 'accuracy curves', 'CSV');
    expect(csv.name).toBe('orbit-lab-curve-synthetic-8.csv');
    const rows = parsed(csv.bytes);
    expect(rows.map((row) => Number(row['neurons removed']))).toEqual(
      Array.from({ length: main.units }, (_, removed) => removed),
    );
    const here = rows[setting.removed];
    const accuracy = Number(here['accuracy (share): L2, compensation none']);
    expect(percent(accuracy)).toBe(normalised(await page.getByTestId('accuracy').textContent()));
    expect(Number(here.parameters)).toBe(main.params);
    expect(here).toMatchObject({
      n: '240',
      split: 'validation',
      'split seed': '1',
      link: await linkHere(page),
    });

    const json = JSON.parse(new TextDecoder().decode((await saved(page, 'accuracy curves', 'JSON')).bytes));
    expect(json.rows.length).toBe(rows.length);
    expect(json.columns).toEqual(Object.keys(rows[0]).filter((name) => !(name in json.source)));

    const png = await saved(page, 'accuracy curves', 'PNG');
    expect(png.name).toBe('orbit-lab-curve-synthetic-8.png');
    const figure = (await page.locator('figure', { has: page.locator('.recharts-wrapper') }).boundingBox())!;
    const picture = await looked(page, png.bytes);
    expect(picture).toMatchObject({ corner, hasAccent: true });
    expect(Math.abs(picture.width - 2 * (figure.width + 40))).toBeLessThanOrEqual(2);
    // Below the figure what each line stands for, which on the page the details tell.
    const legend = (await page.locator('[data-saved-below]').boundingBox())!;
    expect(legend.height).toBeGreaterThan(14);
    expect(picture.height).toBeGreaterThan(2 * (figure.height + legend.height));
    expect(picture.colours).toBeGreaterThan(50);
  });
}

/** What ONNX needs, by its address. */
const ONNX = /\/(?:ort[.-]|onnxFile-)/;
/** The same of TFLite. */
const LITERT = /litert_|tfliteFile-/;

test('the table of the runs, and a run taken along as a zip and as ONNX that run', async ({ page }) => {
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await page.goto(`${TINY}&view=train&train.arch=tiny&train.epochs=2&train.rate=0.01`);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.training().rows?.[0]?.status), { timeout: 60_000 })
    .toBe('done');
  await expect(page.getByRole('button', { name: 'Take along (zip)' })).toBeVisible();
  const [row] = parsed((await saved(page, 'table of the runs', 'CSV')).bytes);
  const line = normalised(await page.getByTestId('runs').locator('tbody tr').first().textContent());
  expect(line).toContain(row.run);
  expect(line).toContain(percent(Number(row['accuracy (share)'])));
  expect(line).toContain(Number(row.parameters).toLocaleString('en'));
  expect(line).toContain('2 of 2');
  expect(row).toMatchObject({ done: '2 of 2', status: 'done', model: 'tiny', n: '240' });
  const picture = await looked(page, (await saved(page, 'table of the runs', 'PNG')).bytes);
  expect(picture.colours).toBeGreaterThan(20);
  const box = (await page.getByTestId('runs').boundingBox())!;
  expect(Math.abs(picture.width - 2 * (box.width + 40))).toBeLessThanOrEqual(2);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Take along (zip)' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('tiny-1.zip');
  const zip = new ZipReader(new BlobReader(new Blob([await readFile(await file.path())])), {
    useWebWorkers: false,
  });
  const files = new Map<string, Uint8Array>();
  for (const entry of await zip.getEntries()) {
    if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  expect([...files.keys()]).toEqual(
    ['README.md', 'network.safetensors', 'run.py', 'recipe.json'].map((name) => `tiny-1/${name}`),
  );
  const network = files.get('tiny-1/network.safetensors')!;
  const { check } = JSON.parse(decodeSafetensors(network).metadata.config);
  const range = Math.max(...check) - Math.min(...check);
  for (const [i, logit] of runPlain(network, patternPixels(8, 3)).entries()) {
    expect(Math.abs(logit - check[i]) / range).toBeLessThan(1e-4);
  }
  const readme = new TextDecoder().decode(files.get('tiny-1/README.md'));
  expect(readme).toContain(`| network.safetensors | ${network.length} |`);

  // ONNX: nothing of it was loaded, and it is run here before it is handed out.
  expect(asked.filter((url) => ONNX.test(url))).toEqual([]);
  const open = page.getByRole('button', { name: 'ONNX, TFLite or C', exact: true });
  await open.click();
  const dialog = page.getByRole('dialog', { name: 'tiny-1 as ONNX, TFLite or C' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();
  await open.press('Enter');
  const said = dialog.getByTestId('onnx-said');
  const make = dialog.getByRole('button', { name: 'Make and try it' });
  await page.context().route(/ort-wasm/, (route) => route.abort());
  await make.click();
  await expect(said).toContainText('there is no connection');
  await page.context().unroute(/ort-wasm/);
  await make.click();
  await expect(said).toContainText(/on 200 test tiles of .*0 of 200 answers are other than the lab gives/, {
    timeout: 60_000,
  });
  await expect(said).toContainText('0 of its answers change');
  const onnx = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Save \(/ }).click();
  const made = await onnx;
  expect(made.suggestedFilename()).toBe('tiny-1.onnx');
  const whole = await readFile(await made.path());
  expect(whole.includes('conv1.weight')).toBe(true);

  expect(await violations(page)).toEqual([]);

  await dialog.getByRole('combobox', { name: 'Numbers' }).click();
  await page.getByRole('option', { name: '8-bit, fixed ranges, weights by channel' }).click();
  await dialog.getByRole('switch', { name: 'Any number of pictures at a time' }).press('Space');
  await dialog.getByRole('switch', { name: 'Reads the bytes of pictures' }).press('Space');
  await expect(dialog.getByLabel('Pictures at a time', { exact: true })).toHaveValue('1');
  await make.click();
  const folder = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'With README (zip)' }).click();
  expect((await folder).suggestedFilename()).toBe('tiny-1-onnx.zip');
  await expect(said).toContainText('network of floats');

  // TFLite, by keyboard: fixed ranges are not among its numbers; it is run here by LiteRT.
  await dialog.getByRole('radio', { name: 'ONNX' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'TFLite' })).toBeChecked();
  await expect(dialog.getByRole('combobox', { name: 'Numbers' })).toHaveValue('as they are');
  await expect(dialog.getByRole('switch')).toHaveCount(1);
  expect(asked.filter((url) => LITERT.test(url))).toEqual([]);
  await make.click();
  await expect(said).toContainText(
    /^Run by LiteRT .*0 of 200 answers are other than the lab gives.*0 of its/,
    {
      timeout: 60_000,
    },
  );
  const tflite = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Save \(/ }).click();
  const small = await tflite;
  expect(small.suggestedFilename()).toBe('tiny-1.tflite');
  expect((await readFile(await small.path())).subarray(4, 8).toString()).toBe('TFL3');
  expect(await violations(page)).toEqual([]);

  // C: batches are not among its choices; it is not run here, and says so.
  await dialog.getByRole('radio', { name: 'TFLite' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'C', exact: true })).toBeChecked();
  await expect(dialog.getByRole('combobox', { name: 'Numbers' })).toHaveValue('as they are');
  await expect(dialog.getByRole('switch')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Make it' }).press('Enter');
  await expect(said).toContainText(/bytes of static memory \(RAM\).*has not been run/, { timeout: 30_000 });
  const header = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Save \(/ }).press('Enter');
  const inC = await header;
  expect(inC.suggestedFilename()).toBe('tiny-1.h');
  expect(await readFile(await inC.path(), 'utf8')).toContain('#define ORBIT_SIZE 8');
  expect(await violations(page)).toEqual([]);
  // How fast it is, beside the network that the page comes with: by both engines, in turn.
  await dialog.getByRole('button', { name: 'How fast it runs here' }).click();
  const compare = page.getByRole('dialog', { name: 'Layer by layer' });
  await expect(compare.getByTestId('layers-beside').locator('tbody tr')).toHaveCount(6);
  // Nothing went of one that stands alone.
  await expect(compare.getByTestId('layers-beside').locator('tfoot')).not.toContainText('–');
  const chosen = page.waitForEvent('filechooser');
  await compare.getByRole('button', { name: 'Before: a file' }).click();
  await (await chosen).setFiles('public/models/synthetic-tiny-plain.safetensors');
  const beside = page.getByRole('dialog', { name: 'Before and after, layer by layer' });
  await expect(beside.getByTestId('compare-sentence')).toContainText('layers changed');
  await beside.getByRole('button', { name: 'Time it here' }).click();
  const times = beside.getByTestId('pace').locator('tbody tr');
  await expect(times.filter({ hasText: 'ONNX Runtime' })).toHaveCount(2, { timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  const timed = parsed((await saved(page, 'time to answer', 'CSV')).bytes);
  expect(timed.length).toBe(2 * (await times.count()));
  for (const line of timed) {
    expect(Number(line['p50 (ms)'])).toBeLessThanOrEqual(Number(line['p95 (ms)']));
    expect(line.network === 'tiny-1').toBe(line['of the whole network, p50'] !== '');
  }
  const layers = parsed((await saved(page, 'layers before and after', 'CSV')).bytes);
  expect(layers.reduce((sum, layer) => sum + Number(layer['parameters after']), 0)).toBe(
    Number(row.parameters),
  );

  // What was handed out is a network like any other: read again, it has the layers it was made of.
  const again = page.waitForEvent('filechooser');
  await beside.getByRole('button', { name: 'After: a file' }).click();
  await (await again).setFiles({ name: 'again.onnx', mimeType: 'application/octet-stream', buffer: whole });
  await expect(beside.locator('dl')).toContainText('again');
  await expect(beside.getByTestId('layers-beside').locator('tbody tr').first()).toContainText('conv1');
  const bad = page.waitForEvent('filechooser');
  await beside.getByRole('button', { name: 'After: a file' }).click();
  await (await bad).setFiles({ name: 'cut.onnx', mimeType: 'x/y', buffer: whole.subarray(0, 300) });
  await expect(beside).toContainText('cut.onnx', { timeout: 15_000 });
  await expect(beside.getByTestId('layers-beside')).toHaveCount(0);
});
