/** The first minute: open, drag, collapse, fine-tune, undo; by mouse and by keyboard; and when things go wrong. */
import { expect, test } from './fixtures';
import {
  drag,
  facts,
  finetuning,
  hold,
  letGo,
  linkHere,
  moveTo,
  opened,
  openLab,
  percent,
  press,
  slider,
  TINY,
} from './lab';

const normalised = (text: string | null): string => (text ?? '').replaceAll(/\s/g, ' ');

test('opens on trained networks, says the tiles are synthetic, and which engine runs and why', async ({
  page,
}) => {
  await openLab(page);
  await expect(page.getByText('synthetic data')).toBeVisible();
  await expect(page.getByText('Your tiles never leave this computer.')).toBeVisible();
  await page.getByTestId('backend').hover();
  await expect(page.getByTestId('backend-reason')).toContainText(
    /Runs on the CPU, (one thread|\d+ threads), SIMD/,
  );
  const { main, peer } = await facts(page);
  expect([main.tiles, peer!.tiles]).toEqual([240, 240]);
  expect(main.changed).toBe(0);
  expect(peer!.changed).toBeGreaterThan(0);
});

test('a drag moves the numbers with the pointer, and the sentences say what the stores hold', async ({
  page,
}) => {
  await openLab(page, TINY);
  const before = await facts(page);
  await drag(page, 0.6);
  const during = await facts(page);
  expect(during.setting.removed).toBeGreaterThan(0);
  // Not let go of yet: nothing is settled, nothing is fine-tuned, and the numbers are there already.
  expect(during.past).toBe(before.past);
  expect(normalised(await page.getByTestId('accuracy').textContent())).toBe(percent(during.main.accuracy));
  expect(normalised(await page.getByTestId('numbers').textContent())).toContain(
    during.main.params.toLocaleString('en'),
  );
  await moveTo(page, 0.97);
  await letGo(page);
  const after = await facts(page);
  expect(after.past).toBe(1);
  const sentence = normalised(await page.getByTestId('prune-sentence').textContent());
  const drop = after.main.baseline - after.main.accuracy;
  if (drop > 0)
    expect(sentence).toContain(
      `fell from ${percent(after.main.baseline)} to ${percent(after.main.accuracy)}`,
    );
  else expect(sentence).not.toContain('fell');
  const rotation = normalised(await page.getByTestId('rotation-sentence').textContent());
  expect(rotation).toContain(`equivariant network changed its mind on ${after.main.changed} of 240 tiles`);
  expect(rotation).toContain(`plain network on ${after.peer!.changed}`);
});

test('fine-tuning starts by the rule, climbs live, ends with a reason; undo and redo bring all of it back', async ({
  page,
}) => {
  await openLab(page);
  await drag(page, 0.97);
  await letGo(page);
  const { main } = await facts(page);
  const decision = page.getByTestId('decision');
  expect(main.baseline - main.accuracy).toBeGreaterThan(0.02);
  await expect(decision).toContainText('so fine-tuning starts');
  await expect.poll(async () => (await finetuning(page))?.epochs.length ?? 0).toBeGreaterThan(1);
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  const tuned = await finetuning(page);
  if (tuned?.status !== 'done') throw new Error('not done');
  const { result } = tuned;
  expect(result.baseline).toBeCloseTo(main.baseline, 12);
  expect(result.start).toBeCloseTo(main.accuracy, 12);
  expect(result.accuracy).toBe(Math.max(result.start, ...result.epochs.map(({ accuracy }) => accuracy)));
  expect(result.changed).toBe(0);
  await expect(page.getByTestId('result')).toContainText(percent(result.accuracy));
  // The chart says why it ended, in the words of the rules.
  const reasons = { excellent: 'within 1', acceptable: 'within 2', patience: '15 epochs', epochs: 'all 50' };
  await expect(page.getByTestId('stop-label')).toContainText(reasons[result.stop as keyof typeof reasons]);
  expect(result.error).toBeLessThan(1e-4);
  expect(normalised(await page.getByTestId('numbers').textContent())).toContain(percent(result.accuracy));

  // Hidden, nothing of it is left anywhere on the view: no card, ring, bar or column.
  const shown = [
    page.getByTestId('decision'),
    page.getByTestId('tuned-ring'),
    page.getByRole('columnheader', { name: 'Fine-tuned' }),
    page.getByRole('listitem').filter({ hasText: 'fine-tuned' }),
  ];
  for (const part of shown) await expect(part).toHaveCount(1);
  for (const count of [0, 1]) {
    await page.getByRole('button', { name: 'Page menu' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Fine-tuning' }).click();
    await page.keyboard.press('Escape');
    for (const part of shown) await expect(part).toHaveCount(count);
  }

  await page.getByRole('button', { name: 'Undo' }).click();
  expect((await facts(page)).setting.removed).toBe(0);
  await expect(page.getByTestId('prune-sentence')).toContainText('Nothing is removed yet');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(page.getByTestId('result')).toContainText(percent(result.accuracy));
  await page.getByRole('button', { name: 'Reset' }).click();
  expect((await facts(page)).setting.removed).toBe(0);
});

test('by keyboard alone: to the slider, to the end, undone and redone', async ({ page }) => {
  await openLab(page, TINY);
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    if (await slider(page).evaluate((thumb) => thumb === document.activeElement)) break;
  }
  await expect(slider(page)).toBeFocused();
  await press(page, 'PageUp');
  const tenth = (await facts(page)).setting.removed;
  expect(tenth).toBe(Math.max(1, Math.round((await facts(page)).main.units / 10)));
  await press(page, 'PageDown');
  await press(page, 'ArrowRight');
  expect((await facts(page)).setting.removed).toBe(1);
  await press(page, 'End');
  const { setting, main } = await facts(page);
  expect(setting.removed).toBe(main.units - 1);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /neurons removed/);
  await page.keyboard.press('Control+z');
  expect((await facts(page)).setting.removed).toBeLessThan(setting.removed);
  await page.keyboard.press('Control+Shift+z');
  expect((await facts(page)).setting.removed).toBe(setting.removed);
});

