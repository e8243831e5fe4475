/**
 * From a folder of tiles to a file that runs, once by mouse and once on the command line: unequal classes are said, a
 * network is trained with class weights on mirrored tiles, looked at where it is wrong, pruned, made an ONNX file, and
 * classifies a folder. Both ways come to the same figures, weights and files.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Page } from '@playwright/test';
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { EUROSAT_CLASSES } from '../src/lab/data/readers/eurosat';
import { syntheticTile } from '../src/lab/data/synthetic';
import { loadEncoders, png } from '../src/lab/data/testing/pictures';
import { decodeAnyModel } from '../src/lab/files/modelFile';
import { GraphProtoSchema, ModelProtoSchema } from '../src/lab/files/onnx/schema/onnx_pb';
import type { EpochRecord } from '../src/lab/stage/history';
import { expect, test } from './fixtures';
import { dropFile, facts, opened, slider } from './lab';

test.setTimeout(180_000);

const SLOW = { timeout: 90_000 };
/** Tiles of a class: the largest has four times as many as the smallest. */
const COUNTS = [48, 30, 12, 24];
const SIDE = 64;
/** What is trained, as the form's fields in a link. */
const PLAN = 'train.arch=tiny&train.size=8&train.epochs=30&train.batch=16&train.rate=0.01&train.seed=5';

/** Tiles painted by code, in a folder for each class; and others, in none, to be classified. */
async function paintTiles(top: string): Promise<{ readonly own: string; readonly others: string }> {
  await loadEncoders();
  const paint = async (file: string, label: number, index: number) => {
    const rgb = syntheticTile(label, index, 5);
    const data = new Uint8ClampedArray(SIDE * SIDE * 4).fill(255);
    for (let i = 0; i < rgb.length; i++) data[4 * Math.floor(i / 3) + (i % 3)] = rgb[i];
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, await png({ data, width: SIDE, height: SIDE, colorSpace: 'srgb' } as ImageData));
  };
  const own = path.join(top, 'own');
  const others = path.join(top, 'others');
  for (const [label, count] of COUNTS.entries())
    for (let i = 0; i < count; i++) await paint(path.join(own, EUROSAT_CLASSES[label], `${i}.png`), label, i);
  for (let i = 0; i < 20; i++) await paint(path.join(others, `${i}.png`), i % COUNTS.length, 100 + i);
  return { own, others };
}

/** Not a buffer of Node's, whose slices share their memory. */
const bytesOf = async (file: string) => new Uint8Array(await readFile(file));

async function handed(page: Page, press: () => Promise<unknown>): Promise<Uint8Array> {
  const download = page.waitForEvent('download', SLOW);
  await press();
  return bytesOf(await (await download).path());
}

/** The texts of a zip by name, without the folder they lie in. */
async function textsOf(zip: Uint8Array): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const entry of await new ZipReader(new Uint8ArrayReader(zip)).getEntries())
    if (!entry.directory) texts[path.basename(entry.filename)] = await entry.getData(new TextWriter());
  return texts;
}

const tensorsOf = (bytes: Uint8Array) => decodeAnyModel(bytes, 'a network').params;

/** All of a training's epochs but how long they took. */
const epochs = (history: readonly EpochRecord[]) => history.map(({ seconds: _, ...epoch }) => epoch);

/** What an ONNX file computes, without the words about where it comes from. */
function graphOf(bytes: Uint8Array): Uint8Array {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  return toBinary(GraphProtoSchema, graph!);
}

