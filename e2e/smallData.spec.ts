/** Help for few tiles and uneven classes: said at import, chosen in the form, seen on one's own tiles, and in the run. */
import type { Page } from '@playwright/test';
import { loadEncoders, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { expect, test } from './fixtures';

const COUNTS = { Forest: 30, River: 8, Lake: 4 };

async function unevenZip() {
  await loadEncoders();
  const files: [string, Uint8Array][] = [];
  for (const [label, [name, count]] of Object.entries(COUNTS).entries())
    for (let n = 1; n <= count; n++)
      files.push([`${name}/${n}.png`, await png(picture(8, 8, 50 * label + n))]);
  return {
    name: 'uneven.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from(await (await zipOf(files)).arrayBuffer()),
  };
}

const plan =
  'train.arch=tiny&train.group=C4&train.head=orbit&train.size=8&train.epochs=3&train.batch=8&train.rate=0.01';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const drawn = (page: Page) =>
  page.getByTestId('augment-sheet').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

test('uneven tiles: said, weighed, changed before one’s eyes, a rate found, trained by balanced accuracy', async ({
  page,
}) => {
  await page.goto(`?backend=wasm#view=data&model=tiny&${plan}`);
  const choosing = page.waitForEvent('filechooser');
  await button(page, 'Choose files').click();
  await (await choosing).setFiles(await unevenZip());
  const said = /Forest has 30 tiles, Lake has 4 tiles \(7\.5 to 1\).*right on 71\.4 % of the tiles/;
  await expect(page.getByTestId('imbalance')).toContainText(said, { timeout: 30_000 });
  await button(page, 'Train on these tiles').click();
  await expect(page.getByTestId('imbalance')).toContainText(said);
  await page.getByText('Class weights', { exact: true }).click();
  await expect(page).toHaveURL(/train\.balance=weights/);

  // By keyboard: the options, and what they do to one's own tiles.
  await button(page, 'Options for small or uneven data').press('Enter');
  await page.getByRole('checkbox', { name: /^Mirrored/ }).press('Space');
  const mirrored = await drawn(page);
  await page.getByRole('checkbox', { name: /^Turned/ }).press('Space');
  await expect.poll(() => drawn(page)).not.toBe(mirrored);
  await expect(page).toHaveURL(/train\.augment=flip,turn/);
  await expect(page.getByTestId('turns')).toContainText(/at all four turns, the same number/, {
    timeout: 60_000,
  });
  await page.getByText('C1', { exact: true }).click();
  await expect(page.getByTestId('turns')).toContainText('turned tiles are others', { timeout: 60_000 });

  await button(page, 'Find a learning rate').press('Enter');
  await expect(page.getByTestId('rates')).toContainText('training tiles', { timeout: 60_000 });
  const use = page.getByRole('button', { name: /^Use 0\./ });
  const rate = (await use.textContent())!.replace('Use ', '');
  await use.press('Enter');
  await expect(button(page, `${rate} is used`)).toBeDisabled();

  await button(page, 'Train').click();
  await expect(page.getByTestId('run-result')).toContainText('Balanced accuracy', { timeout: 60_000 });
  const [row] = (await page.evaluate(() => window.__orbitLab.training().rows))!;
  const [stage] = row.recipe.stages;
  expect(stage).toMatchObject({
    settings: { learningRate: Number(rate), balance: 'weights', augment: { flip: true, turn: true } },
  });
  for (const { balanced, by } of row.history) {
    expect(by).toBe('balanced');
    expect(balanced).toBeLessThanOrEqual(1);
  }
  await expect(page.getByRole('img', { name: /best balanced .* at epoch/ })).toBeVisible();

  // Two epochs more, of the same run: its epochs go on where they ended.
  await button(page, 'Continue …').press('Enter');
  await page.getByLabel('More epochs').fill('2');
  await page.getByLabel('More epochs').press('Enter');
  const further = () =>
    page.evaluate(() => {
      const { rows, live } = window.__orbitLab.training();
      return live ? null : rows!.map(({ status, history }) => [status, history.length]);
    });
  await expect.poll(further, { timeout: 60_000 }).toEqual([['done', 5]]);
  await expect(page.getByTestId('run-result')).toContainText('of 5');

  // From that network to other tiles, of ten classes instead of three.
  await page.getByLabel('Start from').selectOption({ label: `${row.name}, continued` });
  await expect(page.getByTestId('start-from')).toContainText('3 classes. It goes on learning these tiles');
  await page.getByRole('combobox', { name: 'Data set' }).click();
  await page.getByRole('option', { name: /^Synthetic/ }).click();
  await expect(page.getByTestId('start-from')).toContainText('its last layer is made anew');
  await page.getByLabel('Epochs in which its last layer alone learns').fill('1');
  await page
    .getByRole('spinbutton', { name: 'Epochs', exact: true })
    .or(page.getByLabel('Epochs', { exact: true }))
    .first()
    .fill('2');
  await button(page, 'Train').press('Enter');
  await expect.poll(further, { timeout: 90_000 }).toEqual([
    ['done', 2],
    ['done', 5],
  ]);
  const made = (await page.evaluate(() => window.__orbitLab.training().rows))![0];
  expect(made.recipe.start).toHaveLength(1);
  expect(made.records[0]).toMatchObject({ kind: 'continue', newHead: true });
  await button(page, 'Prune it').press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
    .toBe('ready');
  expect(await page.evaluate(() => window.__orbitLab.lab().opened!.nets.main.title)).toContain('further');
});