test('the methods, the compensation and the scope are one click away, and the link carries them', async ({
  page,
}) => {
  await openLab(page, TINY);
  await page.getByRole('radio', { name: 'Method: Variance' }).click();
  await page.getByRole('radio', { name: 'Compensation: Mean' }).click();
  await slider(page).focus();
  await press(page, 'End');
  const shown = await facts(page);
  expect([shown.setting.method, shown.setting.compensation]).toEqual(['variance', 'mean']);
  await page.waitForTimeout(100);
  const link = await linkHere(page);
  const again = await page.context().newPage();
  await openLab(again, link);
  expect((await facts(again)).main).toEqual(shown.main);
  expect((await facts(again)).setting).toEqual(shown.setting);
});

test('a neuron pointed at, by mouse and by keyboard, shows what it responds to', async ({ page }) => {
  await openLab(page, TINY);
  const strip = page.getByRole('slider', { name: 'Neuron to look at' });
  /** The neuron at a place of the chosen method's order, and the class of its strongest tile, by the sheet. */
  const expected = (place: number) =>
    page.evaluate((at) => {
      const { curves, units, neurons } = window.__orbitLab.study().main!;
      const unit = curves[0].order[units - at];
      const top = neurons.topTiles[unit * 6];
      const classes = window.__orbitLab.lab().opened!.nets.main.classes;
      return { unit, top: top < 0 ? 'no other' : classes[neurons.labels[top]] };
    }, place);
  const isShown = async (place: number) => {
    const { unit, top } = await expected(place);
    await expect(page.getByTestId('neuron-name')).toHaveText(`Neuron ${unit}`);
    await expect(page.getByTestId('neuron').locator('li').first()).toContainText(top);
  };
  await strip.scrollIntoViewIfNeeded();
  const { main } = await facts(page);
  const box = (await strip.boundingBox())!;
  for (const place of [main.units - 1, 2]) {
    await page.mouse.move(box.x + (box.width * (place - 0.5)) / main.units, box.y + box.height / 2);
    await isShown(place);
  }
  await strip.focus();
  await page.keyboard.press('End');
  await isShown(main.units);
  await page.keyboard.press('ArrowLeft');
  await isShown(main.units - 1);
  await expect(strip).toHaveAttribute('aria-valuetext', /goes .* alive|dead/);
});