test('a folder of tiles becomes a pruned network as ONNX and a CSV, by mouse and by command line alike', async ({
  page,
}, testInfo) => {
  const at = (name: string) => testInfo.outputPath(name);
  const { own, others } = await paintTiles(at('given'));
  const card = page.getByTestId('wrong');
  const report = async () => {
    await card.getByRole('button', { name: 'See where it is wrong' }).click();
    await expect(page.getByTestId('wrong-sentence')).toContainText('validation tiles', SLOW);
    await card.getByRole('button', { name: 'Save: report by class' }).click();
    return textsOf(await handed(page, () => page.getByRole('menuitem', { name: 'All of it (zip)' }).click()));
  };

  // Import, by dropping the folder.
  await page.goto(`?backend=wasm&hide=finetuning#view=data&model=tiny&${PLAN}`);
  await expect(page.getByTestId('drop-zone')).toBeVisible(SLOW);
  await dropFile(page, page.getByTestId('drop-zone'), own);
  await expect(page.getByTestId('facts')).toHaveText(/^114\s/, SLOW);
  await expect(page.getByTestId('imbalance')).toContainText('(4.0 to 1)');

  // Train, weighed and mirrored.
  await page.getByRole('button', { name: 'Train on these tiles' }).click();
  await page.getByText('Class weights', { exact: true }).click();
  await page.getByRole('button', { name: 'Options for small or uneven data' }).click();
  await page.getByRole('checkbox', { name: /^Mirrored/ }).check();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Prune it' })).toBeEnabled(SLOW);
  const [row] = (await page.evaluate(() => window.__orbitLab.training())).rows!;
  const recipe = await handed(page, () => page.getByRole('button', { name: 'Recipe', exact: true }).click());
  const trainedReport = await report();

  // Prune half, and look again: beside the whole one now.
  await page.getByRole('button', { name: 'Prune it' }).click();
  await opened(page);
  const { main } = await facts(page);
  for (let removed = 0; removed < main.units / 2; removed++) await slider(page).press('ArrowRight');
  await expect.poll(async () => (await facts(page)).setting.removed).toBe(main.units / 2);
  const prunedReport = await report();
  const numbers = page.locator('section', { has: page.getByTestId('numbers') });
  const pruned = await handed(page, () =>
    numbers.getByRole('button', { name: 'Save pruned network' }).click(),
  );

  // ONNX, run and held against the lab first.
  await numbers.getByRole('button', { name: 'ONNX, TFLite or C', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: / as ONNX, TFLite or C$/ });
  await dialog.getByRole('button', { name: 'Make and try it' }).click();
  await expect(dialog.getByTestId('onnx-said')).toContainText(
    /0 of \d+ answers are other than the lab gives.*0 of its answers change/,
    SLOW,
  );
  const onnx = await handed(page, () => dialog.getByRole('button', { name: /^Save \(/ }).click());
  await page.keyboard.press('Escape');

  // Other tiles, a row each, by the pruned network.
  await numbers.getByRole('button', { name: 'Go on with it' }).click();
  await page.getByRole('menuitem', { name: 'Rotate' }).click();
  const batch = page.getByRole('region', { name: 'Classify many pictures' });
  await expect(batch).toBeVisible(SLOW);
  await batch.scrollIntoViewIfNeeded();
  await dropFile(page, batch, others);
  await batch.getByRole('button', { name: 'Classify', exact: true }).click();
  await expect(batch.getByTestId('batch-said')).toContainText(/^All 20\spictures/, SLOW);
  const csv = await handed(page, () => batch.getByRole('button', { name: 'Save CSV' }).click());

  // The same on the command line.
  const lab = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['scripts/lab.mjs', ...args], {
      cwd: path.resolve(import.meta.dirname, '..'),
      env: { ...process.env, LAB_ROOT: at('root') },
    });
  await mkdir(at('root'));
  const imported = await lab('data', 'import', own, 'own');
  expect(imported.stdout + imported.stderr).toContain('(4.0 to 1)');
  await writeFile(at('recipe.json'), recipe);
  const run = ['run', at('recipe.json'), '--data', 'own', '--out', at('run')];
  const { stdout } = await lab(...run, '--quiet', '--json');
  const trained = path.join(at('run'), 'models', 'train.safetensors');
  const small = at('orbit-lab-pruned.safetensors');
  await lab('prune', trained, '--ratio', '0.5', '--data', 'own', '--out', small, '--quiet');
  const evaluate = (file: string, ...args: string[]) =>
    lab('evaluate', file, '--data', 'own', '--split', 'val', '--quiet', '--report', ...args);
  await evaluate(trained, at('trained'));
  await evaluate(small, at('pruned'), '--before', trained);
  await lab('export', small, '--format', 'onnx', '--data', 'own', '--out', at('small.onnx'), '--quiet');
  await lab('classify', small, others, '--csv', at('rows.csv'), '--quiet');

  expect(epochs(row.history)).toEqual(epochs(JSON.parse(stdout).stages[0].epochs));
  expect(tensorsOf(pruned)).toEqual(tensorsOf(await bytesOf(small)));
  expect(graphOf(onnx)).toEqual(graphOf(await bytesOf(at('small.onnx'))));
  // A file goes by its own name in the reports.
  for (const [texts, folder] of [
    [trainedReport, at('trained')],
    [prunedReport, at('pruned')],
  ] as const) {
    const tables = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
    expect(tables).not.toEqual([]);
    for (const table of tables) {
      const text = texts[table].replaceAll(/tiny-1(\.safetensors)?/g, 'train.safetensors');
      expect(text, table).toBe(await readFile(path.join(folder, table), 'utf8'));
    }
  }
  expect(Buffer.from(csv).toString()).toBe(await readFile(at('rows.csv'), 'utf8'));
});