test('curves put beside the chosen one are there again after a reload; a pruned network is really extracted', async ({
  page,
}) => {
  await openLab(page, TINY);
  const toggle = page.getByRole('button', { name: 'Show the curve of Variance, compensation mean' });
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await toggle.click();
  await page.reload();
  await opened(page);
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  const curves = page.locator('.recharts-wrapper').first().locator('.recharts-line-curve');
  // One for each line that is pressed in the legend, whatever methods there are.
  const pressed = page.getByRole('button', { name: /^Show the curve of/, pressed: true });
  expect(await pressed.count()).toBeGreaterThan(1);
  await expect(curves).toHaveCount(await pressed.count());

  await slider(page).focus();
  await press(page, 'End');
  await expect(page.getByTestId('extracted')).toHaveAttribute('data-known', 'true', { timeout: 30_000 });
  const extraction = await page.evaluate(() => {
    const { extractions, settled } = window.__orbitLab.experiment();
    return extractions[`${settled.method} ${settled.compensation} ${settled.removed}`]!;
  });
  expect(extraction.difference).toBeLessThan(1e-5);
  expect(extraction.bytes.extracted).toBeLessThan(extraction.bytes.masked);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save pruned network' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('orbit-lab-pruned.safetensors');

  // Layer beside layer: as many neurons went as the slider says, and the sums are those of the figures.
  const open = page.getByRole('button', { name: 'Layers, speed' }).first();
  await open.click();
  const dialog = page.getByRole('dialog', { name: 'Before and after, layer by layer' });
  const sentence = dialog.getByTestId('compare-sentence');
  await expect(sentence).toHaveText(/^7 neurons went, 2 layers changed, 4 layers the same\.$/);
  const rows = dialog.getByTestId('layers-beside').locator('tbody tr');
  await expect(rows).toHaveCount(6);
  await expect(rows.filter({ hasText: 'dense1' })).toContainText('7 of 8 neurons went');
  const { main } = await facts(page);
  await expect(dialog.getByTestId('layers-beside').locator('tfoot')).toContainText(`⇒ ${main.params}`);
  // Without ONNX Runtime the lab is timed alone, and why is said.
  await page.context().route(/ort-wasm/, (route) => route.abort());
  await dialog.getByRole('button', { name: 'Time it here' }).click();
  await expect(dialog.getByText(/ONNX Runtime was not timed: .*there is no connection/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(dialog.getByTestId('pace').getByRole('rowheader').filter({ hasText: 'ONNX' })).toHaveCount(0);
  await expect(dialog.getByTestId('pace').getByRole('rowheader').filter({ hasText: 'Lab' })).not.toHaveCount(
    0,
  );
  await page.context().unroute(/ort-wasm/);
  // Two files in their place, the pruned one first: what went has come.
  const pruned = await file.path();
  await dialog.getByRole('button', { name: 'Swap' }).click();
  await expect(rows.filter({ hasText: 'dense1' })).toContainText('1 neuron ⇒ 8 neurons');
  const chosen = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'After: a file' }).click();
  await (await chosen).setFiles(pruned);
  await expect(sentence).toHaveText('6 layers the same.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(open).toBeFocused();
  // Who goes on to another view leaves it here.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rotate' }).click();
  await page.goBack();
  await open.click();
  await expect(dialog).toBeVisible();
  await page.goForward();
  await expect(dialog).toHaveCount(0);
});

test('killing the worker in mid-epoch loses nothing: it starts again and goes on from the last epoch', async ({
  page,
}) => {
  await openLab(page, TINY);
  await hold(page, { after: 'batch', from: 3 });
  await slider(page).focus();
  await press(page, 'End');
  await expect.poll(async () => (await finetuning(page))?.epochs.length, { timeout: 60_000 }).toBe(2);
  await expect.poll(async () => (await finetuning(page))?.inEpoch).toBeGreaterThan(0);
  const before = (await finetuning(page))!.epochs;
  await page.evaluate(() => window.__orbitLab.terminateWorker());
  await expect(page.getByRole('status').filter({ hasText: 'was started again' })).toBeVisible();
  await hold(page, null);
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  const after = await finetuning(page);
  expect(after!.resumedFrom).toBe(before.length);
  expect(after!.epochs.slice(0, before.length).map(({ accuracy }) => accuracy)).toEqual(
    before.map(({ accuracy }) => accuracy),
  );
});

test('a finished fine-tuning is there again after a reload, to the second its epochs took', async ({
  page,
}) => {
  await openLab(page, TINY);
  await slider(page).focus();
  await press(page, 'End');
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  const before = await finetuning(page);
  await page.reload();
  await opened(page);
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 30_000 }).toBe('done');
  expect(await finetuning(page)).toEqual({ ...before, resumedFrom: null });
});

test('a model that cannot be fetched: one sentence, and a retry that works', async ({ browser, baseURL }) => {
  // Not the fixture's page: here the browser itself logs the failed request.
  const page = await browser.newPage({ baseURL });
  await page.route('**/*.safetensors', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('#view=prune');
  const alert = page.getByRole('alert');
  await expect(alert).toBeVisible({ timeout: 60_000 });
  expect((await alert.textContent())!.length).toBeGreaterThan(30);
  await page.unroute('**/*.safetensors');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await page.close();
});

for (const [name, width, scheme] of [
  ['desktop', 1280, 'light'],
  ['phone', 360, 'dark'],
] as const) {
  test(`nothing overflows on ${name}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    await openLab(page, '', false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
